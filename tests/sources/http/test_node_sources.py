"""Functions in Node ask sources as CPython does: the same cases, with the same answers."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

import pytest

from ssg.model.live.data_request import DataRequest
from ssg.model.live.data_source import DataSource
from ssg.sources.data_client import SourceError
from ssg.sources.http.source_url import SourceUrl
from ssg.sources.redaction import Redaction
from tests.examples import examples
from tests.json_api import JsonApi
from tests.sources.hostile_values import hostile_values
from tests.sources.http.test_http_source import (  # noqa: F401 the cases of both shells
    test_a_certificate_is_verified,
    test_a_changed_answer_takes_the_place_of_the_last,
    test_a_connection_that_broke_is_tried_once_more,
    test_a_draft_is_not_answered_with_what_was_published,
    test_a_failure_says_why,
    test_a_request_has_one_time_limit,
    test_a_variable_cannot_add_a_header,
    test_a_variable_that_is_not_set_is_named,
    test_an_answer_is_the_body_of_the_source,
    test_an_answer_that_nobody_may_keep_is_not_kept,
    test_an_unchanged_answer_is_not_sent_again,
    test_compressed_answers_are_read,
    test_connections_are_kept,
    test_cookies_are_not_kept,
    test_drafts_are_asked_for_and_never_kept,
    test_headers_are_those_of_the_site,
    test_proxies_of_the_environment_are_not_asked,
    test_some_headers_cannot_be_set,
    test_what_is_not_there_is_missing,
)
from tests.sources.http.test_source_url import PATTERN, POST, TARGETS
from tests.sources.http.test_source_url import request_of as request_for
from tests.sources.node_shell import NodeShell
from tests.sources.test_canary import CANARY, FAULTS

pytestmark = pytest.mark.node
URL = "https://api.example.org:8443/api/v1/"
VALUES = examples(1000)


@pytest.fixture
def shell_of(api: JsonApi) -> Iterator[Any]:
    """As that of CPython, but in Node."""
    with ExitStack() as stack:

        def make(
            variables: Mapping[str, str] | None = None, visible: tuple[str, ...] = (), **source: Any
        ) -> NodeShell:
            posts = DataSource(**{"name": "posts", "url": f"{api.url}/v1", **source})
            shell = NodeShell({"posts": posts}, variables or {}, visible)
            stack.callback(shell.close)
            return shell

        yield make


@pytest.fixture(scope="module")
def node() -> Iterator[NodeShell]:
    shell = NodeShell({}, {})
    yield shell
    shell.close()


def test_a_source_that_is_away_cannot_be_reached(shell_of: Any) -> None:
    for url in ("http://127.0.0.1:1", "http://nowhere.invalid"):
        (answer,) = shell_of(url=url).bring([DataRequest("posts", "/x")]).values()
        assert answer.problem.startswith("posts: the source cannot be reached: ")


def test_requests_are_asked_together(api: JsonApi, shell_of: Any) -> None:
    """Each waits until all are there."""
    api.meeting._parties = 3  # type: ignore[attr-defined] # as the tests of CPython's shell do
    requests = [DataRequest("posts", f"/fault/meet/{name}") for name in "abc"]
    answers = shell_of().bring(requests)
    assert [json.loads(answers[one].body)["name"] for one in requests] == ["a", "b", "c"]


def _python(make: Any) -> dict[str, Any]:
    try:
        return {"value": make()}
    except SourceError as error:
        return {"error": str(error)}


def test_urls_and_paths_mean_the_same(node: NodeShell) -> None:
    urls = [
        "https://a.example", "https://a.example/", "HTTP://A.example:80/v1/", "http://[::1]:3000",
        "http://127.0.0.1:3000/a%20b", "http://a.example:443", "", "api.example.org", "//a.example",
        "ftp://a.example", "file:///etc/passwd", "https://", "https:///path", "https://a.example:0",
        "https://a.example:99999", "https://a.example:x", "https://user@a.example",
        "https://user:word@a.example", "https://@a.example", "https://a.example?key=1",
        "https://a.example#x", "https://a.example/?", "https://a.example/ b", "https://ä.example",
        "https://a.example\r\nX: y", "https://a.example/v1/..", "https://a.example/%2e%2e/x",
    ]  # fmt: skip
    paths = [*TARGETS["sent"], *TARGETS["nothing"], *TARGETS["refused"], "/" + "a" * 40_000]
    paths += [f"/posts/{value}" for value in hostile_values(VALUES)]
    paths += [f"/posts/{quote(v, safe='', errors='replace')}" for v in hostile_values(VALUES, 3)]
    found = node.ask(urls=urls, targets=[[URL, path] for path in paths])
    for url, said in zip(urls, found["urls"], strict=True):
        parsed = _python(lambda url=url: SourceUrl.parse(url))
        assert ("error" in said) == ("error" in parsed), url
        if "value" in said:
            own = parsed["value"]
            parts = own.scheme + ":", own.host, own.port, own.prefix, own.authority
            assert tuple(said["value"].values()) == parts
    own_url = SourceUrl.parse(URL)
    for path, said in zip(paths, found["targets"], strict=True):
        expected = _python(lambda path=path: own_url.target(path))
        if isinstance(expected.get("value"), bytes):
            expected = {"value": expected["value"].decode()}
        assert said == expected, ascii(path)


def test_hostile_values_on_the_wire(api: JsonApi, shell_of: Any) -> None:
    shell = shell_of(url=f"{api.url}/api/v1")
    found = [PATTERN.match(f"/{value}/x/") for value in hostile_values(VALUES, 15)]
    requests = [request_for(POST, one, is_draft=False) for one in found if one]
    answers = {}
    for first in range(0, len(requests), 50):
        answers |= shell.bring(requests[first : first + 50])
    assert {(one.status, one.problem) for one in answers.values()} == {(404, "")}
    url = SourceUrl.parse(f"{api.url}/api/v1")
    expected = {target for one in requests if (target := url.target(one.path))}
    assert {target.encode() for target in api.targets} == expected


SECRETS = [CANARY, "süß & schön/?", "a" * 3, "postgres://ana:pass%2Fword@db/x", ' spaced "q" ']


def test_secrets_are_removed_in_the_same_spellings(node: NodeShell) -> None:
    own = Redaction.of(SECRETS)
    texts = [f"before {spelling} after" for spelling in own.spellings]
    texts += [b64encode(f"{'x' * n}{CANARY}yy".encode()).decode() for n in range(4)]
    found = node.ask(secrets=SECRETS, texts=texts)
    for text, shown, body in zip(texts, found["texts"], found["bodies"], strict=True):
        assert "[secret]" in shown, text
        assert body == shown


def test_a_secret_reaches_nobody(api: JsonApi, shell_of: Any) -> None:
    shell = shell_of(
        {"KEY": CANARY, "SEEN": "seen"},
        visible=("SEEN", "NOT_SET"),
        headers={"Authorization": "Bearer ${KEY}", "X-Key": "${KEY}"},
        timeout_seconds=1,
    )
    requests = [DataRequest("posts", f"/fault/{fault}") for fault in FAULTS]
    answers = shell.bring(requests)
    assert api.seen[0].headers["x-key"] == CANARY
    assert b"[secret]" in answers[requests[0]].body
    assert CANARY not in repr(answers) and CANARY[4:12] not in repr(answers)
    assert shell.ask()["visible"] == {"SEEN": "seen"}
