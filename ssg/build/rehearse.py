"""Which deferred pages a build renders all the same, so that no deploy ships one that must fail.

One page of each template is rendered, and each page whose text could fail by itself: it calls a
shortcode, numbers lines of code, or links to a source or a part of one that is not there. So is one
page for each render hook.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

from ssg.model.database import open_readonly
from ssg.model.errors import Problem, RenderError
from ssg.model.site import Site
from ssg.render.links import LinkError, Links, is_internal, source_of
from ssg.render.renderer import Renderer

_HOOKED = {"link": "](", "image": "![", "heading": "#", "code": "```", "blockquote": ">"}
"""What a text probably holds that calls a render hook."""

_TARGET = r"\s*(?:<([^>\n]+)>|([^)\s]+))"
_TARGETS = re.compile(rf"\]\({_TARGET}|^ {{0,3}}\[[^\]]+\]:{_TARGET}", re.M)

_CALLS = ("{{", "{%", "linenos", "hl_lines")
"""Of a shortcode, or of an attribute of a code block, which may be wrong."""
_LINKS = ("@/", ".md")
"""Of a link to a source file."""


def rehearse(database: Path) -> list[Problem]:
    """Problems of deferred pages that could not be rendered on a visitor's request."""
    site = Site.open(database)
    renderer = Renderer(site)
    problems: list[Problem] = []
    with contextlib.closing(open_readonly(database)) as connection:
        page_ids = pages_to_rehearse(connection, renderer.texts.links)
    for page_id in page_ids:
        try:
            renderer.render(site.page_by_id(page_id))
        except RenderError as error:
            problems += error.problems
    site.close()
    return problems


def pages_to_rehearse(connection: sqlite3.Connection, links: Links | None = None) -> list[int]:
    """Ids of the deferred pages to try. With `links`, parts of pages are looked for, too."""
    samples = {
        page_id
        for (page_id,) in connection.execute(
            "SELECT min(id) FROM page WHERE deferred GROUP BY kind, template"
        )
    }
    sources = {name for (name,) in connection.execute("SELECT source FROM page WHERE source > ''")}
    suspects = set(_suspects(connection, sources, links))
    return sorted({*samples, *suspects, *_hooked(connection)})


def _hooked(connection: sqlite3.Connection) -> Iterator[int]:
    for hook, mark in _HOOKED.items():
        name = (f"markdown/{hook}.html",)
        if connection.execute("SELECT 1 FROM template WHERE name = ?", name).fetchone():
            (page_id,) = connection.execute(
                "SELECT min(id) FROM page JOIN body ON page_id = id WHERE deferred "
                "AND instr(text, ?)", (mark,),
            ).fetchone()  # fmt: skip
            if page_id:
                yield page_id


def _suspects(
    connection: sqlite3.Connection, sources: Collection[str], links: Links | None
) -> Iterator[int]:
    rows = connection.execute(
        "SELECT id, source, text FROM page JOIN body ON page_id = id WHERE deferred"
    )
    for page_id, source, text in rows:  # Python finds words many times as fast as SQLite's instr
        if any(mark in text for mark in _CALLS):
            yield page_id
        elif any(mark in text for mark in _LINKS):
            targets = _internal_targets(text)
            if any(_is_dead(target, source or "", sources, links) for target in targets):
                yield page_id


def _internal_targets(text: str) -> Iterator[str]:
    """Targets as they are written. They may stand in a code block, so they are no verdict."""
    found = ("".join(filter(None, match.groups())) for match in _TARGETS.finditer(text))
    return filter(is_internal, found)


def _is_dead(target: str, source: str, sources: Collection[str], links: Links | None) -> bool:
    if source_of(target, source) not in sources:
        return True
    if links is None or "#" not in target:
        return False
    try:
        links.check(target, source)  # converts the other page, once for all links to it
    except LinkError:
        return True
    return False
