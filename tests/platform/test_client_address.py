from __future__ import annotations

from typing import Any

import jwt
import pytest

from blog.client_address import client_address
from blog.settings import Settings

SECRET = "n" * 40
NOW = 1_800_000_000.0


def settings(netlify_proxy_secret: str = "", proxies: tuple[str, ...] = ()) -> Settings:
    """Settings whose other values do not matter."""
    secrets = {"jwt_secret": "j" * 40, "purge_secret": "p" * 40}
    return Settings(
        "sqlite://", "https://example.org", **secrets, trusted_proxies=proxies,
        netlify_proxy_secret=netlify_proxy_secret,
    )  # fmt: skip


def _signed(secret: str = SECRET, algorithm: str = "HS256", **changes: Any) -> dict[str, str]:
    claims = {"iss": "Netlify", "exp": int(NOW) + 60, **changes}
    token = jwt.encode({k: v for k, v in claims.items() if v is not None}, secret, algorithm)
    return {"x-nf-sign": token, "x-nf-client-connection-ip": "203.0.113.9"}


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        ((), "203.0.113.9", "192.0.2.1"),
        (("192.0.2.1",), "203.0.113.9", "203.0.113.9"),
        (("192.0.2.1",), "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (("192.0.2.1", "203.0.113.9"), "198.51.100.7, 203.0.113.9", "198.51.100.7"),
        (("192.0.2.1",), "", "192.0.2.1"),
        (("192.0.2.9",), "203.0.113.9", "192.0.2.1"),
    ],
)
def test_the_last_address_that_is_no_trusted_proxy_is_the_client(
    proxies: tuple[str, ...], forwarded: str, expected: str
) -> None:
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client_address("192.0.2.1", headers, settings(proxies=proxies), NOW) == expected


def test_netlify_tells_the_address_with_a_signature() -> None:
    assert client_address("192.0.2.1", _signed(), settings(SECRET), NOW) == "203.0.113.9"


@pytest.mark.parametrize(
    "headers",
    [
        {"x-nf-client-connection-ip": "203.0.113.9"},
        {"x-nf-client-connection-ip": "203.0.113.9", "x-nf-sign": "x.y.z"},
        _signed("o" * 40),
        _signed("n" * 64, "HS512"),
        _signed(iss="somebody"),
        _signed(exp=int(NOW)),
        _signed(exp=None),
    ],
)
def test_without_a_valid_signature_the_client_says_nothing(headers: dict[str, str]) -> None:
    assert client_address("192.0.2.1", headers, settings(SECRET), NOW) == "192.0.2.1"


def test_without_a_secret_no_signature_counts() -> None:
    assert client_address("192.0.2.1", _signed(), settings(), NOW) == "192.0.2.1"


def test_one_text_counts_for_a_signature() -> None:
    """Two bits of the last character are not part of the signature: another one decodes alike."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    headers = _signed()
    token = headers["x-nf-sign"]
    headers["x-nf-sign"] = token[:-1] + letters[letters.index(token[-1]) ^ 1]
    assert client_address("192.0.2.1", headers, settings(SECRET), NOW) == "192.0.2.1"
