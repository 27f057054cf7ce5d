"""One request: addresses, redirects, failures."""

from __future__ import annotations

import socket

import pytest

from ssg.model.errors import PurgeError
from ssg.targets.purge.http_post import (
    PostRequest,
    checked_address,
    checked_identifier,
    checked_secret,
    post,
)
from tests.targets.purge.fake_host import fake_host


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://example.org", "https://example.org"),
        ("https://example.org/docs/", "https://example.org/docs"),
        ("https://example.org:8443/", "https://example.org:8443"),
        ("http://localhost:8000/", "http://localhost:8000"),
        ("http://127.0.0.9:1", "http://127.0.0.9:1"),
        ("http://[::1]:80/", "http://[::1]:80"),
    ],
)
def test_an_address_is_https_or_on_this_machine(url: str, address: str) -> None:
    assert checked_address(url, "the host") == address


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://example.org/", "must begin with https://"),
        ("http://localhost.example.org/", "must begin with https://"),
        ("http://10.0.0.1/", "must begin with https://"),
        ("ftp://127.0.0.1/", "must begin with https://"),
        ("file:///etc/passwd", "is not an address"),
        ("https://", "is not an address"),
        ("https://example.org/?a=1", "is not an address"),
        ("https://example.org/#a", "is not an address"),
        ("https://example.org:99999/", "is not an address"),
        ("https://[::1/", "is not an address"),
        ("https://example.org/a b", "is not an address"),
        ("https://exämple.org/", "is not an address"),
        ("https://me:pass@example.org/", "is not an address"),
        ("https://example.org/\r\nx: y", "is not an address"),
    ],
)
def test_other_addresses_are_errors_that_do_not_repeat_them(url: str, message: str) -> None:
    with pytest.raises(PurgeError) as caught:
        checked_address(url, "the host")
    assert message in str(caught.value)
    assert "pass" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    ["http://varnish:6081", "http://10.0.0.5", "http://[fd00::1]:80", "http://app.internal",
     "http://v.default.svc.cluster.local:6081", "https://example.org"],
)  # fmt: skip
def test_an_address_may_be_in_a_private_network(url: str) -> None:
    assert checked_address(f"{url}/", "it", private_http=True) == url


@pytest.mark.parametrize("url", ["http://example.org", "http://8.8.8.8", "http://internal.org"])
def test_http_is_for_private_networks_only(url: str) -> None:
    with pytest.raises(PurgeError, match="it must begin with https://"):
        checked_address(url, "it", private_http=True)


def test_an_identifier_cannot_change_an_address() -> None:
    assert checked_identifier(" SU1Z0isxPaozGVKXdv0eY\n", "ID", "") == "SU1Z0isxPaozGVKXdv0eY"
    for text in ("a/b", "a?b", "../x", "ä", "a b", "a" * 129):
        with pytest.raises(PurgeError, match="ID is not an ID"):
            checked_identifier(text, "ID", "")
    with pytest.raises(PurgeError, match=r"ID is not set\. Look there"):
        checked_identifier(" ", "ID", "Look there")


def test_a_secret_has_no_characters_that_end_a_header() -> None:
    assert checked_secret(" token\n", "TOKEN", "Make one") == "token"
    for text in (None, "", " \n"):
        with pytest.raises(PurgeError, match=r"TOKEN is not set\. Make one"):
            checked_secret(text, "TOKEN", "Make one")
    for text in ("secret\r\nx: y", "secret word", "secrät"):
        with pytest.raises(PurgeError, match="cannot be sent") as caught:
            checked_secret(text, "TOKEN", "Make one")
        assert "secr" not in str(caught.value)


def test_a_request_arrives_and_its_status_is_the_answer() -> None:
    with fake_host() as host:
        answer = post(PostRequest(f"{host.url}/x", b"{}", {"Ssg-Nonce": "1"}))
    (received,) = host.received
    assert answer.status == 202
    assert (received.path, received.body) == ("/x", b"{}")
    assert received.headers["ssg-nonce"] == "1"
    assert received.headers["user-agent"].startswith("ssg/")


def test_a_status_that_is_no_success_is_an_answer_with_retry_after() -> None:
    with fake_host() as host:
        host.will_answer(429, Retry_After="7")
        answer = post(PostRequest(host.url, b"{}", {}))
    assert (answer.status, answer.retry_after) == (429, "7")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with fake_host() as host:
        host.will_answer(status, Location=f"{host.url}/elsewhere")
        answer = post(PostRequest(host.url, b"{}", {"Authorization": "Bearer x"}))
    assert answer.status == status
    assert len(host.received) == 1


def test_a_host_that_does_not_answer_is_an_answer_with_the_reason() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        answer = post(PostRequest(f"http://127.0.0.1:{unused.getsockname()[1]}/", b"{}", {}))
    assert (answer.status, "refused" in answer.failure) == (None, True)


def test_a_host_that_says_nothing_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        answer = post(PostRequest(url, b"{}", {}), timeout_seconds=0.2)
    assert (answer.status, answer.failure) == (None, "timed out")


def test_a_proxy_gets_no_request_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9/")
    with fake_host() as host:
        assert post(PostRequest(host.url, b"{}", {})).status == 202
