"""Caching: how long an answer is fresh and stale, and its tags. The runtime decides it.

A dialect (`ssg.runtime.dialects`) says it in the headers of a host.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from unicodedata import normalize

MISSING_SECONDS = 60
"""How long the answer for a path without a page is fresh: the page may be published soon."""

TAG_DIGITS = 10
"""Hexadecimal digits of a name in a tag: of 100,000 pages two share a tag once in 200 sites."""


@dataclass(frozen=True, slots=True)
class Caching:
    """How long caches may keep an answer.

    `fresh_seconds` None means until the next deploy, 0 means that the answer is never stored.
    `stale_seconds` is how long an expired answer may be served while a new one is made; None means
    as long as the host can. Purging a tag forgets the answer.
    """

    fresh_seconds: int | None = None
    stale_seconds: int | None = None
    tags: tuple[str, ...] = ()

    @property
    def is_stored(self) -> bool:
        """Whether a cache may store the answer."""
        return self.fresh_seconds != 0


NEVER_STORED = Caching(0, 0)
"""For answers that depend on more than their path, and for failures."""


def page_tag(path: str) -> str:
    """The tag of the page at a decoded path, whether there is one or not (`lib/paths.js`)."""
    return tag("page", normalize("NFC", path))


def tag(kind: str, name: str) -> str:
    """The tag of something, by its kind and its name."""
    return f"{kind}:{sha256(name.encode()).hexdigest()[:TAG_DIGITS]}"
