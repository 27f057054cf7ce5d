"""`[[routes]]`: patterns of live pages, and how such a page is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ssg.model.live.route_pattern import RoutePattern
from ssg.model.pagination import PAGER_FOLDER

PAGER_NUMBER, CURSOR = "number", "cursor"
CURSOR_FOLDER = "after"
"""The folder of further parts of a list with a cursor."""
BUILTIN_VALUES = frozenset({"language", "limit", "offset", PAGER_NUMBER, CURSOR})
"""Names that requests for data may use beside the placeholders of the path."""

RESERVED_NAMES = BUILTIN_VALUES | {
    "data", "env", "feed", "item", "now", "page", "paginator", "params", "request", "section",
    "site", "taxonomy", "term",
}  # fmt: skip
"""Names that data and placeholders cannot have, because templates use them."""

PAGE_FIELDS = (
    "title", "description", "summary", "slug", "date", "updated", "body", "authors", "keywords",
    "extra", "previous", "next",
)  # fmt: skip
"""What the data can say of a page; names of taxonomies beside."""
TEXT_FIELDS = frozenset({"title", "description", "summary"})
"""Those that may be a text, such as `Posts by {user}`."""
TEXT_MARK = "="
"""What a text without placeholders begins with, to be no place in the data."""


def is_text(value: str) -> bool:
    """Whether a value of `page` is a text, and not a place in the data."""
    return "{" in value or value.startswith(TEXT_MARK)


@dataclass(frozen=True, slots=True)
class RouteData:
    """`data.NAME` of a route: one request. `path` and the values of a query have placeholders."""

    name: str
    source: str
    path: str = ""
    query: str = ""
    one: bool = False
    """SQL: whether the first row is wanted, not the list of all."""
    optional: bool = False
    schema: str = ""


@dataclass(frozen=True, slots=True)
class RouteList:
    """`list` of a route: the pages that a live page lists, in parts if `paginate_by` is not 0.

    `items` is where they are in the data, `total` where their number is, `next` where the cursor of
    the next part is. `path` is the address of an item; `{item.slug}` is one of its fields.
    """

    items: str
    path: str
    page: Mapping[str, str] = field(default_factory=dict)
    paginate_by: int = 0
    total: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class RoutePaths:
    """`paths` of a route: a request that lists parameters which the build should know.

    The first `critical` of them are rendered by the build (None: all); sitemaps list all. `items`
    is where the list is in the answer; `params` and `updated` are places in an item. `next` is
    where the answer says how to ask for the next part: with the value of `{cursor}`, or, if `path`
    has none, with another path. A request with `{number}` is repeated until a part is empty.
    Without `source`, the path of the route is the only one.
    """

    source: str
    path: str = ""
    query: str = ""
    items: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    critical: int | None = None
    updated: str = ""
    next: str = ""


ONLY_PATH = RoutePaths("")
"""The page of a route without placeholders, rendered by the build."""


@dataclass(frozen=True)  # without slots: the pattern is made once
class Route:
    """A pattern of live pages in one language. `number` counts the routes of the site from 1."""

    number: int
    path: str
    template: str
    where: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    data: tuple[RouteData, ...] = ()
    loader: str = ""
    page: Mapping[str, str] = field(default_factory=dict)
    canonical: str = ""
    redirect: str = ""
    language: str = ""
    languages: tuple[str, ...] = ()
    """All languages in which the site has the route."""
    ttl_seconds: int | None = None
    stale_seconds: int | None = None
    tags: tuple[str, ...] = ()
    list: RouteList | None = None
    paths: RoutePaths | None = None
    table: int = 0
    """Which table of the configuration declares it, from 0; several languages share one."""

    @cached_property
    def pattern(self) -> RoutePattern:
        """The pattern of its path."""
        return RoutePattern(self.path, self.where, self.excluded)

    @cached_property
    def parts_pattern(self) -> RoutePattern | None:
        """The pattern of the further parts of its list: `/{user}/page/{number}/`."""
        if self.list is None or not self.list.paginate_by:
            return None
        if self.list.next:
            return RoutePattern(
                f"{self.path}{CURSOR_FOLDER}/{{{CURSOR}}}/", self.where, self.excluded
            )
        where = {**self.where, PAGER_NUMBER: "[1-9][0-9]{0,8}"}
        return RoutePattern(f"{self.path}{PAGER_FOLDER}/{{{PAGER_NUMBER}}}/", where, self.excluded)

    @property
    def patterns(self) -> tuple[RoutePattern, ...]:
        """The pattern of its path, and that of the parts of its list."""
        parts = self.parts_pattern
        return (self.pattern, parts) if parts else (self.pattern,)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Route:
        """The inverse of `dataclasses.asdict`, through JSON."""
        return cls(
            **{
                **values,
                "excluded": {name: tuple(one) for name, one in values["excluded"].items()},
                "data": tuple(RouteData(**one) for one in values["data"]),
                "tags": tuple(values["tags"]),
                "languages": tuple(values["languages"]),
                "list": RouteList(**values["list"]) if values["list"] else None,
                "paths": RoutePaths(**values["paths"]) if values["paths"] else None,
            }
        )
