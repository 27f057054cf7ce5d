"""Finds which picture files a site may name, so that their originals must be published.

Nobody can be sure that a text does not name a file: a name may be put together from parts. So this
looks for the last word of the file name, `boat.jpg` of `My%20boat.jpg`, wherever it is written. A
Markdown picture does not count: its page shows variants.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath

from ssg.build.incremental.dependencies.shown_variants import file_words
from ssg.content.structure.assets import FileCopy
from ssg.model.database import open_readonly
from ssg.model.queries.site import Site

_TEXT_SUFFIXES = frozenset(
    ".css .htm .html .js .json .map .md .mjs .svg .txt .webmanifest .xhtml .xml".split()  # noqa: SIM905 one line
)
_MARKDOWN_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^()\s]+(?:\s+\"[^\"\n]*\")?\s*\)")
_ASSETS = re.compile(r"\bassets\b")
_WRITTEN = (
    "SELECT text FROM template", "SELECT json FROM data", "SELECT json FROM file",
    "SELECT text FROM message", "SELECT text FROM module",
    "SELECT value FROM meta WHERE key IN ('settings', 'menus')",
    "SELECT front FROM page WHERE deferred",
)  # fmt: skip
_TEXTS = """
SELECT digest, start, length FROM body JOIN page ON page.id = page_id
JOIN block ON block.id = block_id WHERE deferred ORDER BY block_id
"""


def word_of(path: str) -> str:
    """The last word of a file name; '' for a name with letters that can be written otherwise."""
    name = PurePosixPath(path).name
    words = file_words(name) if name.isascii() else frozenset()
    return next(iter(words), "")


def words_of_site(site: Site, database: Path) -> frozenset[str] | None:
    """The words that deferred pages, templates, data and the configuration contain.

    None if they may name any file: live pages show data, and a list of assets names all of them.
    """
    if site.settings.routes:
        return None
    with closing(open_readonly(database)) as connection:
        texts = list(_written(connection))
        rows = connection.execute(_TEXTS).fetchall()
        defers = connection.execute("SELECT 1 FROM page WHERE deferred").fetchone() is not None
    if defers and any(map(_ASSETS.search, texts)):
        return None
    texts += (_MARKDOWN_PICTURE.sub("", site.texts.read(*row)) for row in rows)
    return frozenset().union(*map(file_words, texts))


def _written(connection: sqlite3.Connection) -> Iterator[str]:
    for query in _WRITTEN:
        yield from (text for (text,) in connection.execute(query))


def words_of_copies(copies: Iterable[FileCopy]) -> frozenset[str]:
    """The words that copied texts contain, such as style sheets."""
    texts = (_read(copy) for copy in copies if _is_text(copy.source))
    return frozenset().union(*map(file_words, texts))


def _is_text(file: Path) -> bool:
    return file.suffix.lower() in _TEXT_SUFFIXES


def _read(copy: FileCopy) -> str:
    data = copy.source.read_bytes() if copy.content is None else copy.content
    return data.decode("utf-8", "replace")
