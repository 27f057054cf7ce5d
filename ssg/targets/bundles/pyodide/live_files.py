"""Writes `routes.json` and `sources.json`: what JavaScript must know of live pages.

`routes.json` lists the paths that live pages may have, so that all other paths are answered without
Python (`lib/paths.js`). `sources.json` says how sources are asked and which variables templates see
(`lib/sources.js`). It contains no value of a variable: `${NAME}` stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import ssg
from ssg.model.live.data_source import DataSource, SourceKind
from ssg.model.live.route import Route
from ssg.model.settings import SiteSettings

ROUTES = "routes.json"
SOURCES = "sources.json"
_IN_BOTH = re.compile(
    r"(?:[A-Za-z0-9_+*?|.,-]|\[\^?[A-Za-z0-9_.-]+\]|\{\d+(?:,\d*)?\}|\((?!\?)|\))*"
)
"""Expressions that mean the same in JavaScript. All others are left to Python."""


def live_files(settings: SiteSettings) -> dict[str, bytes]:
    """The files by name. A site without live pages and without variables has none of them."""
    files = {}
    if settings.routes:
        files[ROUTES] = _json(list(_routes(settings.routes)))
    if settings.sources or settings.env:
        files[SOURCES] = _json(_declared(settings))
    return files


def _routes(routes: Iterable[Route]) -> Iterable[Mapping[str, Any]]:
    for route in routes:
        for pattern in route.patterns:
            where = {name: one for name, one in pattern.where.items() if _IN_BOTH.fullmatch(one)}
            yield {"path": pattern.text, "except": pattern.excluded, "where": where}


def _declared(settings: SiteSettings) -> dict[str, Any]:
    sources = settings.sources.values()
    return {
        "env": list(settings.env),
        "user_agent": f"ssg/{ssg.__version__}",
        "sources": {one.name: _source(one) for one in sources if one.kind == SourceKind.HTTP},
    }


def _source(source: DataSource) -> dict[str, Any]:
    return {
        "url": source.url,
        "headers": source.headers,
        "timeout": source.timeout_seconds,
        "max_bytes": source.max_bytes,
    }


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
