"""Parses a source file into front matter and text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssg.config.locate import locate, syntax_problem
from ssg.config.nesting import load_toml
from ssg.content.source.fast_yaml import read_plain
from ssg.content.source.pelican_header import key_line, split_header
from ssg.model.errors import Location, Problem

PELICAN = ":"
"""The `fence` of a Pelican header, which has none."""

_OPENINGS = {"---": re.compile(r"---[ \t]*(?=\n|\Z)"), "+++": re.compile(r"\+\+\+[ \t]*(?=\n|\Z)")}
_CLOSINGS = {fence: re.compile("\n" + opening.pattern) for fence, opening in _OPENINGS.items()}


class FrontMatterError(Exception):
    """Front matter that cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A parsed source file. `text` begins on line `text_line`.

    `fence` is `---`, `+++`, `:` for a Pelican header, or '' without front matter; `header` is the
    front matter as written.
    """

    name: str
    values: Mapping[str, Any]
    text: str
    text_line: int
    fence: str
    header: str

    def locate(self, keys: tuple[str | int, ...]) -> Location:
        """The location of a front-matter key. It parses the header again: for errors only."""
        if self.fence == "+++":
            place = locate(self.header, self.name, keys)
            return Location(self.name, place.line and place.line + 1, place.column)
        if self.fence == PELICAN:
            line = key_line(self.header, str(keys[0])) if keys else 1
            return Location(self.name, line or 1, 1)
        if not self.fence:
            return Location(self.name, 1)
        from ssg.content.source.full_yaml import locate_key  # noqa: PLC0415 for errors only

        return locate_key(self.header, self.name, keys)


def parse(data: bytes, name: str) -> ParsedSource:
    """Parse a file with front matter in YAML (`---`), TOML (`+++`), or `Key: value` lines.

    Raises FrontMatterError with line and column.
    """
    text = _decode(data, name)
    fence = text[:3]
    opening = _OPENINGS[fence].match(text) if fence in _OPENINGS else None
    if opening is None:
        return _without_fence(text, name)
    closing = _CLOSINGS[fence].search(text, opening.end())
    if closing is None:
        message = f"the front matter that begins here has no closing {fence}"
        raise FrontMatterError(Problem(message, Location(name, 1, 1)))
    header = text[opening.end() + 1 : closing.start() + 1]
    body = text[closing.end() + 1 :]
    line = header.count("\n") + 3
    values = _yaml(header, name) if fence == "---" else _toml(header, name)
    return ParsedSource(name, values, body, line, fence, header)


def _without_fence(text: str, name: str) -> ParsedSource:
    """A file with a Pelican header, or without front matter."""
    found = split_header(text)
    if found is None:
        return ParsedSource(name, {}, text, 1, "", "")
    values, count = found
    lines = text.split("\n", count)
    body = lines[count] if len(lines) > count else ""
    header = "\n".join(lines[:count])
    return ParsedSource(name, values, body, count + 1, PELICAN, header)


def _decode(data: bytes, name: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = "Save the file in UTF-8"
        problem = Problem("the file is not UTF-8", Location(name, line), hint)
        raise FrontMatterError(problem) from error
    return text.replace("\r\n", "\n") if "\r" in text else text


def _yaml(header: str, name: str) -> Mapping[str, Any]:
    plain = read_plain(header)
    if plain is not None:
        return plain
    from ssg.content.source import full_yaml  # noqa: PLC0415 PyYAML, which few sites need

    try:
        values = full_yaml.read_header(header)
    except full_yaml.YAML_ERRORS as error:
        problem = full_yaml.yaml_problem(error, header, name, lines_above=1)
        raise FrontMatterError(problem) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        message = "the front matter is not a table of keys and values"
        raise FrontMatterError(Problem(message, Location(name, 2, 1), "Write title: My page"))
    return {str(key): value for key, value in values.items()}


def _toml(header: str, name: str) -> Mapping[str, Any]:
    try:
        return load_toml(header)
    except ValueError as error:
        raise FrontMatterError(syntax_problem(error, name, lines_above=1)) from error
