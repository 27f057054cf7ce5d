"""The address of a client, for limits. What a proxy says counts only if the proxy is known.

A proxy is known by its own address, or by a signature. Netlify has no fixed addresses, but signs
what it passes on: `X-Nf-Sign` is a JSON Web Token with the secret that the rule names, and
`X-Nf-Client-Connection-Ip` is the client's address. Source: "Signed proxy redirects",
https://docs.netlify.com/manage/routing/redirects/rewrites-proxies/.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt

from blog.settings import Settings

SIGNATURE = "x-nf-sign"
SIGNED_ADDRESS = "x-nf-client-connection-ip"
_ISSUER = "netlify"


def client_address(peer: str, headers: Mapping[str, str], settings: Settings, now: float) -> str:
    """The address of the client of a request that came from `peer`.

    The last address of `X-Forwarded-For` that is not a trusted proxy is the client's: those before
    it are the client's own words.
    """
    if (address := headers.get(SIGNED_ADDRESS)) and _is_signed(headers, settings, now):
        return address
    address, told = peer, [one.strip() for one in headers.get("x-forwarded-for", "").split(",")]
    while told and address in settings.trusted_proxies:
        address = told.pop() or address
    return address


def _is_signed(headers: Mapping[str, str], settings: Settings, now: float) -> bool:
    """Whether Netlify has passed a request on. Without a secret, nobody can say so."""
    secret, token = settings.netlify_proxy_secret, headers.get(SIGNATURE)
    if not secret or not token:
        return False
    try:
        # The clock is an argument, so PyJWT, which has its own, does not compare times.
        options: Any = {"require": ["exp", "iss"], "verify_exp": False, "verify_iat": False}
        claims = jwt.decode(token, secret, ["HS256"], options)
    except (jwt.PyJWTError, ValueError, RecursionError):
        return False
    issuer, expires = claims["iss"], claims["exp"]
    return str(issuer).lower() == _ISSUER and isinstance(expires, int) and expires > now
