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
from dataclasses import dataclass
from pathlib import Path

from ssg.build.recorder import Recorder, Renders
from ssg.model.database import open_readonly
from ssg.model.errors import Problem, RenderError
from ssg.model.texts import Texts
from ssg.render.links import LinkError, is_internal, source_of

_HOOKED = {"link": "](", "image": "![", "heading": "#", "code": "```", "blockquote": ">"}
"""What a text probably holds that calls a render hook."""

_TARGET = r"\s*(?:<([^>\n]+)>|([^)\s]+))"
_TARGETS = re.compile(rf"\]\({_TARGET}|^ {{0,3}}\[[^\]]+\]:{_TARGET}", re.M)

_CALLS = ("{{", "{%", "linenos", "hl_lines")
"""Of a shortcode, or of an attribute of a code block, which may be wrong."""
_LINKS = ("@/", ".md")
"""Of a link to a source file."""
JUDGED = "?"
"""Begins the name of a record: of what it took to see that a page's links lead somewhere."""

_TEXTS = (
    "SELECT page.id, path, coalesce(source, ''), digest, start, length FROM body "
    "JOIN page ON page_id = page.id JOIN block ON block_id = block.id WHERE deferred"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deferred pages a build has to look at: all, where it knows of no build before."""

    texts: Collection[str] | None = None
    """Pages whose texts are to be judged. None: all."""
    again: Collection[str] = ()
    """Pages that were rehearsed before, and ask for something that has another answer by now."""
    known: Collection[str] = ()
    """Pages whose renders hold."""


def rehearse(database: Path, wanted: Wanted = Wanted()) -> tuple[list[Problem], Renders]:
    """Problems of deferred pages that could not be rendered on a visitor's request."""
    recorder = Recorder(database)
    problems: list[Problem] = []
    with contextlib.closing(open_readonly(database)) as connection:
        texts = Texts.beside(database)
        page_ids = pages_to_rehearse(connection, texts, recorder, wanted)
    for page_id in page_ids:
        try:
            recorder.render(recorder.site.page_by_id(page_id))
        except RenderError as error:
            problems += error.problems
    recorder.close()
    return problems, recorder.taken()


def pages_to_rehearse(
    connection: sqlite3.Connection,
    texts: Texts,
    recorder: Recorder | None = None,
    wanted: Wanted = Wanted(),
) -> list[int]:
    """Ids of the deferred pages to try. With a `recorder`, parts of pages are looked for, too."""
    found = set(_samples(connection, wanted))
    sources = {name for (name,) in connection.execute("SELECT source FROM page WHERE source > ''")}
    hooks = set(_hooked(connection))
    for page_id, path, source, text in _deferred_texts(connection, texts, wanted.texts):
        called = {hook for hook in hooks if _HOOKED[hook] in text}
        hooks -= called if wanted.texts is None else set()
        if called or _is_suspect(text, path, source, sources, recorder):
            found.add(page_id)
    return sorted(found)


def _samples(connection: sqlite3.Connection, wanted: Wanted) -> Iterator[int]:
    """One page of each template and language, and those that were tried before on other grounds."""
    for page_id, path in connection.execute(
        "SELECT min(id), path FROM page WHERE deferred GROUP BY kind, template, language"
    ):
        if path not in wanted.known:
            yield page_id
    for path in wanted.again:
        query = "SELECT id FROM page WHERE path = ? AND deferred"
        yield from (page_id for (page_id,) in connection.execute(query, (path,)))


def _hooked(connection: sqlite3.Connection) -> Iterator[str]:
    for hook in _HOOKED:
        name = (f"markdown/{hook}.html",)
        if connection.execute("SELECT 1 FROM template WHERE name = ?", name).fetchone():
            yield hook


def _deferred_texts(
    connection: sqlite3.Connection, texts: Texts, paths: Collection[str] | None
) -> Iterator[tuple[int, str, str, str]]:
    """Id, path, source and text of each deferred page that has one, block by block."""
    if paths is None:
        rows = connection.execute(f"{_TEXTS} ORDER BY page.id")
    else:
        found = (connection.execute(f"{_TEXTS} AND path = ?", (path,)) for path in sorted(paths))
        rows = (row for one in found for row in one)  # type: ignore[assignment]
    for page_id, path, source, digest, start, length in rows:
        yield page_id, path, source, texts.read(digest, start, length)


def _is_suspect(
    text: str, path: str, source: str, sources: Collection[str], recorder: Recorder | None
) -> bool:
    if any(mark in text for mark in _CALLS):
        return True
    if not any(mark in text for mark in _LINKS):
        return False
    targets = list(_internal_targets(text))
    if any(source_of(target, source) not in sources for target in targets):
        return True
    return recorder is not None and _names_no_part(path, source, targets, recorder)


def _names_no_part(path: str, source: str, targets: list[str], recorder: Recorder) -> bool:
    """Whether a link leads to a part that is not there. What that hangs on is noted."""
    parts = [target for target in targets if "#" in target]
    if not parts:
        return False
    links, site = recorder.renderer.texts.links, recorder.site
    page = site.page_at(path)
    language = page.language if page else ""
    site.take()
    try:
        for target in parts:
            # converts the other page, once for all links to it
            links.check(target, source, language)
    except LinkError:
        return True
    recorder.renders.note(JUDGED + path, site.take())
    return False


def _internal_targets(text: str) -> Iterator[str]:
    """Targets as they are written. They may stand in a code block, so they are no verdict."""
    found = ("".join(filter(None, match.groups())) for match in _TARGETS.finditer(text))
    return filter(is_internal, found)
