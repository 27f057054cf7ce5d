"""Reads the values of a page from data, at the places that `page` of a route names."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ssg.model.live.route import TEXT_MARK, Route, is_text
from ssg.model.page import UNDATED, Page, PageKind
from ssg.model.settings import SiteSettings
from ssg.render.live.live_data import (
    LiveDataError,
    describe,
    filled,
    find,
    moment_of,
    path_of_site,
    value_at,
)
from ssg.render.markdown.summary import SUMMARY_MARKERS

LIVE_ID = -1
"""The id of all pages that are not in the site database."""

Places = Mapping[str, str]
"""Where the data has the values of a page, by their names."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The previous or next page, as the data names it."""

    title: str
    path: str


def page_row(
    route: Route,
    data: Mapping[str, Any],
    path: str,
    places: Places,
    kind: PageKind,
    settings: SiteSettings,
) -> Page:
    """The page as a row, which the site database does not have. Raises LiveDataError."""
    is_utc = settings.timezone == "UTC"
    date, updated = (_date(data, places.get(key), is_utc=is_utc) for key in ("date", "updated"))
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
        slug=text_at(data, places, "slug") or path.strip("/").rpartition("/")[2],
        description=text_at(data, places, "description"),
        date=date,
        updated=updated,
        weight=0,
        sort_key=0,
        date_key=UNDATED,
        front=json.dumps(_front(data, places), ensure_ascii=False),
        deferred=1,
        language=route.language,
    )


def text_at(data: Mapping[str, Any], places: Places, key: str) -> str:
    """The text that `page` of a route names by a key; '' if there is none."""
    if is_text(text := places.get(key, "")):
        return filled(text.removeprefix(TEXT_MARK), data)
    return (value_at(data, places[key], str) if key in places else "") or ""


def term_names(
    data: Mapping[str, Any], places: Places, settings: SiteSettings
) -> dict[str, tuple[str, ...]]:
    """The names of terms by taxonomy."""
    named = [name for name in settings.in_language("").taxonomies if name in places]
    return {name: tuple(_texts(data, places[name]) or ()) for name in named}


def neighbour_at(data: Mapping[str, Any], place: str | None) -> Neighbour | None:
    """The previous or next page; None if the data has none."""
    found = value_at(data, place, dict) if place else None
    if not found:
        return None
    title, path = (value_at(found, key, str) for key in ("title", "path"))
    if not title or not path:
        raise LiveDataError(f'{place} needs "title" and "path"')
    return Neighbour(title, path_of_site(path, f"{place}.path"))


def _title(data: Mapping[str, Any], places: Places) -> str:
    if "title" not in places:
        return ""
    title = text_at(data, places, "title")
    if not title:
        place = places["title"]
        name, _, below = place.partition(".")
        hint = f"; {name} is a list: `one = true` takes its first row" * (
            isinstance(data.get(name), list) and not below.partition(".")[0].isdecimal()
        )
        kind = describe(find(data, place))
        raise LiveDataError(f"{place} is {kind}, but is the title of the page{hint}")
    return title


def _date(data: Mapping[str, Any], place: str | None, *, is_utc: bool) -> str | None:
    """A date in ISO 8601 with an offset; None if there is none.

    On a site in UTC all dates are in UTC, as those of its pages; else each keeps its offset.
    """
    value = find(data, place) if place else None
    if value is None or value == "":
        return None
    moment = moment_of(value.strip() if isinstance(value, str) else value, place or "")
    try:
        return (moment.astimezone(dt.UTC) if is_utc else moment).isoformat()
    except OverflowError as error:
        raise LiveDataError(f"{place} is {describe(value)} that is not a date") from error


def _front(data: Mapping[str, Any], places: Places) -> dict[str, Any]:
    """The front matter that has no column."""
    front = {
        key: value
        for key, read in _FRONT.items()
        if key in places and (value := read(data, places[key])) is not None
    }
    body = text_at(data, places, "body")
    if any(marker in body for marker in SUMMARY_MARKERS):
        front["more"] = True
    return front


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
    "summary": lambda data, place: text_at(data, {"summary": place}, "summary") or None,
    "authors": _texts,
    "keywords": _texts,
    "extra": _table,
}
"""How the keys of front matter are read that have no column."""
