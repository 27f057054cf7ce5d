"""A live page as values: what `page` of its route finds in the data."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ssg.model.live.route import Route, RouteList
from ssg.model.page import UNDATED, Page, PageKind
from ssg.model.settings import SiteSettings
from ssg.model.urls import path_problem
from ssg.render.live.live_data import LiveDataError, describe, filled, find, value_at

LIVE_ID = -1
"""The id of all pages that are not in the site database."""
FEED_SUFFIXES = (".xml",)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The previous or next page, as the data names it."""

    title: str
    path: str


@dataclass(frozen=True, slots=True)
class LivePage:
    """A page that the site database does not have, or an item of a list of such pages."""

    page: Page
    body: str = ""
    trusted: bool = False
    """Whether the text may do what texts of the site may."""
    terms: Mapping[str, tuple[str, ...]] | None = None
    """Names of terms by taxonomy."""
    previous: Neighbour | None = None
    next: Neighbour | None = None
    data: Mapping[str, Any] | None = None
    """The variables of its template."""
    params: Mapping[str, str] | None = None
    listed: LiveList | None = None


@dataclass(frozen=True, slots=True)
class LiveList:
    """The part of a list that a page shows."""

    first_path: str
    """The path of the first part."""
    items: tuple[LivePage, ...]
    number: int = 1
    size: int = 0
    total: int | None = None
    """The number of all items; None if the list has a cursor."""
    next_cursor: str = ""
    has_numbers: bool = True


def live_page(
    route: Route,
    path: str,
    params: Mapping[str, str],
    data: Mapping[str, Any],
    settings: SiteSettings,
    *,
    number: int = 1,
) -> LivePage:
    """The page of a route at a path. Raises LiveDataError."""
    trusted = _is_trusted(route, settings)
    known = {**data, **params}
    kind = PageKind.PAGE
    if route.list:
        kind = PageKind.FEED if path.endswith(FEED_SUFFIXES) else PageKind.SECTION
    made = _made(route, known, path, route.page, kind)
    listed = _list(route, route.list, known, params, number, settings) if route.list else None
    return LivePage(
        page=made,
        body=_body(known, route.page),
        trusted=trusted,
        terms=_terms(known, route.page, settings),
        previous=_neighbour(known, route.page.get("previous")),
        next=_neighbour(known, route.page.get("next")),
        data=data,
        params=params,
        listed=listed,
    )


def _is_trusted(route: Route, settings: SiteSettings) -> bool:
    """Whether all sources of a route are trusted. A loader may ask any source."""
    names = [one.source for one in route.data] or list(settings.sources)
    return all(settings.sources[name].trusted for name in names)


def _made(
    route: Route,
    data: Mapping[str, Any],
    path: str,
    places: Mapping[str, str],
    kind: PageKind,
) -> Page:
    date, updated = (_date(data, places.get(key)) for key in ("date", "updated"))
    front = {
        key: value
        for key, read in _FRONT.items()
        if key in places and (value := read(data, places[key])) is not None
    }
    return Page(
        id=LIVE_ID,
        path=path,
        kind=kind,
        template=route.template,
        source=None,
        parent_id=None,
        term_id=None,
        taxonomy=None,
        number=1,
        title=_title(data, places),
        slug=_optional(data, places, "slug") or path.strip("/").rpartition("/")[2],
        description=_optional(data, places, "description"),
        date=date,
        updated=updated,
        weight=0,
        sort_key=0,
        date_key=UNDATED,
        front=json.dumps(front, ensure_ascii=False),
        deferred=1,
        language=route.language,
    )


def _title(data: Mapping[str, Any], places: Mapping[str, str]) -> str:
    if "title" not in places:
        return ""
    title = value_at(data, places["title"], str)
    if not title:
        raise LiveDataError(f"{places['title']} is {describe(title)}, but is the title of the page")
    return title


def _optional(data: Mapping[str, Any], places: Mapping[str, str], key: str) -> str:
    return (value_at(data, places[key], str) if key in places else "") or ""


def _body(data: Mapping[str, Any], places: Mapping[str, str]) -> str:
    return _optional(data, places, "body")


def _date(data: Mapping[str, Any], place: str | None) -> str | None:
    """A date in ISO 8601 with an offset; without one it is UTC, as a function has no time zones."""
    value = find(data, place) if place else None
    if value is None or value == "":
        return None
    try:
        if isinstance(value, str):
            moment = dt.datetime.fromisoformat(value)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError
        else:
            moment = dt.datetime.fromtimestamp(value, dt.UTC)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise LiveDataError(f"{place} is {describe(value)} that is not a date") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return moment.isoformat()


def _texts(data: Mapping[str, Any], place: str) -> list[str] | None:
    """A list of texts; one text stands for a list of one."""
    value = find(data, place)
    if value is None or isinstance(value, str):
        return [value] if value else None
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return value
    raise LiveDataError(f"{place} is {describe(value)}, not a list of texts")


def _table(data: Mapping[str, Any], place: str) -> dict[str, Any] | None:
    return value_at(data, place, dict)


_FRONT: Mapping[str, Callable[[Mapping[str, Any], str], Any]] = {
    "summary": lambda data, place: value_at(data, place, str),
    "authors": _texts,
    "keywords": _texts,
    "extra": _table,
}
"""How the keys of front matter are read that have no column."""


def _terms(
    data: Mapping[str, Any], places: Mapping[str, str], settings: SiteSettings
) -> dict[str, tuple[str, ...]]:
    named = [name for name in settings.in_language("").taxonomies if name in places]
    return {name: tuple(_texts(data, places[name]) or ()) for name in named}


def _neighbour(data: Mapping[str, Any], place: str | None) -> Neighbour | None:
    found = value_at(data, place, dict) if place else None
    if not found:
        return None
    title, path = (value_at(found, key, str) for key in ("title", "path"))
    if not title or not path:
        raise LiveDataError(f'{place} needs "title" and "path"')
    return Neighbour(title, path)


def _list(
    route: Route,
    wanted: RouteList,
    data: Mapping[str, Any],
    params: Mapping[str, str],
    number: int,
    settings: SiteSettings,
) -> LiveList:
    items = find(data, wanted.items)
    if items is not None and not isinstance(items, list):
        raise LiveDataError(f"{wanted.items} is {describe(items)}, not a list")
    return LiveList(
        first_path=route.pattern.fill(params),
        items=tuple(
            _item(route, wanted, {**data, "item": item, **_own(item)}, settings)
            for item in items or ()
        ),
        number=number,
        size=wanted.paginate_by,
        total=value_at(data, wanted.total, int) if wanted.total else None,
        next_cursor=(value_at(data, wanted.next, str) or "") if wanted.next else "",
        has_numbers=not wanted.next,
    )


def _own(item: Any) -> Mapping[str, Any]:
    """The fields of an item: `page` of a list names them without `item.` in front."""
    return item if isinstance(item, dict) else {}


def _item(
    route: Route, wanted: RouteList, data: Mapping[str, Any], settings: SiteSettings
) -> LivePage:
    path = filled(wanted.path, data)
    if problem := path_problem(path):
        raise LiveDataError(f"the path of an item {problem}")
    return LivePage(
        page=_made(route, data, path, wanted.page, PageKind.PAGE),
        body=_body(data, wanted.page),
        trusted=_is_trusted(route, settings),
        terms=_terms(data, wanted.page, settings),
        data=data["item"] if isinstance(data["item"], dict) else {},
    )
