"""Roles from a JSON Web Token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.redirects.matching.roles import roles_of

SECRET = "s3cret"  # noqa: S105 - it keeps nothing
NOW = 1_000.0
HEADER = {"alg": "HS256", "typ": "JWT"}


def claims(roles: object, **more: object) -> dict[str, object]:
    """The claims of a visitor with roles, valid for a second."""
    return {"exp": NOW + 1, "app_metadata": {"authorization": {"roles": roles}}, **more}


def token(payload: object, secret: str = SECRET, header: object = HEADER) -> str:
    """A signed token."""
    signed = ".".join(encode(json.dumps(part).encode()) for part in (header, payload))
    proof = hmac.digest(secret.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{encode(proof)}"


def encode(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_valid_token_proves_its_roles() -> None:
    assert roles_of(token(claims(["admin", "editor"])), SECRET, NOW) == {"admin", "editor"}


def test_a_single_role_may_be_a_text() -> None:
    assert roles_of(token(claims("admin")), SECRET, NOW) == {"admin"}


def test_the_example_of_rfc_7515() -> None:
    """RFC 7515, appendix A.1: its signature is right, and it names no roles."""
    example = (
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
        ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
        "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    )
    assert roles_of(example, "anything", 0) == frozenset()


@pytest.mark.parametrize(
    "forged",
    [
        token(claims(["admin"]), "other"),
        token(claims(["admin"]), header={"alg": "none"}),
        token(claims(["admin"]), header={"alg": "HS512"}),
        token(claims(["admin"]), header={}),
        token(claims(["admin"]), header=["HS256"]),
        token(claims(["admin"])).rsplit(".", 1)[0] + ".",
        token(claims(["admin"])).rsplit(".", 1)[0],
        token(claims(["admin"])) + "x",
        token(claims(["admin"]), header={"alg": "none"}).rsplit(".", 1)[0] + ".",
    ],
)
def test_a_forged_token_proves_nothing(forged: str) -> None:
    assert roles_of(forged, SECRET, NOW) == frozenset()


@pytest.mark.parametrize(
    "payload",
    [
        claims(["admin"], exp=NOW),
        claims(["admin"], exp=0),
        claims(["admin"], exp=None),
        claims(["admin"], exp="9999"),
        claims(["admin"], exp=float("nan")),
        claims(["admin"], exp=float("inf")),
        claims(["admin"], exp=True),
        claims(["admin"], nbf=NOW + 100),
        claims(["admin"], nbf="0"),
        claims(["admin"], nbf=None),
        claims(["admin"], nbf=float("-inf")),
        claims(["admin"], iat=NOW + 100),
        claims(["admin"], iat=[]),
        claims([]),
        claims(None),
        claims({"admin": True}),
        {"exp": NOW + 1},
        {"exp": NOW + 1, "app_metadata": "admin"},
        ["admin"],
        "admin",
    ],
)
def test_a_token_without_valid_claims_proves_nothing(payload: object) -> None:
    assert roles_of(token(payload), SECRET, NOW) == frozenset()


def test_other_claims_do_not_matter() -> None:
    payload = claims(["admin"], nbf=NOW - 1, iat=NOW + 1, aud="x", iss=1, sub=1, jti=[])
    assert roles_of(token(payload), SECRET, NOW) == {"admin"}


def test_a_token_has_one_form() -> None:
    good = token(claims(["admin"]))
    assert roles_of(good, SECRET, NOW) == {"admin"}
    signed, _, proof = good.rpartition(".")
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [proof + "=", proof + "==", proof + "!", f" {proof}", proof[:5] + "*" + proof[5:]]
    others += [proof[:-1] + digit for digit in digits if digit != proof[-1]]
    assert [one for one in others if roles_of(f"{signed}.{one}", SECRET, NOW)] == []


@pytest.mark.parametrize("more", [{"crit": ["x"], "x": 1}, {"crit": []}, {"b64": False}])
def test_a_header_that_asks_for_more_proves_nothing(more: dict[str, object]) -> None:
    assert roles_of(token(claims(["admin"]), header={**HEADER, **more}), SECRET, NOW) == frozenset()


def test_deep_json_proves_nothing() -> None:
    signed = f"{encode(json.dumps(HEADER).encode())}.{encode(b'[' * 100_000)}"
    proof = encode(hmac.digest(SECRET.encode(), signed.encode(), hashlib.sha256))
    assert roles_of(f"{signed}.{proof}", SECRET, NOW) == frozenset()


def test_without_a_secret_nothing_is_proved() -> None:
    assert roles_of(token(claims(["admin"]), ""), "", NOW) == frozenset()


@given(st.text())
def test_any_text_is_no_token(text: str) -> None:
    assert roles_of(text, SECRET, NOW) == frozenset()


@given(st.text("abc.-_", max_size=30))
def test_any_token_like_text_is_no_token(text: str) -> None:
    assert roles_of(text, SECRET, NOW) == frozenset()
