"""JSON over HTTP: what is sent, what comes back, and how a source can fail."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import Any

import pytest

import ssg
from ssg.model.live.data_request import DataAnswer, DataRequest
from tests.json_api import JsonApi, json_api
from tests.sources.conftest import Certificate, ShellMaker, ask


def test_an_answer_is_the_body_of_the_source(api: JsonApi, shell_of: ShellMaker) -> None:
    answer = ask(shell_of(), "/posts/user1/post1")
    assert (answer.status, answer.problem) == (200, "")
    assert json.loads(answer.body)["title"] == "post1 by user1"
    (seen,) = api.seen
    assert seen.target == "/v1/posts/user1/post1"
    assert seen.headers["accept"] == "application/json"
    assert seen.headers["user-agent"] == f"ssg/{ssg.__version__}"
    assert seen.headers["host"] == api.url.removeprefix("http://")


def test_what_is_not_there_is_missing(shell_of: ShellMaker) -> None:
    shell = shell_of()
    for path, status in (("/posts/user1/none", 404), ("/fault/status/410", 410),
                         ("/fault/empty", 204)):  # fmt: skip
        assert ask(shell, path) == DataAnswer(status)
        assert ask(shell, path).is_missing


@pytest.mark.parametrize(
    ("path", "status", "problem"),
    [
        ("/fault/status/503", 503, "the source answered 503"),
        ("/fault/status/500", 500, "the source answered 500"),
        ("/fault/status/401", 401, "the source answered 401"),
        ("/fault/status/304", 304, "the source answered 304; redirects are not followed"),
        ("/fault/redirect/posts", 302, "the source answered 302; redirects are not followed"),
        ("/fault/away/evil.example", 301, "the source answered 301; redirects are not followed"),
        ("/fault/huge/100001", 0, "the answer is longer than 100,000 bytes (`max_bytes`)"),
        ("/fault/endless", 0, "the answer is longer than 100,000 bytes (`max_bytes`)"),
        ("/fault/bomb/50000000", 0, "the answer is longer than 100,000 bytes (`max_bytes`)"),
        ("/fault/gzip/short", 0, "the answer is not the gzip that it says it is"),
        ("/fault/gzip/longer", 0, "the answer is not the gzip that it says it is"),
        ("/fault/gzip/wrong", 0, "the answer is not the gzip that it says it is"),
        ("/fault/brotli", 0, "the answer has an encoding that was not asked for"),
        ("/fault/break-head", 0, "the answer broke off, or is not HTTP"),
        ("/fault/break-body", 0, "the answer broke off, or is not HTTP"),
        ("/fault/not-http", 0, "the answer broke off, or is not HTTP"),
    ],
)
def test_a_failure_says_why(
    api: JsonApi, shell_of: ShellMaker, path: str, status: int, problem: str
) -> None:
    shell = shell_of(max_bytes=100_000)
    assert ask(shell, path) == DataAnswer(status, problem=f"posts: {problem}")
    assert len(api.seen) == 1  # no redirect was followed, and nothing asked again
    assert ask(shell, "/posts/user1/post1").status == 200


@pytest.mark.parametrize("path", ["/fault/slow", "/fault/drip-head", "/fault/drip-body"])
def test_a_request_has_one_time_limit(api: JsonApi, shell_of: ShellMaker, path: str) -> None:
    """A source that sends a byte now and then is too slow, too."""
    started = time.monotonic()
    assert ask(shell_of(timeout_seconds=1), path).problem == "posts: no answer within 1 s"
    assert time.monotonic() - started < 10  # far from the 20 s of the API
    assert len(api.seen) == 1


def test_a_source_that_is_away_cannot_be_reached(shell_of: ShellMaker) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        problem = ask(shell_of(url=url), "/x").problem
    assert problem == "posts: the source cannot be reached: [Errno 111] Connection refused"
    unknown = ask(shell_of(url="http://nowhere.invalid"), "/x").problem
    assert unknown.startswith("posts: the source cannot be reached: ")


def test_a_name_that_is_never_found_is_too_slow(
    shell_of: ShellMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the server of names is away. Later requests do not wait for earlier ones."""
    found = threading.Event()
    asked: list[str] = []

    def look_up(host: str, *args: object, **options: object) -> None:
        asked.append(host)
        found.wait(20)
        raise socket.gaierror("too late")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    shell = shell_of(url="http://api.example", timeout_seconds=1)
    requests = [DataRequest("posts", f"/{number}") for number in range(8)]
    answers = shell.bring(requests)
    found.set()
    assert {one.problem for one in answers.values()} == {"posts: no answer within 1 s"}
    assert len(asked) == 4
    shell.close()


