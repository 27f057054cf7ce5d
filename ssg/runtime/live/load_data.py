"""The data of a live page: which requests it needs, and what the answers say.

A page without data that it requires does not exist (`DataMissingError`); a source that fails, or
data of another shape, is a failure (`DataError`). Neither leaves half a page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any, NoReturn
from urllib.parse import quote

from ssg.model.live.data_request import Brought, DataAnswer, DataRequest, Scalar
from ssg.model.live.data_source import SourceKind
from ssg.model.live.route import RouteData
from ssg.model.live.route_pattern import fill
from ssg.model.settings import SiteSettings
from ssg.runtime.live.route_table import FoundRoute
from ssg.runtime.needs import Needs

_PAIRS = ("utf-16", "surrogatepass")
_EMPTY: tuple[Any, ...] = (None, [], {}, "")


CheckData = Callable[[RouteData, Any], None]
"""Raises DataError for data that does not fit its schema."""


def unchecked(data: RouteData, content: Any) -> None:
    """Takes data of any shape."""


class DataMissingError(Exception):
    """A source has nothing where the page needs something: there is no such page."""


class DataError(Exception):
    """A source failed, or its data is not what the page needs."""


def load_data(
    found: FoundRoute,
    settings: SiteSettings,
    brought: Brought,
    *,
    is_draft: bool = False,
    check: CheckData = unchecked,
) -> dict[str, Any] | Needs:
    """The data of a page by its names in templates, or the requests that are lacking.

    Raises DataMissingError or DataError.
    """
    values = found.values(settings)
    asked = {one.name: request_of(one, values, is_draft) for one in found.route.data}
    lacking = [one for one in asked.values() if one not in brought]
    if lacking:
        return Needs(requests=tuple(dict.fromkeys(lacking)))
    answers = {name: brought[request] for name, request in asked.items()}
    return {
        one.name: content_of(one, answers[one.name], settings, check) for one in found.route.data
    }


def sources_of(found: FoundRoute, brought: Iterable[DataRequest]) -> list[str]:
    """The sources that a page has asked."""
    declared = [one.source for one in found.route.data]
    return sorted({*declared, *(one.source for one in brought)})


def queries_of(found: FoundRoute, brought: Iterable[DataRequest]) -> list[str]:
    """The queries of the site that a page has asked."""
    names = {one.query for one in found.route.data} | {one.query for one in brought}
    return sorted(names - {""})


def schemas_of(
    found: FoundRoute, settings: SiteSettings, brought: Iterable[DataRequest]
) -> list[str]:
    """The schemas with which the data of a page is checked: those of its requests or sources."""
    named = {one.schema or settings.sources[one.source].schema for one in found.route.data}
    if found.route.loader:
        named |= {settings.sources[one.source].schema for one in brought}
    return sorted(named - {""})


def request_of(data: RouteData, values: Mapping[str, Scalar], is_draft: bool) -> DataRequest:
    """The request of a route for its values. In a path they are percent-encoded whole."""
    if data.query:
        return DataRequest(
            data.source, query=data.query, values=tuple(values.items()), is_draft=is_draft
        )
    texts = {name: "" if one is None else str(one) for name, one in values.items()}
    path = fill(data.path, texts, lambda text: quote(text, safe=""))
    return DataRequest(data.source, path=path, is_draft=is_draft)


def content_of(
    data: RouteData, answer: DataAnswer, settings: SiteSettings, check: CheckData = unchecked
) -> Any:
    """What an answer says for a request of a route. Raises DataMissingError or DataError."""
    content = parsed(data.source, answer)
    if data.one and isinstance(content, list):
        if len(content) > 1:
            raise DataError(f"{data.source}: the query has {len(content)} rows, not one")
        content = content[0] if content else None
    if content in _EMPTY:
        if not data.optional:
            raise DataMissingError(data.name)
        rows = settings.sources[data.source].kind == SourceKind.SQL and not data.one
        return [] if rows else None
    check(data, content)
    return content


def parsed(source: str, answer: DataAnswer) -> Any:
    """The content of an answer; None if the source says that there is nothing. Raises DataError."""
    if answer.problem:
        raise DataError(answer.problem)
    if answer.is_missing:
        return None
    if not 200 <= answer.status < 300:
        raise DataError(f"{source} answered {answer.status}")
    try:
        content = json.loads(answer.body, parse_constant=_refuse, parse_float=_finite)
        return _with_whole_characters(content) if b"\\u" in answer.body else content
    except (ValueError, RecursionError) as error:
        raise DataError(f"{source}: the answer is not JSON: {error}") from error


def _with_whole_characters(value: Any) -> Any:
    """Replace halves of characters, which JSON can write, but no page can contain: `"\\ud800"`."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode(*_PAIRS).decode("utf-16", "replace")
    if isinstance(value, list):
        return [_with_whole_characters(one) for one in value]
    if isinstance(value, dict):
        pairs = value.items()
        return {_with_whole_characters(key): _with_whole_characters(one) for key, one in pairs}
    return value


def _finite(text: str) -> float:
    """A number as JSON writes it: `1e999` is none, as no page could write it again."""
    number = float(text)
    return number if isfinite(number) else _refuse(text[:20])


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")
