"""Caching: how long an answer is fresh and stale, and its tags. The runtime decides it.

A dialect (`ssg.runtime.dialects`) says it in the headers of a host.
"""

from __future__ import annotations

from dataclasses import dataclass

MISSING_SECONDS = 60
"""How long the answer for a path without a page is fresh: the page may be published soon."""


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
