"""Counts requests by path in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

MAX_PATHS = 200_000


@dataclass(slots=True)
class BoundedCounter:
    """Requests by path. Of more than twice `limit` paths, the `limit` most read are kept.

    It counts paths of live pages: what visitors write has no bound, but pages of the site have.
    """

    limit: int = MAX_PATHS
    counts: Counter[str] = field(default_factory=Counter)
    dropped: int = 0
    """Requests for paths that were not kept."""

    def add(self, path: str, requests: int = 1) -> None:
        """Count requests for a path."""
        self.counts[path] += requests
        if len(self.counts) > 2 * self.limit:
            self._drop()

    def most_read(self) -> list[tuple[str, int]]:
        """Paths and requests, the most read first."""
        return most_read(self.counts)

    def _drop(self) -> None:
        ordered = self.most_read()
        self.dropped += sum(requests for _, requests in ordered[self.limit :])
        self.counts = Counter(dict(ordered[: self.limit]))


def most_read(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Paths and requests, the most read first; of equal ones by path."""
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))
