"""Which deferred pages a build renders all the same, so that no deploy ships one that must fail.

One page of each template is rendered, and each page whose text could fail by itself: it calls a
shortcode, or links to a source that is not there.
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
from ssg.render.links import is_internal, source_of
from ssg.render.renderer import Renderer

_TARGET = r"\s*(?:<([^>\n]+)>|([^)\s]+))"
_TARGETS = re.compile(rf"\]\({_TARGET}|^ {{0,3}}\[[^\]]+\]:{_TARGET}", re.M)


def rehearse(database: Path) -> list[Problem]:
    """Problems of deferred pages that could not be rendered on a visitor's request."""
    site = Site.open(database)
    renderer = Renderer(site)
    problems: list[Problem] = []
    with contextlib.closing(open_readonly(database)) as connection:
        page_ids = pages_to_rehearse(connection)
    for page_id in page_ids:
        try:
            renderer.render(site.page_by_id(page_id))
        except RenderError as error:
            problems += error.problems
    site.close()
    return problems


def pages_to_rehearse(connection: sqlite3.Connection) -> list[int]:
    """Ids of the deferred pages to try."""
    samples = {
        page_id
        for (page_id,) in connection.execute(
            "SELECT min(id) FROM page WHERE deferred GROUP BY kind, template"
        )
    }
    sources = {name for (name,) in connection.execute("SELECT source FROM page WHERE source > ''")}
    return sorted(samples | set(_suspects(connection, sources)))


def _suspects(connection: sqlite3.Connection, sources: Collection[str]) -> Iterator[int]:
    rows = connection.execute(
        "SELECT id, source, text FROM page JOIN body ON page_id = id WHERE deferred AND "
        "(instr(text, '{{') OR instr(text, '{%') OR instr(text, '@/') OR instr(text, '.md'))"
    )
    for page_id, source, text in rows:
        if "{{" in text or "{%" in text or _has_dead_link(text, source or "", sources):
            yield page_id


def _has_dead_link(text: str, source: str, sources: Collection[str]) -> bool:
    """Whether a link may lead nowhere. It is no verdict: the words may stand in a code block."""
    found = ("".join(filter(None, match.groups())) for match in _TARGETS.finditer(text))
    return any(is_internal(t) and source_of(t, source) not in sources for t in found)
