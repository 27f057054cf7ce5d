"""Cursors of lists as a part of a path: `/ana/after/{cursor}/`.

A source gives any text as a cursor. One that cannot be a part of a path as it is, such as base64
with a slash in it, is written in another form: `~` and the base64 of RFC 4648, section 5.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from ssg.model.live.route_pattern import MAX_VALUE_LENGTH

_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_ENCODED = re.compile(r"~[A-Za-z0-9_-]+")


def encode_cursor(cursor: str) -> str | None:
    """A cursor as a part of a path; None if it is too long for one."""
    if not _PLAIN.fullmatch(cursor):
        cursor = "~" + urlsafe_b64encode(cursor.encode()).decode().rstrip("=")
    return cursor if len(cursor) <= MAX_VALUE_LENGTH else None


def decode_cursor(text: str) -> str | None:
    """The inverse of `encode_cursor`; None for a text that it never gives."""
    if not _ENCODED.fullmatch(text):
        return text if _PLAIN.fullmatch(text) else None
    try:
        cursor = urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)).decode()
    except ValueError:
        return None
    return cursor if encode_cursor(cursor) == text else None
