"""The roles of a visitor, from the JSON Web Token in the cookie `nf_jwt` (rule 17).

Source: https://docs.netlify.com/manage/security/secure-access-to-sites/role-based-access-control/,
RFC 7515 (signature) and RFC 7519 (claims).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any

COOKIE = "nf_jwt"
ROLES_CLAIM = "app_metadata.authorization.roles"


def roles_of(token: str, secret: str, now_seconds: float) -> frozenset[str]:
    """Verify a token and read its roles: none if it is forged, expired or unreadable.

    Like Netlify, this accepts HS256 only. A token without an expiry time counts as expired.
    """
    try:
        signed, _, signature = token.rpartition(".")
        header, _, payload = signed.partition(".")
        if _json(header).get("alg") != "HS256" or not secret:
            return frozenset()
        proof = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(proof, _bytes(signature)):
            return frozenset()
        return _roles(_json(payload), now_seconds)
    except (ValueError, binascii.Error, RecursionError):
        return frozenset()


def _roles(claims: dict[str, Any], now_seconds: float) -> frozenset[str]:
    expiry = claims.get("exp")
    if not isinstance(expiry, int | float) or not expiry > now_seconds:
        return frozenset()
    value: Any = claims
    for name in ROLES_CLAIM.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if isinstance(value, str):
        value = [value]
    return (
        frozenset(r for r in value if isinstance(r, str))
        if isinstance(value, list)
        else frozenset()
    )


def _json(part: str) -> dict[str, Any]:
    value = json.loads(_bytes(part))
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _bytes(part: str) -> bytes:
    """Base64url without padding (RFC 7515, section 2)."""
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
