"""Data files: `data/team.toml` is `site.data.team`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ssg.config.locate import syntax_problem
from ssg.config.nesting import load_json, load_toml
from ssg.content.source.json_values import to_json
from ssg.content.source.walk import FileEntry, walk
from ssg.model.errors import Location, Problem


def _yaml(text: str) -> Any:
    from ssg.content.source.full_yaml import read_file  # noqa: PLC0415 PyYAML, which few sites need

    return read_file(text)


def _csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


_PARSERS: Mapping[str, Callable[[str], Any]] = {
    ".toml": load_toml,
    ".json": load_json,
    ".yaml": _yaml,
    ".yml": _yaml,
    ".csv": _csv,
}

TEXT_SUFFIXES = frozenset({".css", ".html", ".js", ".svg", ".txt", ".xml"})
"""Suffixes of files that `load_data` returns as texts."""

LARGEST_BYTES = 1_000_000


def read_data(root: Path, problems: list[Problem]) -> Iterator[tuple[str, str]]:
    """Name and JSON of each data file. Two files with one name are a problem."""
    seen: dict[str, str] = {}
    for entry in walk(root / "data", problems, "data"):
        parser = _PARSERS.get(entry.path.suffix)
        name = entry.relative.removesuffix(entry.path.suffix)
        if parser is None:
            continue
        if name in seen:
            message = f"data/{seen[name]} has the same name"
            problems.append(Problem(message, Location(f"data/{entry.relative}")))
        elif (value := _read(entry.path, f"data/{entry.relative}", parser, problems)) is not None:
            seen[name] = entry.relative
            yield name, value


def read_files(
    root: Path, beside: Iterable[FileEntry], problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    """Path and JSON of each file that `load_data` can return: in `data/`, and beside pages.

    A large file beside pages is taken for a download and left out.
    """
    inside = ((entry, "data") for entry in walk(root / "data", [], "data"))
    near = ((e, "content") for e in beside if e.path.stat().st_size <= LARGEST_BYTES)
    for entry, folder in (*inside, *near):
        suffix, name = entry.path.suffix, f"{folder}/{entry.relative}"
        parser = str if suffix in TEXT_SUFFIXES else _PARSERS.get(suffix)
        if parser and (value := _read(entry.path, name, parser, problems)) is not None:
            yield name, value


def _read(
    path: Path, name: str, parser: Callable[[str], Any], problems: list[Problem]
) -> str | None:
    from ssg.content.source.full_yaml import YAML_ERRORS  # noqa: PLC0415 as above

    text = ""
    try:
        text = path.read_text("utf-8-sig")
        values = parser(text)
    except (*YAML_ERRORS, csv.Error) as error:
        problems.append(_syntax_problem(error, text, name))
        return None
    try:
        kept = to_json(values)
        kept.encode()
    except (ValueError, TypeError, RecursionError) as error:
        problems.append(Problem(f"a value that JSON cannot hold: {error}", Location(name)))
        return None
    return kept


def _syntax_problem(error: Exception, text: str, name: str) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        return Problem("the file is not UTF-8", Location(name))
    if isinstance(error, json.JSONDecodeError):
        return Problem(f"JSON: {error.msg}", Location(name, error.lineno, error.colno))
    if name.endswith((".yaml", ".yml")):
        from ssg.content.source.full_yaml import yaml_problem  # noqa: PLC0415 as above

        return yaml_problem(error, text, name)
    if name.endswith(".toml"):
        return syntax_problem(error, name)
    return Problem(f"cannot read the file: {error}", Location(name))
