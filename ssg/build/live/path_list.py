"""Asks a source for the paths of a route that the build should know, part by part.

A source answers with a list of items, each with the values of the placeholders of the route. A long
list comes in parts; only one of them is in memory at a time.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from ssg.model.live.data_request import DataRequest, Scalar
from ssg.model.live.route import CURSOR, ONLY_PATH, PAGER_NUMBER, Route, RoutePaths
from ssg.model.live.route_pattern import PLACEHOLDER, fill, is_value
from ssg.model.settings import SiteSettings
from ssg.render.live.live_data import LiveDataError, describe, find, moment_of, text_in
from ssg.runtime.live.load_data import DataError, parsed
from ssg.runtime.rounds import BringData

MAX_PARTS = 10_000
"""A source that always names another part does not keep a build for ever."""
SHOWN_CHARACTERS = 40
"""Of a value in a message."""


@dataclass(frozen=True, slots=True)
class PathSources:
    """The sources of lists, and what must be known of them."""

    bring: BringData
    urls: Mapping[str, str] = field(default_factory=dict)
    """The URLs of sources by name: an answer may name the URL of the next part."""
    numbered_queries: Collection[str] = ()
    """The queries that have a parameter for the number of a part."""


@dataclass(frozen=True, slots=True)
class ListedItem:
    """An item of the list, and its number, from 1."""

    number: int
    values: Any
    request: DataRequest


def listed_items(
    route: Route, settings: SiteSettings, sources: PathSources
) -> Iterator[ListedItem]:
    """All items of the list of a route. Raises DataError, which names the request."""
    number = 0
    if route.paths == ONLY_PATH:
        yield ListedItem(1, {}, DataRequest(""))
    for request, items in _parts(route, settings, sources):
        for item in items:
            number += 1
            yield ListedItem(number, item, request)


def params_of(item: ListedItem, route: Route, paths: RoutePaths) -> dict[str, str]:
    """The values of the placeholders in an item. Raises ItemError."""
    return {name: _param(item, paths.params[name]) for name in route.pattern.names}


def updated_of(item: ListedItem, paths: RoutePaths) -> str | None:
    """When the page of an item changed, in ISO 8601; None if the item does not say it."""
    value = find(item.values, paths.updated) if paths.updated else None
    if value is None or value == "":
        return None
    try:
        return moment_of(value, paths.updated).isoformat()
    except LiveDataError as error:
        raise ItemError(item, str(error)) from error


def _param(item: ListedItem, place: str) -> str:
    try:
        value = text_in(item.values, place)
    except LiveDataError as error:
        raise ItemError(item, str(error)) from error
    if not is_value(value):
        raise ItemError(item, f"{place} is {_shown(value)}, which cannot be a part of a path")
    return value


class ItemError(DataError):
    """An item of a list cannot be used, for a `reason` that other items may share."""

    def __init__(self, item: ListedItem, reason: str) -> None:
        super().__init__(f"{item.request}: item {item.number}: {reason}")
        self.reason = reason


def _shown(value: str) -> str:
    return repr(value if len(value) <= SHOWN_CHARACTERS else value[:SHOWN_CHARACTERS] + "…")


# -- parts -------------------------------------------------------------------------------------


def _parts(
    route: Route, settings: SiteSettings, sources: PathSources
) -> Iterator[tuple[DataRequest, Sequence[Any]]]:
    paths = route.paths
    values: dict[str, Scalar] = {
        "language": settings.in_language(route.language).language_code, CURSOR: "", PAGER_NUMBER: 1,
    }  # fmt: skip
    request: DataRequest | None = _request(paths, values) if paths else None
    asked = set[DataRequest]()
    while paths and paths.source and request:
        if request in asked or len(asked) == MAX_PARTS:
            raise DataError(f"{request}: the list does not end: this part comes again")
        asked.add(request)
        content = _content(request, sources.bring)
        items = _items(request, content, paths)
        yield request, items
        values[PAGER_NUMBER] = len(asked) + 1
        if paths.next:
            request = _next(paths, request, content, values, sources.urls)
        else:
            is_numbered = paths.query in sources.numbered_queries or _is_numbered(paths)
            request = _request(paths, values) if items and is_numbered else None


def _content(request: DataRequest, bring: BringData) -> Any:
    try:
        content = parsed(request.source, bring([request])[request])
    except DataError as error:
        message = str(error).removeprefix(f"{request.source}: ")
        raise DataError(f"{request}: {message}") from error
    if content is None:
        raise DataError(f"{request}: the source has no such list")
    return content


def _items(request: DataRequest, content: Any, paths: RoutePaths) -> Sequence[Any]:
    items = find(content, paths.items) if paths.items else content
    if isinstance(items, list):
        return items
    raise DataError(f"{request}: {paths.items or 'the answer'} is {describe(items)}, not a list")


def _next(
    paths: RoutePaths,
    request: DataRequest,
    content: Any,
    values: dict[str, Scalar],
    urls: Mapping[str, str],
) -> DataRequest | None:
    """The request for the part that an answer names; None if it is the last."""
    found = find(content, paths.next)
    if found is None or found == "" or found is False:
        return None
    if not isinstance(found, str | int) or isinstance(found, bool):
        raise DataError(f"{request}: {paths.next} is {describe(found)}, not a text")
    if paths.query or CURSOR in PLACEHOLDER.findall(paths.path):
        values[CURSOR] = found
        return _request(paths, values)
    return DataRequest(
        request.source, path=_path_after(request, str(found), paths, urls.get(request.source, ""))
    )


def _is_numbered(paths: RoutePaths) -> bool:
    return PAGER_NUMBER in PLACEHOLDER.findall(paths.path)


def _path_after(request: DataRequest, found: str, paths: RoutePaths, url: str) -> str:
    """The path that an answer names: `?page=2`, `/posts?page=2`, or a URL of the source."""
    if found.startswith("?"):
        return request.path.partition("?")[0] + found
    below = found.removeprefix(url.rstrip("/")) if url else found
    if re.match(r"/(?!/)", below):
        return below
    hint = "neither a path, which begins with one slash, nor a query or a URL of the source"
    raise DataError(f"{request}: {paths.next} is {_shown(found)}, {hint}")


def _request(paths: RoutePaths, values: Mapping[str, Scalar]) -> DataRequest:
    if paths.query:
        return DataRequest(paths.source, query=paths.query, values=tuple(values.items()))
    texts = {name: str(value) for name, value in values.items()}
    return DataRequest(
        paths.source, path=fill(paths.path, texts, lambda text: quote(text, safe=""))
    )
