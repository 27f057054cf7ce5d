"""Renders pages before a snapshot of Python's memory is taken, so that the next page is fast.

There is a deferred page and a live one, whose text is that of a stranger. Rendering once imports
every module, compiles every regular expression and loads the lexers of common languages. A first
page from a snapshot taken after that needs half the time. Only such caches, which no page can see,
are left of the warm-up's site.
"""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ssg.model import database
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.live.data_source import DataSource
from ssg.model.live.route import Route, RouteData
from ssg.model.page import Page, PageKind
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.model.texts import FOLDER, keep
from ssg.runtime import pyodide  # noqa: F401 the entry point for JavaScript is in the snapshot, too
from ssg.runtime.http import Request
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer

LANGUAGES = (
    *("bash", "c", "console", "cpp", "css", "diff", "docker", "go", "html", "ini", "java"),
    *("javascript", "json", "python", "rust", "sql", "toml", "typescript", "xml", "yaml"),
)
"""Languages whose lexers are in the snapshot; any other is imported when a page needs it."""

_PATH, _LIVE_PATH = "/warm-up/", "/warm-up/live/"
_ROUTE = Route(
    1,
    "/warm-up/{slug}/",
    "page.html",
    data=(RouteData("post", "source", path="/{slug}"),),
    page={"title": "post.title", "date": "post.date", "body": "post.text"},
    tags=("post:{slug}",),
)
_POST = {"title": "Live", "date": "2024-02-29T12:00:00Z"}
_TEMPLATES = {
    "base.html": "<title>{% block title %}{{ page.title }}{% endblock %}</title>"
    "{% macro item(it) %}<li>{{ it.title|e }}</li>{% endmacro %}{% block body %}{% endblock %}",
    "page.html": '{% extends "base.html" %}{% block body %}{% set x = page.title|upper ~ "!" %}'
    '{{ page.content }}{{ page.date|date("%Y") if page.date }}{% include "part.html" %}'
    "{% for it in [1, 2] if it > 1 %}{{ loop.index }}{% else %}{{ x }}{% endfor %}{% endblock %}",
    "part.html": "{# a part #}{{ page.url }}{{ page.toc|length }}{{ get_url('/style.css') }}\n",
    "shortcodes/note.html": "<aside>{{ body }}</aside>",
}
_TEXT = """\
A *first* **page** of `code`, ~~gone~~[^1], <b>HTML</b>, https://example.org/ and [a link](/).

[^1]: A note with an ![image](image.png).

| a | b |
|--:|---|
| 1 | 2 |

> 1. quoted
> - [x] done

{% note() %}
Words.
{% end %}

<!-- more -->

## Heading

"""


def warm_up() -> None:
    """Render pages of a small site as the function does. Raises RuntimeError if that fails."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "site.db")
        _write_site(path)
        site = Site.open(path)
        # Lexers push the patterns of Markdown out of the cache of `re`; the second render puts
        # them back.
        for asked in (_LIVE_PATH, _PATH, _LIVE_PATH, _PATH):
            response = answered(TaggedRenderer(site), Request("GET", asked), _bring)
            if response.status != 200:
                raise RuntimeError(f"the warm-up failed: {response.failure}")
        site.close()
    gc.collect()


def _bring(requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
    body = json.dumps({**_POST, "text": _TEXT}).encode()
    return {one: DataAnswer(200, body) for one in requests}


def _write_site(path: Path) -> None:
    code = (f"```{language}\nlet x = 1;\n```\n\n" for language in LANGUAGES)
    connection = database.create(path)
    database.insert_pages(connection, [_page()])
    raw = (_TEXT + "".join(code)).encode()
    folder = path.parent / FOLDER
    folder.mkdir()
    database.insert_block(connection, keep(raw, folder), [(1, 0, len(raw), 1, 1)])
    connection.executemany(
        "INSERT INTO template VALUES (?, ?, ?, 0, NULL)",
        [(name, f"templates/{name}", text) for name, text in _TEMPLATES.items()],
    )
    meta = {"settings": _settings().to_json(), "build_id": "", "build_time": _page().date}
    meta["menus"] = "{}"
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    database.finish(connection)


def _settings() -> SiteSettings:
    return SiteSettings(routes=(_ROUTE,), sources={"source": DataSource("source")})


def _page() -> Page:
    return Page(
        id=1,
        path=_PATH,
        kind=PageKind.PAGE,
        template="page.html",
        source="warm-up.md",
        parent_id=None,
        term_id=None,
        taxonomy=None,
        number=1,
        title="Warm-up",
        slug="warm-up",
        description="",
        date="2024-02-29T12:00:00+00:00",
        updated=None,
        weight=0,
        sort_key=0,
        date_key=0,
        front="{}",
        deferred=True,
        ttl_seconds=None,
        reason="",
    )
