"""The key under which the answer of a builder is cached: its URL path, and nothing else (rule 4).

The query, headers and the method are not part of it, and no builder sees them. A target whose host
keys by more changes this module.
"""

from __future__ import annotations

from ssg.model.urls import decode_path, quote_path
from ssg.runtime.http import Request


def key_of_call(path: str) -> str:
    """The key of a call of the builder with this path, as it was requested."""
    return path


def key_of_page(path: str) -> str:
    """The key of a page, by its decoded path."""
    return quote_path(path)


def request_for(key: str, *, is_refresh: bool = False) -> Request:
    """The request whose answer is stored under a key."""
    return Request("GET", key, is_refresh=is_refresh)


def same_page(key: str) -> str:
    """One form for all keys of a page, however they are encoded and whatever their slashes."""
    return (decode_path(key) or key).strip("/")
