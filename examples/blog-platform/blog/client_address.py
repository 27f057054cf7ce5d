"""The address of a client, for limits. What a proxy says counts only if the proxy is known.

A proxy is known by its own address, or by a signature. Netlify has no fixed addresses, but signs
what it passes on: `X-Nf-Sign` is a JSON Web Token with the secret that the rule names, and
`X-Nf-Client-Connection-Ip` is the client's address. Source: "Signed proxy redirects",
https://docs.netlify.com/manage/routing/redirects/rewrites-proxies/.
"""

from __future__ import annotations

from collections.abc import Mapping

from blog.settings import Settings
from blog.signed_token import valid_claims

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
    claims = valid_claims(token, secret, ("exp", "iss"), now)
    return claims is not None and str(claims["iss"]).lower() == _ISSUER
