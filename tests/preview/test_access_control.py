"""Whom the dashboard answers: this machine, and its own forms."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from ssg.preview.access_control import (
    host_names,
    is_host_pattern,
    is_local,
    is_local_url,
    may_act,
    may_read,
    own_names,
)
from tests.conftest import Built
from tests.preview.dashboard_page import Console, console

SAME = "same-origin"


@pytest.mark.parametrize("token", ["", "wrong", "é"])
def test_a_wrong_token_is_refused(preview: Console, token: str) -> None:
    got = preview.post({"jump": "day"}, token=token, Origin=preview.origin)
    assert got.status == 403
    assert preview.tools.clock.offset_seconds == 0


def test_a_missing_token_is_refused(preview: Console) -> None:
    headers = {"Origin": preview.origin, "Content-Type": "application/x-www-form-urlencoded"}
    got = preview.ask("POST", "/__ssg/do", headers, "jump=day")
    assert got.status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": SAME},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_of_another_origin_is_refused(preview: Console, headers: dict[str, str]) -> None:
    got = preview.post({"jump": "day"}, **headers)
    assert got.status == 403
    assert preview.tools.clock.offset_seconds == 0


def test_a_form_of_another_port_is_refused(preview: Console) -> None:
    got = preview.post({"jump": "day"}, Origin=f"http://127.0.0.1:{preview.port + 1}")
    assert got.status == 403


def test_either_word_of_the_browser_is_enough(preview: Console) -> None:
    assert preview.post({"jump": "hour"}, Origin=preview.origin).status == 303
    assert preview.post({"jump": "hour"}, **{"Sec-Fetch-Site": SAME}).status == 303
    assert preview.tools.clock.offset_seconds == 7200


def test_a_token_of_another_preview_is_refused(preview: Console, built: Built) -> None:
    with console(preview.folder / "other") as other:
        other.deploy(built)
        assert preview.token != other.token
        got = preview.post({"jump": "day"}, token=other.token, Origin=preview.origin)
        assert got.status == 403


def test_a_large_form_is_refused(preview: Console) -> None:
    got = preview.post({"jump": "day", "more": "x" * 20_000}, Origin=preview.origin)
    assert got.status == 413


ADDRESSES = ("/__ssg/", "/__ssg", "/__ssg/pulse", "/__ssg/dashboard.css", "/__ssg/do")


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "localhost", "127.0.0.1:1", "localhost.:{port}",
             "127.0.0.1.evil.example:{port}", "localhost:{port}, x", "[::1]:{port}"]
)  # fmt: skip
def test_another_host_finds_nothing(preview: Console, host: str, path: str) -> None:
    method = "POST" if path == "/__ssg/do" else "GET"
    got = preview.ask(method, path, host=host.format(port=preview.port))
    assert got.status == 404
    assert b"ssg preview" not in got.body


def test_another_host_cannot_act_even_with_the_token(preview: Console) -> None:
    host = f"evil.example:{preview.port}"
    got = preview.post({"jump": "day"}, host=host, Origin=f"http://{host}")
    assert got.status == 404
    assert preview.tools.clock.offset_seconds == 0


def test_localhost_may_look_and_act(preview: Console) -> None:
    host = f"LocalHost:{preview.port}"
    assert preview.ask("GET", "/__ssg/", host=host).status == 200
    own = f"http://localhost:{preview.port}"
    got = preview.post({"jump": "hour"}, host=f"localhost:{preview.port}", Origin=own)
    assert got.status == 303


def test_what_came_through_a_proxy_finds_nothing(preview: Console) -> None:
    assert preview.ask("GET", "/__ssg/", {"X-Forwarded-For": "203.0.113.9"}).status == 404


def test_every_answer_forbids_frames_and_scripts_of_others(preview: Console) -> None:
    for path in ("/__ssg/", "/__ssg/pulse", "/__ssg/dashboard.js"):
        headers = preview.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cross-origin-resource-policy"] == SAME
        assert headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize(
    ("host", "client", "server", "expected"),
    [
        ("127.0.0.1:80", "127.0.0.1", ("127.0.0.1", 80), True),
        ("localhost", "127.0.0.1", ("127.0.0.1", 80), True),
        ("[::1]:8000", "::1", ("::1", 8000), True),
        ("127.0.0.1:8000", "::1", ("::1", 8000), False),
        ("localhost:8000", "192.168.1.2", ("192.168.1.1", 8000), False),
        ("192.168.1.1:8000", "192.168.1.2", ("192.168.1.1", 8000), False),
        ("localhost:8000", "192.168.1.2", ("127.0.0.1", 8000), False),
        ("", "127.0.0.1", ("127.0.0.1", 8000), False),
    ],
)
def test_who_is_local(host: str, client: str, server: tuple[str, int], expected: bool) -> None:
    assert is_local({"host": host}, (client, 4711), server) is expected


def test_a_socket_without_addresses_is_not_local() -> None:
    assert not is_local({"host": "localhost:80"}, None, ("127.0.0.1", 80))
    assert not is_local({"host": "localhost:80"}, ("127.0.0.1", 1), None)
    assert host_names(("127.0.0.1", 8000)) == {"127.0.0.1:8000", "localhost:8000"}
    assert not may_act({"host": "x", "sec-fetch-site": SAME}, "", "token")


def test_the_address_is_told_only_where_it_answers() -> None:
    assert is_local_url("http://127.0.0.1:8000/")
    assert is_local_url("http://[::1]:8000/")
    assert is_local_url("http://localhost:8000/")
    assert not is_local_url("http://192.168.1.1:8000/")


LOOPBACK, LAN = ("127.0.0.1", 8000), ("192.168.1.7", 8000)


@pytest.mark.parametrize(
    ("host", "server", "expected"),
    [
        ("localhost:8000", LOOPBACK, True),
        ("LOCALHOST:8000", LOOPBACK, True),
        ("site.localhost:8000", LOOPBACK, True),
        ("127.0.0.1:8000", LOOPBACK, True),
        ("127.1.2.3:8000", LOOPBACK, True),
        ("[::1]:8000", LOOPBACK, True),
        ("0.0.0.0:8000", LOOPBACK, True),
        ("localhost", ("127.0.0.1", 80), True),
        ("[::1]", ("::1", 80), True),
        ("localhost", LOOPBACK, False),
        ("localhost:8001", LOOPBACK, False),
        ("localhost.:8000", LOOPBACK, False),
        ("192.168.1.7:8000", LOOPBACK, False),
        ("evil.example:8000", LOOPBACK, False),
        ("evil.example", LOOPBACK, False),
        ("evillocalhost:8000", LOOPBACK, False),
        ("localhost.evil.example:8000", LOOPBACK, False),
        ("127.0.0.1.evil.example:8000", LOOPBACK, False),
        ("localhost:8000, evil.example", LOOPBACK, False),
        ("evil@localhost:8000", LOOPBACK, False),
        ("[localhost]:8000", LOOPBACK, False),
        ("", LOOPBACK, False),
        (":8000", LOOPBACK, False),
        ("192.168.1.7:8000", LAN, True),
        ("203.0.113.5:9000", LAN, True),
        ("localhost:9000", LAN, True),
        ("[2001:db8::1]:9000", LAN, True),
        ("evil.example:8000", LAN, False),
        ("192.168.1.7.evil.example:8000", LAN, False),
        ("evil.example", None, False),
        ("localhost", None, True),
    ],
)
def test_which_hosts_are_answered(
    host: str, server: tuple[str, int] | None, expected: bool
) -> None:
    assert may_read(host, server) is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("mine.example:9000", True),
        ("MINE.example", True),
        ("a.mine.example", False),
        ("a.b.tunnel.example", True),
        ("tunnel.example", False),
        ("eviltunnel.example", False),
    ],
)
def test_further_hosts_are_answered_if_they_are_allowed(host: str, expected: bool) -> None:
    for server in (LOOPBACK, LAN):
        assert may_read(host, server, ("mine.example", ".tunnel.example")) is expected


def test_the_machines_own_name_is_answered_beyond_loopback_addresses() -> None:
    name = socket.gethostname().lower()
    assert own_names("127.0.0.1") == own_names("localhost") == own_names("::1") == frozenset()
    assert name in own_names("0.0.0.0")  # noqa: S104


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a.example", True), (".example", True), ("localhost", True), ("a:1", False),
     ("http://a", False), ("", False), (".", False), ("a b", False)],
)  # fmt: skip
def test_which_texts_are_names_of_hosts(text: str, expected: bool) -> None:
    assert is_host_pattern(text) is expected


@pytest.mark.parametrize("path", ["/", "/posts/p1/", "/__ssg/events", "/__ssg/live.js", "/none"])
def test_another_host_reads_nothing(preview: Console, path: str) -> None:
    got = preview.ask("GET", path, host=f"<evil>.example:{preview.port}")
    assert got.status == 421
    assert b"--allow-host" in got.body
    assert b"&lt;evil&gt;" in got.body
    assert b"Post 1" not in got.body
    assert got.headers["cache-control"] == "no-store"


def test_an_allowed_host_reads_pages_and_not_the_dashboard(built: Built, tmp_path: Path) -> None:
    with console(tmp_path / "other", allowed_hosts=["Mine.example"]) as other:
        other.deploy(built)
        assert other.ask("GET", "/posts/p1/", host="mine.example").status == 200
        assert other.ask("GET", "/__ssg/", host="mine.example").status == 404
