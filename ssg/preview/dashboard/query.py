"""What a visitor of the dashboard asks to see: the query of its address, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

PAGE_SIZE = 50
MAX_SEARCH_CHARACTERS = 200
MAX_PAGE = 1_000_000


class PageFilter(StrEnum):
    """Which pages."""

    ALL = "all"
    CRITICAL = "critical"
    DEFERRED = "deferred"
    ERRORS = "errors"


class CacheState(StrEnum):
    """Where a page stands in the cache."""

    ANY = "any"
    NEVER = "never"
    """Deferred, and not cached: never rendered, purged, or failed."""
    FRESH = "fresh"
    """Fresh until its ttl is over."""
    STALE = "stale"
    KEPT = "kept"
    """Fresh until the next deploy."""


class SortKey(StrEnum):
    """What pages are sorted by. The last three are counted, and the highest come first."""

    PATH = "path"
    PLAN = "plan"
    TEMPLATE = "template"
    SOURCE = "source"
    RENDERS = "renders"
    HITS = "hits"
    DURATION = "duration"

    @property
    def is_counted(self) -> bool:
        """Whether it is a figure of the preview, not of the site."""
        return self in (SortKey.RENDERS, SortKey.HITS, SortKey.DURATION)


_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class DashboardQuery:
    """The choices. The defaults are not written into addresses."""

    show: PageFilter = PageFilter.ALL
    state: CacheState = CacheState.ANY
    search: str = ""
    order: SortKey = SortKey.PATH
    descending: bool = False
    page: int = 1

    @classmethod
    def parse(cls, query: str) -> DashboardQuery:
        """Read a query. What makes no sense is left out."""
        try:
            given = dict(parse_qsl(query, max_num_fields=20))
        except ValueError:
            return cls()
        number = given.get("page", "")
        return cls(
            _choice(PageFilter, given.get("show"), PageFilter.ALL),
            _choice(CacheState, given.get("state"), CacheState.ANY),
            given.get("q", "").strip()[:MAX_SEARCH_CHARACTERS],
            _choice(SortKey, given.get("sort"), SortKey.PATH),
            given.get("dir") == "down",
            min(int(number), MAX_PAGE) if _is_number(number) else 1,
        )

    @property
    def query(self) -> str:
        """The query that `parse` reads back."""
        pairs = {
            "show": self.show,
            "state": self.state,
            "q": self.search,
            "sort": self.order,
            "dir": "down" if self.descending else "",
            "page": str(self.page),
        }
        return urlencode({name: text for name, text in pairs.items() if text not in _DEFAULTS})

    def but(self, **changes: Any) -> str:
        """The query of this view with other choices, from its first page on."""
        return replace(self, **{"page": 1, **changes}).query

    def sorted_by(self, order: SortKey) -> str:
        """The query of a column's heading: sort by it, or the other way round."""
        turns = order is self.order and not self.descending and not order.is_counted
        return self.but(order=order, descending=turns)

    @property
    def offset(self) -> int:
        """How many pages of the site come before."""
        return (self.page - 1) * PAGE_SIZE


_DEFAULTS = frozenset({"", PageFilter.ALL, CacheState.ANY, SortKey.PATH, "1"})


def _choice(kind: type[_Choice], text: str | None, otherwise: _Choice) -> _Choice:
    return kind(text) if text in list(kind) else otherwise


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0
