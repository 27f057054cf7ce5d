"""What plans would cost: requests that files answer, and renders, by the number of critical pages.

A plan makes the most read pages critical and defers all others. The costs of all plans come from
one list of pages, the most read first, and sums of its ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from ssg.model.durations import SECONDS_PER_DAY
from ssg.popularity.expected_renders import expected_renders
from ssg.popularity.popular_pages import ReadPages

MONTH_DAYS = 30
SHOWN_PLANS = 6
_STEPS = (1, 3)
_LARGEST_POWER = 9


class PageTraffic(NamedTuple):
    """The requests of a page in the logs, its ttl, and whether the present plan defers it."""

    requests: float
    ttl_seconds: int | None
    deferred: bool


@dataclass(frozen=True, slots=True)
class Traffic:
    """How the numbers of the logs become those of a month.

    `days` is the length of the logs, `deploys` the number of times a month that the cache is empty.
    """

    days: float
    deploys: int

    def per_month(self, requests: float) -> float:
        """Requests in a month."""
        return requests * MONTH_DAYS / self.days

    def renders(self, page: PageTraffic) -> float:
        """The expected renders of a page in a month, if it is deferred."""
        between = self.per_month(page.requests) / self.deploys
        seconds = MONTH_DAYS * SECONDS_PER_DAY / self.deploys
        ttl = None if page.ttl_seconds is None else page.ttl_seconds / seconds
        return self.deploys * expected_renders(between, ttl)


@dataclass(frozen=True, slots=True)
class PlanCost:
    """What a plan costs. `share` is the part of the requests that files answer, from 0 to 1."""

    critical: int
    deferred: int
    share: float
    renders_per_month: float
    page_limit: int | None = None
    """The number of deferred pages that the host caches well."""
    is_present: bool = False

    @property
    def is_over_limit(self) -> bool:
        """Whether the host caches fewer pages than the plan defers."""
        return self.page_limit is not None and self.deferred > self.page_limit

    def to_json(self) -> dict[str, Any]:
        """The cost as JSON values."""
        return {
            "critical": self.critical,
            "deferred": self.deferred,
            "share": round(self.share, 4),
            "renders_per_month": round(self.renders_per_month),
            "over_limit": self.is_over_limit,
            "present": self.is_present,
        }


class PlanCosts:
    """The costs of all plans of some pages."""

    def __init__(
        self, pages: Iterable[PageTraffic], traffic: Traffic, page_limit: int | None = None
    ) -> None:
        ordered = sorted(pages, key=lambda page: -page.requests)
        renders = lru_cache(None)(traffic.renders)  # many pages have the same numbers
        costs = [renders(page._replace(deferred=True)) for page in ordered]
        self.requests_per_month = traffic.per_month(sum(page.requests for page in ordered))
        self._limit = page_limit
        self._read = [0.0, *accumulate(page.requests for page in ordered)]
        self._renders = [0.0, *accumulate(reversed(costs))]
        kept = [page for page in ordered if not page.deferred]
        self.present = PlanCost(
            len(kept),
            len(ordered) - len(kept),
            self._share(sum(page.requests for page in kept)),
            sum(cost for cost, page in zip(costs, ordered, strict=True) if page.deferred),
            page_limit,
            is_present=True,
        )

    @property
    def pages(self) -> int:
        """The number of all pages."""
        return len(self._read) - 1

    def cost(self, critical: int) -> PlanCost:
        """The cost of the plan in which this number of the most read pages is critical."""
        deferred = self.pages - critical
        share = self._share(self._read[critical])
        return PlanCost(critical, deferred, share, self._renders[deferred], self._limit)

    def table(self) -> list[PlanCost]:
        """The present plan, then plans with more and more critical pages, up to all."""
        numbers = [step for step in steps() if step < self.pages][-SHOWN_PLANS:]
        return [self.present, *map(self.cost, [*numbers, self.pages])]

    def _share(self, requests: float) -> float:
        return requests / self._read[-1] if self._read[-1] else 1.0


def steps() -> list[int]:
    """1, 3, 10, 30, 100, 300 and so on."""
    return [step * 10**power for power in range(_LARGEST_POWER) for step in _STEPS]


def traffic_of(
    found: ReadPages, known: Sequence[tuple[str, int | None, bool]]
) -> list[PageTraffic]:
    """The traffic of known pages: path, ttl and whether deferred.

    Pages that the file does not name share the requests for others evenly.
    """
    requests = dict(found.pages)
    rest, mean = found.other_pages, found.other_requests / max(1, found.other_pages)
    pages = []
    for path, ttl, deferred in known:
        count: float = requests.get(path, 0)
        if path not in requests and rest:
            count, rest = mean, rest - 1
        pages.append(PageTraffic(count, ttl, deferred))
    return pages


def live_traffic(found: ReadPages, ttl_seconds: int | None, critical: int) -> list[PageTraffic]:
    """The traffic of the live pages of a route, of which the `critical` most read are files."""
    mean = found.other_requests / max(1, found.other_pages)
    requests = [*(count for _, count in found.pages), *[mean] * found.other_pages]
    return [PageTraffic(one, ttl_seconds, n >= critical) for n, one in enumerate(requests)]