def test_all_addresses_of_a_host_are_tried(
    api: JsonApi, shell_of: ShellMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens at the first."""
    real = socket.getaddrinfo

    def look_up(host: str, *args: Any, **options: Any) -> list[Any]:
        hosts = ["127.0.0.2", "127.0.0.1"] if host == "api.example" else [host]
        return [found for one in hosts for found in real(one, *args, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    url = api.url.replace("127.0.0.1", "api.example")
    assert ask(shell_of(url=f"{url}/v1"), "/users/user1").status == 200
    assert api.seen[0].headers["host"] == url.removeprefix("http://")


def test_a_connection_that_broke_is_tried_once_more(api: JsonApi, shell_of: ShellMaker) -> None:
    shell = shell_of()
    api.breaking = 1
    assert ask(shell, "/users/user1").status == 200
    assert len(api.seen) == 2
    api.breaking = 2
    assert ask(shell, "/users/user1").problem == "posts: the connection broke twice"
    assert len(api.seen) == 4


def test_compressed_answers_are_read(api: JsonApi, shell_of: ShellMaker) -> None:
    assert ask(shell_of(), "/fault/gzip").body == b'{"is": "compressed"}'
    assert api.seen[0].headers["accept-encoding"] == "gzip"


def test_connections_are_kept(api: JsonApi, shell_of: ShellMaker) -> None:
    shell = shell_of()
    for path in ("/users/user1", "/posts/none/none", "/fault/status/503", "/users/user2"):
        ask(shell, path)
    assert len({seen.client for seen in api.seen}) == 1


@pytest.mark.parametrize("status", [204, 304])
def test_a_body_that_must_not_be_breaks_no_later_answer(shell_of: ShellMaker, status: int) -> None:
    shell = shell_of()
    for _ in range(3):
        ask(shell, f"/fault/no-body/{status}")
        assert ask(shell, "/users/user1").status == 200


def test_cookies_are_not_kept(api: JsonApi, shell_of: ShellMaker) -> None:
    shell = shell_of()
    ask(shell, "/fault/cookie")
    ask(shell, "/fault/cookie")
    assert ["cookie" in seen.headers for seen in api.seen] == [False, False]


def test_proxies_of_the_environment_are_not_asked(
    api: JsonApi, shell_of: ShellMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert ask(shell_of(), "/users/user1").status == 200


# -- conditional requests ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "condition"),
    [("/posts/user1/post1", "if-none-match"), ("/fault/dated", "if-modified-since")],
)
def test_an_unchanged_answer_is_not_sent_again(
    api: JsonApi, shell_of: ShellMaker, path: str, condition: str
) -> None:
    shell = shell_of()
    first, again = ask(shell, path), ask(shell, path)
    assert first == again
    assert [condition in seen.headers for seen in api.seen] == [False, True]


def test_a_changed_answer_takes_the_place_of_the_last(api: JsonApi, shell_of: ShellMaker) -> None:
    shell = shell_of()
    ask(shell, "/posts/user1/post1")
    api.add_post("user1", "post1", title="New")
    for _ in range(2):
        assert json.loads(ask(shell, "/posts/user1/post1").body)["title"] == "New"
    del api.posts["user1", "post1"]
    assert ask(shell, "/posts/user1/post1").is_missing
    api.add_post("user1", "post1", title="Back")
    assert json.loads(ask(shell, "/posts/user1/post1").body)["title"] == "Back"
    assert "if-none-match" not in api.seen[-1].headers


def test_an_answer_that_nobody_may_keep_is_not_kept(api: JsonApi, shell_of: ShellMaker) -> None:
    shell = shell_of()
    ask(shell, "/fault/no-store")
    ask(shell, "/fault/no-store")
    assert "if-none-match" not in api.seen[1].headers


def test_drafts_are_asked_for_and_never_kept(api: JsonApi, shell_of: ShellMaker) -> None:
    shell, path = shell_of(), "/posts/user1/secret"
    api.add_post("user1", "secret", is_draft=True)
    assert ask(shell, path).is_missing
    for _ in range(2):
        assert ask(shell, path, is_draft=True).status == 200
    assert ask(shell, path).is_missing
    assert [seen.headers.get("x-ssg-draft") for seen in api.seen] == [None, "1", "1", None]
    assert all("if-none-match" not in seen.headers for seen in api.seen)


def test_a_draft_that_is_said_to_be_unchanged_is_a_failure(shell_of: ShellMaker) -> None:
    answer = ask(shell_of(), "/fault/status/304", is_draft=True)
    assert answer.problem == "posts: the source answered 304; redirects are not followed"


def test_a_draft_is_not_answered_with_what_was_published(
    api: JsonApi, shell_of: ShellMaker
) -> None:
    shell, path = shell_of(), "/posts/user1/post1"
    ask(shell, path)
    ask(shell, path, is_draft=True)
    assert "if-none-match" not in api.seen[1].headers


# -- headers ----------------------------------------------------------------------------------


def test_headers_are_those_of_the_site(api: JsonApi, shell_of: ShellMaker) -> None:
    headers = {"Authorization": "Bearer ${TOKEN}", "accept": "application/vnd.pgrst.object+json"}
    ask(shell_of({"TOKEN": "s3cret-token"}, headers=headers), "/users/user1")
    assert api.seen[0].headers["authorization"] == "Bearer s3cret-token"
    assert api.seen[0].headers["accept"] == "application/vnd.pgrst.object+json"


@pytest.mark.parametrize(
    ("name", "value"),
    [("X-A", "one\r\nX-B: two"), ("X-A", "one\n"), ("X-A", "\x00secret"), ("X-A", "süß")],
)
def test_a_variable_cannot_add_a_header(
    api: JsonApi, shell_of: ShellMaker, name: str, value: str
) -> None:
    answer = ask(shell_of({"TOKEN": value}, headers={name: "${TOKEN}"}), "/users/user1")
    assert answer.problem == (
        "posts: the header X-A may contain ASCII in one line only: look at TOKEN"
    )
    assert api.seen == []


@pytest.mark.parametrize("name", ["Host", "content-length", "X-Ssg-Draft", "X Y", "X:", ""])
def test_some_headers_cannot_be_set(api: JsonApi, shell_of: ShellMaker, name: str) -> None:
    answer = ask(shell_of(headers={name: "1"}), "/users/user1")
    assert answer.problem == f"posts: the header {name} cannot be set"
    assert api.seen == []


def test_a_variable_that_is_not_set_is_named(api: JsonApi, shell_of: ShellMaker) -> None:
    shell = shell_of({"OTHER": "some-token"}, headers={"X-A": "${TOKEN} ${OTHER}"})
    for _ in range(2):
        assert ask(shell, "/users/user1").problem == (
            "posts: the header X-A needs a value of the variable TOKEN, which is not set"
        )
    url = ask(shell_of(url="${API_URL}"), "/x").problem
    assert url == "posts: its url needs a value of the variable API_URL, which is not set"


# -- TLS --------------------------------------------------------------------------------------


def test_a_certificate_is_verified(certificate: Certificate, shell_of: ShellMaker) -> None:
    with json_api(tls=certificate.context) as api:
        problem = ask(shell_of(url=api.url), "/x").problem
    assert problem.startswith("posts: the source cannot be reached: ")
    assert "certificate" in problem
    assert api.seen == []


def test_a_certificate_that_the_system_trusts_is_fine(
    certificate: Certificate, shell_of: ShellMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.file))
    with json_api(posts=1, tls=certificate.context) as api:
        shell = shell_of(url=api.url, timeout_seconds=1)
        for _ in range(2):
            assert ask(shell, "/posts/user1/post1").status == 200
        assert ask(shell, "/fault/drip-body").problem == "posts: no answer within 1 s"
    assert len({seen.client for seen in api.seen}) == 1
