"""Finds expressions of `where` that some values would keep busy for minutes: `([a-z]+-?)*`.

Python tries all ways in which a value can match, and answers nobody meanwhile. Such an expression
repeats a group or has two repetitions, and is slow for a text that is repeated before something
that does not match. So this tries longer and longer values of that kind, until one takes long.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from ssg.model.live.route_pattern import MAX_VALUE_LENGTH

SLOW_SECONDS = 0.05
"""For one value. The usual expression takes microseconds."""
_TRIES = 3
"""Of which the fastest counts: a busy computer is slow, too."""
_LENGTHS = (*range(10, 50, 3), 50, 60, 80, 100, 140, MAX_VALUE_LENGTH)
"""A step takes at most some ten times as long as the one before."""
_MANY_WAYS = re.compile(r"\)[*+{]|[*+{].*[*+{]", re.DOTALL)
_LITERAL = re.compile(r"[A-Za-z0-9_-]+")
_SAMPLES = ("a", "Z", "0", "-", "_", ".", " ")
_ENDS = ("/", "", "!", "a-")
_MAX_LITERALS = 8


@lru_cache(maxsize=256)
def slow_value(expression: str) -> str | None:
    """A value for which an expression takes long; None if none is found."""
    if not _MANY_WAYS.search(expression):
        return None
    compiled = re.compile(expression)
    for start, repeated, end in _shapes(expression):
        for length in _LENGTHS:
            value: str = (start + repeated * length)[:length] + end
            if _is_slow(compiled, value):
                return value
    return None


def _shapes(expression: str) -> Iterator[tuple[str, str, str]]:
    """Beginnings, repeated texts and ends of values."""
    literals = list(dict.fromkeys(_LITERAL.findall(expression)))[:_MAX_LITERALS]
    first = _LITERAL.match(expression)
    starts = dict.fromkeys(["", *([first[0], first[0][:-1]] if first else [])])
    marks = dict.fromkeys(one for one in expression if not one.isalnum())
    repeated = dict.fromkeys([*_SAMPLES, *literals, *(f"a{mark}" for mark in marks)])
    return product(starts, repeated, _ENDS)


def _is_slow(expression: re.Pattern[str], value: str) -> bool:
    for _ in range(_TRIES):
        started = time.perf_counter()
        expression.fullmatch(value)
        if time.perf_counter() - started < SLOW_SECONDS:
            return False
    return True
