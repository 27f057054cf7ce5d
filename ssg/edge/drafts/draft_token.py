"""Signed links to the draft of a page, and the cookie that they set. Nothing here reads a clock.

    token of a link     {expires}.{HMAC-SHA256(secret, "ssg-draft v1\nlink\n{expires}\n{path}")}
    value of a cookie   {expires}.{HMAC-SHA256(secret, "ssg-draft v1\ncookie\n{expires}\n")}

in hexadecimal digits; `expires` is in seconds since 1970. A link opens one path. The cookie counts
for all live pages of the site, for a shorter time.
"""

from __future__ import annotations

import hmac
import re

DRAFT_PATH = "/_ssg/draft"
COOKIE = "ssg_draft"
COOKIE_SECONDS = 3600
MAX_LINK_SECONDS = 7 * 24 * 3600
MAX_PATH_LENGTH = 2000
_TOKEN = re.compile(r"([0-9]{1,12})\.[0-9a-f]{64}")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*/?")
_DOTS = re.compile(r"/(?:\.|%2[Ee]){1,2}(?=/|$)")


def is_page_path(path: str) -> bool:
    """Whether a text is a plain URL path, which leads nowhere else in any browser."""
    is_plain = 0 < len(path) <= MAX_PATH_LENGTH and _PATH.fullmatch(path) is not None
    return is_plain and _DOTS.search(path) is None


def link_token(secret: bytes, path: str, expires: int) -> str:
    """The token of a link to a path."""
    return _signed(secret, "link", expires, path)


def cookie_value(secret: bytes, expires: int) -> str:
    """The value of the cookie."""
    return _signed(secret, "cookie", expires, "")


def is_valid_link(secret: bytes, path: str, token: str, now: float) -> bool:
    """Whether a link to a path may be followed. Compares in constant time."""
    return _is_valid(secret, "link", path, token, now, MAX_LINK_SECONDS)


def is_valid_cookie(secret: bytes, value: str, now: float) -> bool:
    """Whether a cookie counts. Compares in constant time."""
    return _is_valid(secret, "cookie", "", value, now, COOKIE_SECONDS)


def _is_valid(secret: bytes, use: str, path: str, token: str, now: float, longest: float) -> bool:
    found = _TOKEN.fullmatch(token)
    expires = int(found[1]) if found else 0
    signed = _signed(secret, use, expires, path).encode()
    is_signed = hmac.compare_digest(signed, token.encode("utf-8", "replace"))
    return found is not None and is_signed and now < expires <= now + longest + 1


def _signed(secret: bytes, use: str, expires: int, path: str) -> str:
    text = f"ssg-draft v1\n{use}\n{expires}\n{path}"
    return f"{expires}.{hmac.new(secret, text.encode(), 'sha256').hexdigest()}"
