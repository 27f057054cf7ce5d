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

MAX_ALIASED_VALUES = 100_000
"""How many values the aliases of a text may repeat. Nine lines can repeat a word 10⁹ times."""

_HEADER = YAMLHandler()


def read_header(header: str) -> Any:
    """Read front matter. Raises one of YAML_ERRORS."""
    _check_aliases(header)
    return _HEADER.load(header)


def read_file(text: str) -> Any:
    """Read a data file. Raises one of YAML_ERRORS."""
    _check_aliases(text)
    return yaml.safe_load(text)


def _check_aliases(text: str) -> None:
    """Raise a YAMLError with the place of the alias that repeats itself, or repeats too much."""
    if "&" in text and "*" in text:
        AliasCounter(text).get_single_node()


class AliasCounter(yaml.SafeLoader):
    """Counts the values that aliases repeat, before anything is made of them.

    `*name` is one more reference to a value for PyYAML, which takes no time. But whatever walks
    through the values later, or merges them with `<<`, meets them once for each alias.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._values = 0
        self._aliased = 0
        self._sizes: dict[yaml.Node, int] = {}
        """The number of values in each anchored node that is complete."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node, and count the values in it."""
        before = self._values
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        node = super().compose_node(parent, index)
        if node is None:
            return None
        if isinstance(event, yaml.AliasEvent):
            self._repeat(event, self._sizes.get(node))
        else:
            self._values += 1
            if event.anchor is not None:
                self._sizes[node] = self._values - before
        return node

    def _repeat(self, alias: Any, size: int | None) -> None:
        if size is None:
            message = f"the alias *{alias.anchor} is a part of what it stands for"
            raise yaml.MarkedYAMLError(problem=message, problem_mark=alias.start_mark)
        self._values += size
        self._aliased += size
        if self._aliased > MAX_ALIASED_VALUES:
            message = f"aliases repeat more than {MAX_ALIASED_VALUES:,} values"
            raise yaml.MarkedYAMLError(problem=message, problem_mark=alias.start_mark)


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
