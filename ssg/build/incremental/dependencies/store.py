"""The dependencies of pages, kept for the next build: one small row a page.

A page asks some dozens of questions, most of them in common with other pages. So a row has only
8-byte ids of questions, sorted, one after the other. Questions that must be asked again are kept
in full as well, each once. To find the pages that asked some questions, a few ids are searched in
the rows as bytes: a false match between two ids costs one extra render, nothing else.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ssg.build.incremental.dependencies.recording_renderer import COMMON, PageQuestions
from ssg.model.database import open_readonly
from ssg.render.dependencies.recorder import AskedQuestion

VERSION = "3"
_FEW = 8
"""Up to this number of questions are searched as bytes."""

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE record (path TEXT PRIMARY KEY, asked BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE question (id INTEGER PRIMARY KEY, question TEXT NOT NULL);
CREATE TABLE shown (path TEXT PRIMARY KEY, variants TEXT NOT NULL) WITHOUT ROWID;
"""


class DependencyStore:
    """The dependencies of one build, open for reading."""

    def __init__(self, path: Path, key: str) -> None:
        """Raises ValueError or sqlite3.Error if the file is damaged or has another key."""
        self.path = path
        self._connection = open_readonly(path)
        try:
            meta = dict(self._connection.execute("SELECT key, value FROM meta"))
            if (meta.get("version"), meta.get("key")) != (VERSION, key):
                raise ValueError(path)
            self.notes = meta
            """Short texts of the build for the next one, by name."""
            asked = self._connection.execute("SELECT asked FROM record WHERE path = ?", (COMMON,))
            self.common = frozenset(_ids(asked.fetchone()[0]))
        except BaseException:
            self._connection.close()
            raise

    @classmethod
    def open(cls, path: Path, key: str) -> DependencyStore | None:
        try:
            return cls(path, key)
        except (sqlite3.Error, ValueError, TypeError):
            return None

    def close(self) -> None:
        self._connection.close()

    def __contains__(self, path: object) -> bool:
        found = self._connection.execute("SELECT 1 FROM record WHERE path = ?", (path,))
        return found.fetchone() is not None

    def paths(self) -> set[str]:
        """The paths of all pages whose dependencies are known."""
        return {path for (path,) in self._connection.execute("SELECT path FROM record")}

    def shown(self) -> Iterator[tuple[str, frozenset[str]]]:
        """The pages that show variants of pictures, with the file names of these."""
        for path, names in self._connection.execute("SELECT path, variants FROM shown"):
            yield path, frozenset(names.split())

    def open_questions(self) -> Iterator[AskedQuestion]:
        """All questions of the kinds that the diff does not name."""
        for (text,) in self._connection.execute("SELECT question FROM question"):
            yield _tuples(json.loads(text))

    def asking(self, questions: Collection[int]) -> set[str]:
        """Paths of the pages that asked at least one of some questions."""
        if len(questions) <= _FEW:
            wanted = [array("Q", [one]).tobytes() for one in questions]
            conditions = " OR ".join(["instr(asked, ?)"] * len(wanted)) or "0"
            query = f"SELECT path FROM record WHERE {conditions}"  # noqa: S608 only placeholders
            return {path for (path,) in self._connection.execute(query, wanted)}
        rows = self._connection.execute("SELECT path, asked FROM record")
        known = frozenset(questions)
        return {path for path, asked in rows if not known.isdisjoint(_ids(asked))}


def write_dependencies(
    path: Path,
    notes: Mapping[str, str],
    renders: PageQuestions,
    before: DependencyStore | None,
    obsolete: Iterable[str],
) -> None:
    """Write the dependencies of a build: a copy of the previous ones with changed records.

    `notes` contains the `key` of the build that they belong to.
    """
    if before is not None:
        shutil.copyfile(before.path, path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        if before is None:
            connection.executescript(_SCHEMA)
        connection.execute("BEGIN")
        meta = {**notes, "version": VERSION}
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", meta.items())
        gone = [(name,) for name in obsolete]
        connection.executemany("DELETE FROM record WHERE path = ?", gone)
        connection.executemany("DELETE FROM shown WHERE path = ?", gone)
        rendered = [(name,) for name in renders.asked]
        connection.executemany("DELETE FROM shown WHERE path = ?", rendered)
        shown = ((path, " ".join(sorted(names))) for path, names in sorted(renders.shown.items()))
        connection.executemany("INSERT INTO shown VALUES (?, ?)", shown)
        rows = sorted(renders.asked.items())
        connection.executemany("INSERT OR REPLACE INTO record VALUES (?, ?)", rows)
        connection.executemany(
            "INSERT OR IGNORE INTO question VALUES (?, ?)", _texts(renders.questions)
        )
        connection.execute("COMMIT")


def _texts(questions: Mapping[int, AskedQuestion]) -> Iterator[tuple[int, str]]:
    for number in sorted(questions):
        yield _signed(number), json.dumps(questions[number], ensure_ascii=False)


def _signed(number: int) -> int:
    """As a signed integer, as SQLite has them."""
    return number - (1 << 64) if number >= 1 << 63 else number


def _ids(asked: bytes) -> array[int]:
    ids = array("Q")
    ids.frombytes(asked)
    return ids


def _tuples(value: Any) -> Any:
    """JSON's lists as the tuples that they were."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
