"""A small site, and a function emitted for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ssg.model import database
from ssg.model.page import Page, PageKind
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.model.texts import FOLDER, keep
from ssg.targets.bundles.pyodide.emit_function import FunctionInputs, PackageReport, emit_function
from ssg.targets.netlify.function import host_parts

NOT_FOUND = "<h1>Nichts gefunden – nothing here</h1>\n"
ERRORS = {"/fr/": "<h1>Rien</h1>", "/fr/ca/": "<h1>Rien là</h1>"}
TEMPLATES = {
    "base.html": "<!doctype html>\n<title>{{ page.title }}</title>\n{% block body %}{% endblock %}",
    "page.html": '{% extends "base.html" %}{% block body %}{{ page.content }}{% endblock %}',
    "broken.html": "<p>\n\n{{ page.title.secret_method() }}</p>",
}
TEXT = """\
A *page* of äöü and 漢字, number {number}.[^1]

[^1]: A note.

| a | b |
|---|---|
| 1 | 2 |

```python
def answer() -> int:
    return 42  # really
```
"""


@dataclass(frozen=True, slots=True)
class EmittedFunction:
    """A function's folder, and what it was made from."""

    folder: Path
    database: Path
    paths: tuple[str, ...]
    report: PackageReport


def page(number: int, path: str, **changes: object) -> Page:
    values: dict[str, object] = {
        "id": number,
        "path": path,
        "kind": PageKind.PAGE,
        "template": "page.html",
        "source": f"{number}.md",
        "parent_id": None,
        "term_id": None,
        "taxonomy": None,
        "number": 1,
        "title": f"Page {number} & more",
        "slug": str(number),
        "description": "",
        "date": "2026-01-31T08:00:00+00:00",
        "updated": None,
        "weight": 0,
        "sort_key": number,
        "date_key": number,
        "front": "{}",
        "deferred": True,
        "ttl_seconds": None,
        "stale_seconds": None,
        "cache_tags": "",
        "reason": "asked for",
    }
    return Page(**{**values, **changes})  # type: ignore[arg-type]


PAGES = (
    page(1, "/", deferred=False),
    page(2, "/blog/short-lived/", ttl_seconds=120),
    page(3, "/blog/käse/"),
    page(4, "/blog/漢字/"),
    page(5, "/broken/", template="broken.html"),
    page(6, "/data.xml"),
)


def write_site(path: Path, pages: Sequence[Page] = PAGES) -> None:
    connection = database.create(path)
    database.insert_pages(connection, pages)
    folder = path.parent / FOLDER
    folder.mkdir()
    for one in pages:
        raw = TEXT.format(number=one.id).encode()
        database.insert_block(connection, keep(raw, folder), [(one.id, 0, len(raw), 1, 9)])
    connection.executemany(
        "INSERT INTO template VALUES (?, ?, ?, 0, NULL)",
        [(name, f"templates/{name}", text) for name, text in TEMPLATES.items()],
    )
    settings = SiteSettings(base_url="https://example.org/").to_json()
    meta = {"settings": settings, "build_id": "1", "build_time": "2026-02-01T00:00:00+00:00"}
    meta["menus"] = "{}"
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    database.finish(connection)


@pytest.fixture(scope="session")
def site_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("site") / "site.db"
    write_site(path)
    return path


@pytest.fixture(scope="session")
def function(tmp_path_factory: pytest.TempPathFactory, site_db: Path) -> EmittedFunction:
    """Emitted with the cache of this machine: making it anew takes ten seconds."""
    folder = tmp_path_factory.mktemp("ssg-pages")
    paths = tuple(found.path for found in Site.open(site_db).deferred_pages())
    report = emit_function(
        folder, FunctionInputs(site_db, NOT_FOUND.encode(), errors=ERRORS), host_parts()
    )
    return EmittedFunction(folder, site_db, paths, report)
