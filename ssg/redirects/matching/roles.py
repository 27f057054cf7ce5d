"""The roles of a visitor, from the JSON Web Token in the cookie `nf_jwt` (rule 17).

PyJWT checks the signature and the header; the times are compared here, as the clock is an
argument. Source: RFC 7515 (signature), RFC 7519 (claims), and
https://docs.netlify.com/manage/security/secure-access-to-sites/role-based-access-control/.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jwt.types import Options

COOKIE = "nf_jwt"
ROLES_CLAIM = "app_metadata.authorization.roles"
CLOCK_SKEW_SECONDS = 60
"""How far the clock of the server that made a token may be ahead of this one."""


def roles_of(token: str, secret: str, now_seconds: float) -> frozenset[str]:
    """Verify a token and read its roles: none if it is forged, expired or unreadable.

    Like Netlify, this accepts HS256 only. A token without an expiry time counts as expired.
    """
    claims = _verified_claims(token, secret) if token and secret else None
    return _roles(claims) if claims and _is_valid_at(claims, now_seconds) else frozenset()


def _verified_claims(token: str, secret: str) -> dict[str, Any] | None:
    import jwt  # noqa: PLC0415 PyJWT, which only sites with roles need

    # It warns of a secret shorter than 32 bytes; that is the business of whoever signs.
    warnings.filterwarnings("ignore", category=jwt.InsecureKeyLengthWarning)
    try:
        found = jwt.decode_complete(token, secret, ["HS256"], _options())
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    # Python's decoder of base64 skips what it does not know: one text for one signature.
    is_canonical = token.endswith("." + jwt.utils.base64url_encode(found["signature"]).decode())
    return found["payload"] if is_canonical else None


def _options() -> Options:
    """PyJWT checks no claims: it would read the clock, and ask for an audience."""
    return {
        "verify_exp": False,
        "verify_nbf": False,
        "verify_iat": False,
        "verify_aud": False,
        "verify_iss": False,
        "verify_sub": False,
        "verify_jti": False,
    }


def _is_valid_at(claims: Mapping[str, Any], now: float) -> bool:
    """Whether a token is valid at a time: not expired, and not from the future."""
    begin = now + CLOCK_SKEW_SECONDS
    begins = (_seconds(claims[name]) for name in ("nbf", "iat") if name in claims)
    return _seconds(claims.get("exp")) > now and all(begin >= seconds for seconds in begins)


def _seconds(value: object) -> float:
    """A `NumericDate` of RFC 7519; NaN, which is neither before nor after a time, if it is none."""
    if not isinstance(value, int | float) or isinstance(value, bool) or math.isinf(value):
        return math.nan
    return value


def _roles(claims: Mapping[str, Any]) -> frozenset[str]:
    value: Any = claims
    for name in ROLES_CLAIM.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    roles = value if isinstance(value, list) else [value]
    return frozenset(role for role in roles if isinstance(role, str))
