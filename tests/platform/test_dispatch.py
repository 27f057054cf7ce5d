from __future__ import annotations

import pytest

from blog.endpoint import MAX_BODY_BYTES
from tests.platform.client import SITE_URL, RunningApi


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/posts/ana/%00", 404),
        ("/api/users/%00ana", 404),
        ("/api/newest?limit=%00", 400),
        ("/account/login?next=/%00", 400),
    ],
)
def test_an_address_that_is_not_text_is_refused(api: RunningApi, path: str, status: int) -> None:
    assert api.client.get(path).status_code == status


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000])
def test_what_is_not_an_object_of_json_is_refused(api: RunningApi, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Origin": SITE_URL}
    assert api.client.post("/api/session", content=body, headers=headers).status_code == 400


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=x", b"not a form"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n"),
        ("multipart/form-data; boundary=x; charset=nothing", b"--x--"),
        ("multipart/form-data; boundary=" + "x" * 5000, b"--x--"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n1\r\n' * 3
            + b"--x--",
        ),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(200))),
        ("application/x-www-form-urlencoded", b"user=%ff%fe&password=\xff"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"user=%ff"),
    ],
    ids=range(10),
)
@pytest.mark.parametrize("path", ["/account/login", "/api/session"])
def test_a_form_that_cannot_be_read_is_refused(
    api: RunningApi, kind: str, body: bytes, path: str
) -> None:
    headers = {"Content-Type": kind, "Origin": SITE_URL}
    answer = api.client.post(path, content=body, headers=headers)
    assert answer.status_code in {400, 403}
    assert answer.headers["cache-control"] == "private, no-store"
    expected = "application/json" if path.startswith("/api/") else "text/html; charset=utf-8"
    assert answer.headers["content-type"] == expected


def test_a_body_that_is_too_long_is_refused(api: RunningApi) -> None:
    headers = {"Content-Type": "application/json", "Origin": SITE_URL}
    body = b'{"user": "' + b"a" * MAX_BODY_BYTES + b'"}'
    answer = api.client.post("/api/session", content=body, headers=headers)
    assert (answer.status_code, answer.json()) == (
        413,
        {"error": "This is longer than 1,000,000 bytes."},
    )


@pytest.mark.parametrize("path", ["/api/session/", "/account/login/", "/media/x/"])
def test_a_slash_at_the_end_leads_nowhere(api: RunningApi, path: str) -> None:
    """A redirect would lead to the host of a header, which another site may have chosen."""
    headers = {"Host": "evil.example"}
    answer = api.client.get(path, headers=headers, follow_redirects=False)
    assert answer.status_code == 404


def test_a_type_without_a_body_is_no_mistake(api: RunningApi) -> None:
    headers = {"Content-Type": "application/json"}
    assert api.client.get("/api/session", headers=headers).status_code == 200
    answer = api.author("ana").client.get("/api/me/posts", headers=headers)
    assert answer.json() == {"items": [], "total": 0}


@pytest.mark.parametrize(
    ("path", "has_cookie"),
    [
        ("/api/session", True),
        ("/account/login", True),
        ("/account/signup", True),
        ("/api/health", False),
        ("/api/newest?limit=x", False),
        ("/media/missing.webp", False),
        ("/account/reported", False),
    ],
)
def test_only_a_token_brings_a_visitor_a_cookie(
    api: RunningApi, path: str, has_cookie: bool
) -> None:
    assert ("visitor" in api.client.get(path).cookies) == has_cookie
