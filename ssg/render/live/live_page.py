"""A live page as values: what `page` and `list` of its route find in the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ssg.model.live.route import Route, RouteList
from ssg.model.page import Page, PageKind
from ssg.model.pagination import page_count
from ssg.model.settings import SiteSettings
from ssg.render.live.live_data import (
    LiveDataError,
    describe,
    filled_path,
    find,
    is_absent,
    value_at,
)
from ssg.render.live.page_values import Neighbour, neighbour_at, page_row, term_names, text_at

FEED_SUFFIX = ".xml"
"""A route with a list whose path ends so is a feed."""


@dataclass(frozen=True, slots=True)
class LivePage:
    """A page that the site database does not have, or an item of a list of such pages."""

    page: Page
    body: str = ""
    trusted: bool = False
    """Whether the text may do what texts of the site may."""
    has_trusted_data: bool = False
    """Whether all data of the page is from trusted sources."""
    terms: Mapping[str, tuple[str, ...]] | None = None
    """Names of terms by taxonomy."""
    previous: Neighbour | None = None
    next: Neighbour | None = None
    data: Mapping[str, Any] | None = None
    """The variables of its template; for an item what the source has of it."""
    params: Mapping[str, str] | None = None
    listed: LiveList | None = None
    paths: tuple[tuple[str, str], ...] = ()
    """Language and path of the page in each language of its route, itself included."""


@dataclass(frozen=True, slots=True)
class LiveList:
    """The part of a list that a page shows."""

    first_path: str
    """The path of the first part."""
    items: tuple[LivePage, ...]
    number: int = 1
    size: int = 0
    """The number of items in a part; 0: all are in one."""
    total: int | None = None
    """The number of all items; None if the list has a cursor."""
    cursor: str = ""
    """Where this part begins; '' for the first one."""
    next_cursor: str = ""

    @property
    def exists(self) -> bool:
        """Whether there is such a part. The first one is there even without items."""
        if self.number == 1 and not self.cursor:
            return True
        return bool(self.items) and (
            self.total is None or self.number <= page_count(self.total, self.size)
        )


def live_page(
    route: Route,
    path: str,
    params: Mapping[str, str],
    data: Mapping[str, Any],
    settings: SiteSettings,
    *,
    number: int = 1,
    cursor: str = "",
) -> LivePage:
    """The page of a route at a path. Raises LiveDataError."""
    known = {**data, **params}
    listed = None
    if route.list:
        listed = _list(route, route.list, known, params, settings, number=number, cursor=cursor)
    row = page_row(route, known, path, route.page, _kind(route, path, params), settings)
    return LivePage(
        page=row._replace(number=number),
        body=text_at(known, route.page, "body"),
        trusted=_is_trusted(route, settings, params, route.page.get("body", "")),
        has_trusted_data=_has_trusted_data(route, settings),
        terms=term_names(known, route.page, settings),
        previous=neighbour_at(known, route.page.get("previous")),
        next=neighbour_at(known, route.page.get("next")),
        data=data,
        params=params,
        listed=listed,
        paths=tuple(_paths(route, path, settings)),
    )


def _kind(route: Route, path: str, params: Mapping[str, str]) -> PageKind:
    if route.list is None:
        return PageKind.PAGE
    if path.endswith(FEED_SUFFIX):
        return PageKind.FEED
    return PageKind.SECTION if path == route.pattern.fill(params) else PageKind.PAGER


def _is_trusted(
    route: Route, settings: SiteSettings, params: Mapping[str, str], *places: str
) -> bool:
    """Whether the data at all these places is from trusted sources, and not from the address.

    What a loader returns may be from any source.
    """
    sources = {one.name: one.source for one in route.data}
    names = {place.partition(".")[0] for place in places}
    if route.loader:
        return names.isdisjoint(params) and _has_trusted_data(route, settings)
    return names.isdisjoint(params) and all(
        name in sources and settings.sources[sources[name]].trusted for name in names
    )


def _has_trusted_data(route: Route, settings: SiteSettings) -> bool:
    names = settings.sources if route.loader else {one.source for one in route.data}
    return all(settings.sources[name].trusted for name in names)


def _paths(route: Route, path: str, settings: SiteSettings) -> Iterator[tuple[str, str]]:
    """Language and path of the page in each language of its route."""
    below = path.removeprefix(settings.in_language(route.language).home_path.rstrip("/"))
    for code in route.languages if len(route.languages) > 1 else ():
        home = settings.in_language(code).home_path
        yield "" if code == settings.default_language else code, home.rstrip("/") + below


# -- lists -------------------------------------------------------------------------------------


def _list(
    route: Route,
    wanted: RouteList,
    data: Mapping[str, Any],
    params: Mapping[str, str],
    settings: SiteSettings,
    *,
    number: int,
    cursor: str,
) -> LiveList:
    items = _items(data, wanted.items)
    shown = items[: wanted.paginate_by or None]  # a source may ignore the limit
    made = (_item(route, wanted, data, params, item, settings) for item in shown)
    return LiveList(
        first_path=route.pattern.fill(params),
        items=tuple(made),
        number=number,
        size=wanted.paginate_by,
        total=_total(data, wanted, is_empty=not items),
        cursor=cursor,
        next_cursor=_next_cursor(data, wanted.next) if wanted.next else "",
    )


def _items(data: Mapping[str, Any], place: str) -> list[Any]:
    """The items of a list. Null is an empty list, but a name that is not there is a mistake."""
    items = find(data, place)
    if items is None and not is_absent(data, place):
        return []
    if not isinstance(items, list):
        raise LiveDataError(f"{place} is {describe(items)}, not a list")
    return items


def _total(data: Mapping[str, Any], wanted: RouteList, *, is_empty: bool) -> int | None:
    if not wanted.total:
        return None
    total = value_at(data, wanted.total, int)
    if total is None and is_empty:
        return 0
    if total is None or total < 0:
        kind = "missing" if total is None else "less than 0"
        raise LiveDataError(f"{wanted.total} is {kind}, but is the number of all items")
    return total


def _next_cursor(data: Mapping[str, Any], place: str) -> str:
    value = find(data, place)
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise LiveDataError(f"{place} is {describe(value)}, not a cursor")
    return str(value)


def _item(
    route: Route,
    wanted: RouteList,
    around: Mapping[str, Any],
    params: Mapping[str, str],
    item: Any,
    settings: SiteSettings,
) -> LivePage:
    """An item. `page` of a list names its fields without `item.` in front."""
    own = item if isinstance(item, dict) else {}
    data = {**around, **own, "item": item}
    path = filled_path(wanted.path, {**around, "item": item})
    return LivePage(
        page=page_row(route, data, path, wanted.page, PageKind.PAGE, settings),
        body=text_at(data, wanted.page, "body"),
        trusted=_is_item_trusted(route, settings, params, own),
        terms=term_names(data, wanted.page, settings),
        data=own,
    )


def _is_item_trusted(
    route: Route, settings: SiteSettings, params: Mapping[str, str], own: Mapping[str, Any]
) -> bool:
    """Whether the text of an item is trusted: its list, and where the text is, if not in it."""
    wanted = route.list
    if wanted is None:
        return False
    place = wanted.page.get("body", "")
    first = place.partition(".")[0]
    if first in own or first == "item":
        return _is_trusted(route, settings, params, wanted.items)
    return _is_trusted(route, settings, params, wanted.items, place)
