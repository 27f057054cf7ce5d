"""A source file -> its front matter, and its text with the line on which that begins."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from ssg.config.locate import locate
from ssg.model.errors import Location, Problem

_YAML = YAMLHandler()
_FENCES = {"---": re.compile(r"^---[ \t]*$", re.M), "+++": re.compile(r"^\+\+\+[ \t]*$", re.M)}
_TOML_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


class FrontMatterError(Exception):
    """Front matter that cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Source:
    """A source file, taken apart. `fence` is '' where there is no front matter."""

    name: str
    values: Mapping[str, Any]
    text: str
    text_line: int
    fence: str
    header: str

    def locate(self, keys: tuple[str | int, ...]) -> Location:
        """The place of a front-matter key. Reads the header once more, so: for errors only."""
        if self.fence == "+++":
            place = locate(self.header, self.name, keys)
            return Location(self.name, place.line and place.line + 1, place.column)
        return _locate_yaml(self.header, self.name, keys) if self.fence else Location(self.name, 1)


def parse(data: bytes, name: str) -> Source:
    """Split a file and read its front matter: `---` YAML or `+++` TOML.

    Raises FrontMatterError, with line and column, if that cannot be done.
    """
    text = _decode(data, name)
    fence = text[:3]
    pattern = _FENCES.get(fence)
    opening = pattern.match(text) if pattern else None
    if pattern is None or opening is None:
        return Source(name, {}, text, 1, "", "")
    closing = pattern.search(text, opening.end())
    if closing is None:
        message = f"the front matter that begins here has no closing {fence}"
        raise FrontMatterError(Problem(message, Location(name, 1, 1)))
    header = text[opening.end() + 1 : closing.start()]
    body = text[closing.end() + 1 :]
    line = header.count("\n") + 3
    values = _yaml(header, name) if fence == "---" else _toml(header, name)
    return Source(name, values, body, line, fence, header)


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
    try:
        values = _YAML.load(header)
    except yaml.YAMLError as error:
        raise FrontMatterError(_yaml_problem(error, name)) from error
    except ValueError as error:  # a date such as 2024-13-45
        raise FrontMatterError(Problem(f"{error}", Location(name, 2))) from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        message = "the front matter is no table of keys and values"
        raise FrontMatterError(Problem(message, Location(name, 2, 1), "Write title: My page"))
    return {str(key): value for key, value in values.items()}


def _yaml_problem(error: yaml.YAMLError, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "it cannot be read"
    where = Location(name, mark.line + 2, mark.column + 1) if mark else Location(name, 1)
    return Problem(f"YAML: {what}", where, _yaml_hint(what))


def _yaml_hint(what: str) -> str | None:
    if "mapping values are not allowed" in what:
        return 'Put quotes around a text with a colon: title: "One: two"'
    if "cannot start any token" in what:
        return "Put quotes around the text, and indent with spaces"
    return None


def _toml(header: str, name: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(header)
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.search(str(error))
        where = Location(name, int(place[1]) + 1, int(place[2])) if place else Location(name, 1)
        message = _TOML_PLACE.sub("", str(error)).strip()
        raise FrontMatterError(Problem(f"TOML: {message}", where)) from error


def _locate_yaml(header: str, name: str, keys: tuple[str | int, ...]) -> Location:
    node = yaml.compose(header, Loader=yaml.SafeLoader)
    place = Location(name, 1)
    for key in keys:
        found = next((pair for pair in _pairs(node) if pair[0] == key), None)
        if found is None:
            break
        _, mark, node = found
        place = Location(name, mark.line + 2, mark.column + 1)
    return place


def _pairs(node: yaml.Node | None) -> list[tuple[str | int, yaml.Mark, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        return [(key.value, key.start_mark, value) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return [(index, item.start_mark, item) for index, item in enumerate(node.value)]
    return []
