"""Reads any YAML with PyYAML, and locates keys and errors in it.

Importing PyYAML takes as long as importing everything else that reads sources, and `fast_yaml`
reads most front matter. So callers import this module only when they need it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from ssg.model.errors import Location, Problem

YAML_ERRORS = (
    yaml.YAMLError,
    # PyYAML raises these for values that do not fit their type: 2024-13-45, `!!bool x`
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    RecursionError,
)
"""Everything that reading YAML may raise."""

_HEADER = YAMLHandler()


def read_header(header: str) -> Any:
    """Read front matter. Raises one of YAML_ERRORS."""
    return _HEADER.load(header)


def read_file(text: str) -> Any:
    """Read a data file. Raises one of YAML_ERRORS."""
    return yaml.safe_load(text)


def locate_key(header: str, name: str, keys: tuple[str | int, ...]) -> Location:
    """The location of a front-matter key, or of the nearest key above it that exists."""
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


def yaml_problem(error: Exception, text: str, name: str, lines_above: int = 0) -> Problem:
    """The problem for one of YAML_ERRORS that reading `text` raised."""
    if not isinstance(error, yaml.YAMLError):
        reason = f": {error}" if isinstance(error, ValueError) else ""
        line, column = _misfit(text) or (None, None)
        where = Location(name, line and line + lines_above, column)
        return Problem(f"YAML: this value cannot be read{reason}", where)
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    where = Location(name, mark.line + 1 + lines_above, mark.column + 1) if mark else Location(name)
    return Problem(f"YAML: {what}", where, _hint(what))


def _hint(what: str) -> str | None:
    if "mapping values are not allowed" in what:
        return 'Put quotes around a text with a colon: title: "One: two"'
    if "cannot start any token" in what:
        return "Put quotes around the text, and indent with spaces"
    return None


def _misfit(text: str) -> tuple[int, int] | None:
    """Line and column of the value that does not fit its type."""
    try:
        loader = yaml.SafeLoader(text)
        nodes = list(_scalars(loader.get_single_node(), set()))
    except YAML_ERRORS:
        return None
    for node in nodes:
        try:
            loader.construct_object(node)
        except YAML_ERRORS:
            return node.start_mark.line + 1, node.start_mark.column + 1
    return None


def _scalars(node: yaml.Node | None, seen: set[int]) -> Iterator[yaml.ScalarNode]:
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for part in pair:
                yield from _scalars(part, seen)
    else:
        for item in node.value:
            yield from _scalars(item, seen)
