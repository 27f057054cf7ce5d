"""JSON Web Tokens that are signed with a shared secret (RFC 7515, RFC 7519)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import jwt

ALGORITHM = "HS256"


def valid_claims(
    token: str, secret: str, required: Sequence[str], now: float
) -> Mapping[str, Any] | None:
    """The claims of a token, if its signature and its `exp` are valid. Only HS256 counts."""
    try:
        # The clock is an argument, so PyJWT, which has its own, does not compare times.
        options: Any = {"require": list(required), "verify_exp": False, "verify_iat": False}
        found = jwt.decode_complete(token, secret, [ALGORITHM], options)
    except (jwt.PyJWTError, ValueError, RecursionError):
        return None
    # Python's decoder of base64 skips what it does not know: one text for one signature.
    if not token.endswith("." + jwt.utils.base64url_encode(found["signature"]).decode()):
        return None
    claims: Mapping[str, Any] = found["payload"]
    expires = claims["exp"]
    return claims if isinstance(expires, int) and expires > now else None
