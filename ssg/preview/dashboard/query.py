"""Which pages the dashboard lists, and in which order: the query of its URL as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

PAGE_SIZE = 50
MAX_SEARCH_CHARACTERS = 200
MAX_PAGE = 1_000_000


class PageTab(StrEnum):
    """Which pages are listed."""

    ALL = "all"
    CRITICAL = "critical"
    DEFERRED = "deferred"
    ERRORS = "errors"


class CacheState(StrEnum):
    """The state of a page in the cache, as a filter."""

    ANY = "any"
    NEVER = "never"
    """Deferred and not cached: never rendered, purged, or failed."""
    FRESH = "fresh"
    """Fresh until its ttl has passed."""
    STALE = "stale"
    EXPIRED = "expired"
    """Too old to be served: the next visitor waits."""
    KEPT = "kept"
    """Fresh until the next deploy."""


class SortKey(StrEnum):
    """What pages are sorted by. The last three are counters; their highest values come first."""

    PATH = "path"
    PLAN = "plan"
    TEMPLATE = "template"
    SOURCE = "source"
    RENDERS = "renders"
    HITS = "hits"
    DURATION = "duration"

    @property
    def is_counted(self) -> bool:
        """Whether it is a counter of the preview, and not a property of the page."""
        return self in (SortKey.RENDERS, SortKey.HITS, SortKey.DURATION)


_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class DashboardQuery:
    """A query. Default values are left out of its encoded form."""

    page_tab: PageTab = PageTab.ALL
    state: CacheState = CacheState.ANY
    search: str = ""
    sort_key: SortKey = SortKey.PATH
    descending: bool = False
    page: int = 1

    @classmethod
    def parse(cls, query: str) -> DashboardQuery:
        """Read a query. Invalid values are replaced by defaults."""
        try:
            given = dict(parse_qsl(query, max_num_fields=20))
        except ValueError:
            return cls()
        number = given.get("page", "")
        return cls(
            _choice(PageTab, given.get("show"), PageTab.ALL),
            _choice(CacheState, given.get("state"), CacheState.ANY),
            given.get("q", "").strip()[:MAX_SEARCH_CHARACTERS],
            _choice(SortKey, given.get("sort"), SortKey.PATH),
            given.get("dir") == "down",
            min(int(number), MAX_PAGE) if _is_number(number) else 1,
        )

    @property
    def encoded(self) -> str:
        """The URL query that `parse` reads back."""
        pairs = {
            "show": self.page_tab,
            "state": self.state,
            "q": self.search,
            "sort": self.sort_key,
            "dir": "down" if self.descending else "",
            "page": str(self.page),
        }
        return urlencode({name: text for name, text in pairs.items() if text not in _DEFAULTS})

    def changed(self, **changes: Any) -> str:
        """Encode this query with changes, at its first page."""
        return replace(self, **{"page": 1, **changes}).encoded

    def sorted_by(self, sort_key: SortKey) -> str:
        """Encode the query of a column's heading: sort by it, or reverse the order."""
        descending = sort_key is self.sort_key and not self.descending and not sort_key.is_counted
        return self.changed(sort_key=sort_key, descending=descending)

    @property
    def offset(self) -> int:
        """The number of pages before the first one listed."""
        return (self.page - 1) * PAGE_SIZE


_DEFAULTS = frozenset({"", PageTab.ALL, CacheState.ANY, SortKey.PATH, "1"})


def _choice(kind: type[_Choice], text: str | None, otherwise: _Choice) -> _Choice:
    return kind(text) if text in list(kind) else otherwise


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0
