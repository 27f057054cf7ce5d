"""Patterns of paths: `/{user}/{slug}/`.

A placeholder is a segment or a part of one, such as `{slug}.html`; it never spans a slash. Of two
patterns that match a common path the narrower one counts, as for Go's `http.ServeMux` (Go's package
documentation, "Precedence"); if neither is narrower, they are in conflict.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from ssg.model.live.path_segment import split_segment

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
"""The name of a placeholder."""

MAX_VALUE_LENGTH = 200
"""The largest number of characters of a placeholder's value, and of all values of a segment."""
_PARTS_OF_ONE = 3
"""What is before, the name, and what is behind."""
_SAMPLES = ("a", "1", "a1", "x-y", "2026", "en")
_NOT_IN_VALUES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True)  # without slots: the expressions are compiled once
class RoutePattern:
    """A pattern. `where` are expressions that values must match, `excluded` values that they may
    not have; both by the names of placeholders."""

    text: str
    where: Mapping[str, str] = field(default_factory=dict)
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The placeholders, in their order."""
        return tuple(PLACEHOLDER.findall(self.text))

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """The parts between slashes. The last one is empty if the path ends in a slash."""
        return tuple(self.text.split("/")[1:])

    def match(self, path: str) -> dict[str, str] | None:
        """The values of the placeholders in a decoded path; None if it does not match."""
        found = self._expression.fullmatch(path)
        if found is None:
            return None
        values = found.groupdict()
        for group, parts in self._split:
            several = split_segment(parts, values.pop(group), self.admits)
            if several is None:
                return None
            values |= several
        return values if all(self.admits(name, one) for name, one in values.items()) else None

    def fill(self, values: Mapping[str, str], quote: Callable[[str], str] = str) -> str:
        """The pattern with values in place of its placeholders."""
        return fill(self.text, values, quote)

    def admits(self, name: str, value: str) -> bool:
        """Whether a placeholder may have a value."""
        if not is_value(value) or value in self.excluded.get(name, ()):
            return False
        wanted = self._where.get(name)
        return wanted is None or wanted.fullmatch(value) is not None

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        """Takes time in proportion to the path: a segment with several placeholders is a whole."""
        written = [
            _segment_expression(PLACEHOLDER.split(segment), f"_{place}")
            for place, segment in enumerate(self.text.split("/"))
        ]
        return re.compile("/".join(written))

    @cached_property
    def _split(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The segments with several placeholders, each with the name of its group."""
        parts = [tuple(PLACEHOLDER.split(segment)) for segment in self.text.split("/")]
        return tuple(
            (f"_{place}", one) for place, one in enumerate(parts) if len(one) > _PARTS_OF_ONE
        )

    @cached_property
    def _where(self) -> Mapping[str, re.Pattern[str]]:
        return {name: re.compile(text) for name, text in self.where.items()}

    # -- two patterns --------------------------------------------------------------------------

    def common_path(self, other: RoutePattern) -> str | None:
        """A path that both patterns match; None if there is none, or none is found."""
        if len(self.segments) != len(other.segments):
            return None
        pairs = zip(self.segments, other.segments, strict=True)
        parts = [_common_segment(self, one, other, two) for one, two in pairs]
        return None if None in parts else "/" + "/".join(part or "" for part in parts)

    def is_narrower(self, other: RoutePattern) -> bool:
        """Whether it matches only paths that `other` matches, and not all of them."""
        if len(self.segments) != len(other.segments):
            return False
        pairs = list(zip(self.segments, other.segments, strict=True))
        return all(_is_within(self, one, other, two) for one, two in pairs) and not all(
            _is_within(other, two, self, one) for one, two in pairs
        )


def _segment_expression(parts: Sequence[str], group: str) -> str:
    if len(parts) > _PARTS_OF_ONE:
        longest = sum(map(len, parts[::2])) + MAX_VALUE_LENGTH
        return f"(?P<{group}>[^/]{{1,{longest}}})"
    one = f"(?P<{parts[1]}>[^/]{{1,{MAX_VALUE_LENGTH}}})" if len(parts) > 1 else ""
    return one.join(re.escape(part) for part in parts[::2])


def is_value(value: str) -> bool:
    """Whether a text can be the value of a placeholder: a safe part of a path."""
    return (
        0 < len(value) <= MAX_VALUE_LENGTH
        and value not in {".", ".."}
        and "/" not in value
        and "\\" not in value
        and ((value.isascii() and value.isprintable()) or _is_text(value))
    )


def _is_text(value: str) -> bool:
    categories = map(unicodedata.category, value)
    return "\ufffd" not in value and _NOT_IN_VALUES.isdisjoint(categories)


def fill(text: str, values: Mapping[str, str], quote: Callable[[str], str] = str) -> str:
    """A text with values in place of its placeholders. Raises KeyError for one without a value."""
    return PLACEHOLDER.sub(lambda found: quote(values[found[1]]), text)


def narrowest_first(patterns: Collection[RoutePattern]) -> list[int]:
    """The numbers of patterns so that each comes before all that are wider."""
    given = list(patterns)
    wider = [sum(one.is_narrower(other) for other in given) for one in given]
    return sorted(range(len(given)), key=lambda number: (-wider[number], number))


@lru_cache(maxsize=1024)
def _shape(segment: str) -> re.Pattern[str]:
    parts = PLACEHOLDER.split(segment)
    return re.compile(
        "".join("[^/]+" if place % 2 else re.escape(part) for place, part in enumerate(parts))
    )


def _matches(pattern: RoutePattern, segment: str, literal: str) -> bool:
    """Whether a segment of a pattern matches a text without placeholders."""
    return RoutePattern(segment, pattern.where, pattern.excluded).match(literal) is not None


def _is_literal(segment: str) -> bool:
    return PLACEHOLDER.search(segment) is None


def _common_segment(one: RoutePattern, first: str, two: RoutePattern, second: str) -> str | None:
    if _is_literal(first):
        return first if first == second or _matches(two, second, first) else None
    if _is_literal(second):
        return second if _matches(one, first, second) else None
    filled = (fill(text, _Sample(sample)) for text in (first, second) for sample in _SAMPLES)
    both = (text for text in filled if _matches(one, first, text) and _matches(two, second, text))
    return next(both, first if _has_all_limits(one, first, two, second) else None)


class _Sample(dict[str, str]):
    """One value for every name."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __missing__(self, name: str) -> str:
        return self._value


def _is_within(one: RoutePattern, first: str, two: RoutePattern, second: str) -> bool:
    """Whether each text that the first segment matches is matched by the second."""
    if _is_literal(first):
        return first == second or (not _is_literal(second) and _matches(two, second, first))
    if _is_literal(second):
        return False
    if not _shape(second).fullmatch(PLACEHOLDER.sub("x", first)):
        return False
    is_free = all(_is_free(two, name) for name in PLACEHOLDER.findall(second))
    return is_free or _has_all_limits(one, first, two, second)


def _is_free(pattern: RoutePattern, name: str) -> bool:
    return name not in pattern.where and not pattern.excluded.get(name)


def _has_all_limits(one: RoutePattern, first: str, two: RoutePattern, second: str) -> bool:
    """Whether segments differ in names alone, and the first has all limits of the second."""
    if PLACEHOLDER.sub("{}", first) != PLACEHOLDER.sub("{}", second):
        return False
    pairs = zip(PLACEHOLDER.findall(first), PLACEHOLDER.findall(second), strict=True)
    return all(
        two.where.get(b) in {None, one.where.get(a)}
        and {*two.excluded.get(b, ())} <= {*one.excluded.get(a, ())}
        for a, b in pairs
    )
