"""What the cache of a host reads in the headers of a function: the inverse of its dialect.

Hosts read a header of their own before `Cache-Control` (RFC 9213).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ssg.runtime.caching import NEVER_STORED, Caching
from ssg.runtime.dialects import LONGEST_SECONDS


@dataclass(frozen=True, slots=True)
class CachingHeaders:
    """The headers of a host, in lower case."""

    cache_control: str
    tags: str

    def said(self, headers: Mapping[str, str]) -> Caching:
        """The caching that headers say. Without any, responses of functions are not stored."""
        given = {name.lower(): value for name, value in headers.items()}
        directives = _directives(given.get(self.cache_control, ""))
        fresh = directives.get("s-maxage", directives.get("max-age"))
        if fresh is None or not directives.keys().isdisjoint({"no-store", "no-cache", "private"}):
            return NEVER_STORED
        stale = directives.get("stale-while-revalidate", "0")
        tags = (tag.strip() for tag in given.get(self.tags, "").split(","))
        return Caching(_seconds(fresh), _seconds(stale), tuple(filter(None, tags)))


def _directives(value: str) -> dict[str, str]:
    """The directives of a header with their arguments (RFC 9111, section 5.2)."""
    pairs = (part.strip().partition("=") for part in value.split(","))
    return {name.lower(): argument.strip('"') for name, _, argument in pairs if name}


def _seconds(text: str) -> int | None:
    """A number of seconds; None for the longest, which stands for the next deploy."""
    seconds = int(text) if text.isascii() and text.isdigit() else 0
    return None if seconds >= LONGEST_SECONDS else seconds
