"""Whom the dashboard answers: this machine, and its own forms."""

from __future__ import annotations

import pytest

from ssg.preview.access_control import host_names, is_local, is_local_url, may_act
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
