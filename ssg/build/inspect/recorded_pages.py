"""Live pages of which answers were recorded: `ssg serve --record`, `ssg verify`, `ssg check`.

A recording names a request, not a page. But a request that has all placeholders of a route says
which page has asked it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ssg.model.live.route import CURSOR, PAGER_NUMBER, Route, RouteData
from ssg.model.live.route_pattern import PLACEHOLDER
from ssg.runtime.live.route_table import RouteTable

SUFFIX = ".json"


def recorded_paths(routes: Sequence[Route], folder: Path) -> list[str]:
    """The paths of live pages of which a folder has recorded answers, sorted."""
    table = RouteTable.of(routes)
    found = {
        path
        for asked in _recordings(folder)
        for route in routes
        for data in route.data
        for path in _paths(route, data, asked)
        if (owner := table.find(path)) and owner.route is route
    }
    return sorted(found)


def _recordings(folder: Path) -> Iterator[Mapping[str, Any]]:
    """What was asked, of each recording that can be read. Drafts are left out."""
    for file in sorted(folder.glob(f"*/*{SUFFIX}")):
        try:
            values = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            continue
        if isinstance(values, dict) and not values.get("is_draft"):
            yield values


def _paths(route: Route, data: RouteData, asked: Mapping[str, Any]) -> Iterator[str]:
    """The path of the page that has asked; none if the request does not say it."""
    if asked.get("source") != data.source:
        return
    values = _of_query(data, asked) if data.query else _of_path(data, asked)
    if values is None or not {*route.pattern.names} <= values.keys():
        return
    number, cursor = values.get(PAGER_NUMBER, "1"), values.get(CURSOR, "")
    is_first = number == "1" and not cursor
    pattern = route.pattern if is_first else route.parts_pattern
    if pattern is not None:
        yield pattern.fill(values)


def _of_query(data: RouteData, asked: Mapping[str, Any]) -> dict[str, str] | None:
    values = asked.get("values")
    if asked.get("query") != data.query or not isinstance(values, dict):
        return None
    return {name: str(value) for name, value in values.items() if value is not None}


def _of_path(data: RouteData, asked: Mapping[str, Any]) -> dict[str, str] | None:
    parts = PLACEHOLDER.split(data.path)
    seen = set[str]()
    text = ""
    for place, part in enumerate(parts):
        if place % 2 == 0:
            text += re.escape(part)
        else:
            text += f"(?P={part})" if part in seen else f"(?P<{part}>[^/?&#]*)"
            seen.add(part)
    found = re.fullmatch(text, str(asked.get("path", "")))
    return {name: unquote(value) for name, value in found.groupdict().items()} if found else None
