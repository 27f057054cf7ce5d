"""Queries for what pages are rendered from besides their sources: templates, data, messages."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from ssg.model.code import Module
from ssg.model.live.query import Query
from ssg.model.page import Template
from ssg.model.queries.questions import question
from ssg.model.queries.rows import CACHED_PAGES, RowQueries


class RenderInputQueries(RowQueries):
    """The part of a `Site` that is not about pages."""

    @question()
    def template(self, name: str, layer: int = 0) -> Template | None:
        """The nearest template with a name, from `layer` downwards."""
        return self.find_template(name, layer)

    def find_template(self, name: str, layer: int) -> Template | None:
        """As `template`. It is not a question: a listener that is told of a template asks it."""
        row = self._connection.execute(
            "SELECT name, origin, text, layer, code FROM template WHERE name = ? AND layer >= ? "
            "ORDER BY layer LIMIT 1",
            (name, layer),
        ).fetchone()
        return Template(*row) if row else None

    @question()
    def templates(self) -> list[Template]:
        """Every template, including those that a nearer layer hides."""
        rows = self._connection.execute(
            "SELECT name, origin, text, layer, code FROM template ORDER BY name, layer"
        )
        return [Template(*row) for row in rows]

    @question()
    def template_names(self) -> list[str]:
        rows = self._connection.execute("SELECT DISTINCT name FROM template ORDER BY name")
        return [name for (name,) in rows]

    @question()
    def module(self, name: str) -> Module | None:
        """A Python module of the site or of a plugin."""
        row = self._connection.execute(
            "SELECT name, origin, text, is_package FROM module WHERE name = ?", (name,)
        ).fetchone()
        return Module(row[0], row[1], row[2], is_package=bool(row[3])) if row else None

    @question()
    def module_names(self) -> list[str]:
        rows = self._connection.execute("SELECT name FROM module ORDER BY name")
        return [name for (name,) in rows]

    @question()
    def data(self, name: str) -> Any:
        """The content of a data file by its name without suffix: `authors`, `team/london`."""
        row = self._connection.execute("SELECT json FROM data WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    @question()
    def data_names(self) -> list[str]:
        return [name for (name,) in self._connection.execute("SELECT name FROM data ORDER BY name")]

    @question()
    def file(self, path: str) -> Any:
        """The content of a file by its path: `data/team.toml`, `content/trip/prices.csv`."""
        row = self._connection.execute("SELECT json FROM file WHERE path = ?", (path,)).fetchone()
        return json.loads(row[0]) if row else None

    @question()
    def file_paths(self) -> list[str]:
        return [path for (path,) in self._connection.execute("SELECT path FROM file ORDER BY path")]

    @question()
    def message(self, language: str, key: str) -> str | None:
        """A translated text of `i18n/`."""
        row = self._connection.execute(
            "SELECT text FROM message WHERE language = ? AND key = ?", (language, key)
        ).fetchone()
        return str(row[0]) if row else None

    @question()
    def message_keys(self) -> list[str]:
        rows = self._connection.execute("SELECT DISTINCT key FROM message ORDER BY key")
        return [key for (key,) in rows]

    @question()
    def query(self, name: str) -> Query | None:
        """A query of `queries/`, by its name without suffix."""
        row = self._connection.execute("SELECT text FROM query WHERE name = ?", (name,)).fetchone()
        return Query.parse(name, row[0]) if row else None

    def schema_code(self, name: str) -> str | None:
        """A compiled schema of data. It is not a question: no page shows anything of it."""
        row = self._connection.execute("SELECT code FROM schema WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    @question()
    def query_names(self) -> list[str]:
        rows = self._connection.execute("SELECT name FROM query ORDER BY name")
        return [name for (name,) in rows]

    def queries(self) -> dict[str, Query]:
        """All queries by their names. It is not a question: shells ask it, pages do not."""
        rows = self._connection.execute("SELECT name, text FROM query ORDER BY name")
        return {name: Query.parse(name, text) for name, text in rows}

    @question()
    def published(self, path: str) -> tuple[str, str | None] | None:
        """The SHA-384 of a copied file in hex digits, and the path of its fingerprinted copy."""
        return self._published(path)

    @cached_property
    def _published(self) -> Callable[[str], tuple[str, str | None] | None]:
        """Cached, because every page asks for its style sheets."""
        sql = "SELECT sha384, fingerprinted FROM published WHERE path = ?"
        return lru_cache(maxsize=CACHED_PAGES)(
            lambda path: self._connection.execute(sql, (path,)).fetchone()
        )

    @question()
    def published_paths(self) -> list[str]:
        rows = self._connection.execute("SELECT path FROM published ORDER BY path")
        return [path for (path,) in rows]

    @question()
    def fingerprinted_paths(self) -> list[str]:
        rows = self._connection.execute(
            "SELECT fingerprinted FROM published WHERE fingerprinted > '' ORDER BY path"
        )
        return [path for (path,) in rows]
