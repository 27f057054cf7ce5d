"""Tokens of forms, against requests that another site makes in somebody's name.

A token is bound to the session, or to a random cookie before somebody has logged in. Another site
can neither read nor guess it. Beside that, browsers say where a request comes from, and what comes
from elsewhere is refused whatever it contains (OWASP, Cross-Site Request Forgery Prevention).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

VISITOR_COOKIE = "visitor"
FIELD = "csrf"
HEADER = "X-CSRF-Token"


def new_visitor() -> str:
    """The value of the cookie of somebody who is not logged in."""
    return secrets.token_urlsafe(24)


def token(secret: str, holder: str) -> str:
    """The token of a session or a visitor."""
    return hmac.new(secret.encode(), f"csrf {holder}".encode(), hashlib.sha256).hexdigest()


def is_token(secret: str, holder: str, told: str) -> bool:
    """Whether a request has the token of its session or visitor."""
    return hmac.compare_digest(token(secret, holder).encode(), told.encode("utf-8", "replace"))


def is_own(headers: Mapping[str, str], origin: str) -> bool:
    """Whether a request that changes something may come from a page of this site.

    Programs send neither header: they have no cookies of somebody else.
    """
    if (sender := headers.get("origin")) is not None:
        return sender == origin
    return headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
