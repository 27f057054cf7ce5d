"""Limits what the Liquid of one page may compute.

python-liquid limits nested loops, the output and assigned values, but not loops one after another,
ranges, nor what filters make of their values: `replace` in a row multiplies a text without any
assignment. So `LiquidLimits` counts all iterations of a page, and each filter checks the size of
its arguments and of its result.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from liquid import Environment
from liquid.context import RenderContext
from liquid.exceptions import LiquidError, LoopIterationLimitError
from liquid.template import BoundTemplate

MAX_ITERATIONS = 200_000
_MAX_OUTPUT_BYTES = 5_000_000
_MAX_LOCALS_BYTES = 20_000_000
_MAX_SIZE = 1_000_000
"""The largest value: characters of a text, bytes of a number, entries of a list with its texts."""
_SECONDS = 2.0


class _SizeError(LiquidError):
    """A value is too large."""


class LiquidLimits:
    """Counts the work for one page."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin with another page."""
        self._iterations = 0
        self._deadline = time.monotonic() + _SECONDS

    def take(self, iterations: int = 0) -> None:
        """Count iterations. Raises LoopIterationLimitError if there are too many, or no time."""
        self._iterations += iterations
        if self._iterations > MAX_ITERATIONS:
            what = f"it needs more than {MAX_ITERATIONS:,} iterations"
            raise LoopIterationLimitError(what, token=None)
        if time.monotonic() > self._deadline:
            raise LoopIterationLimitError(f"it needs more than {_SECONDS:g} seconds", token=None)


class _Context(RenderContext):
    """A render context whose loops and values are counted."""

    def raise_for_loop_limit(self, length: int = 1) -> None:
        self.env.work_limits.take(length)  # type: ignore[attr-defined]  # a LiquidEnvironment

    def stopindex(self, key: str, index: int | None = None) -> int:
        """Liquid calls this before it makes a list of a range."""
        if index is not None and index > MAX_ITERATIONS:
            self.raise_for_loop_limit(index)
        return super().stopindex(key, index)

    def assign(self, key: str, val: Any) -> None:
        self.raise_for_loop_limit(0)
        _check(val)
        super().assign(key, val)


class _Template(BoundTemplate):
    context_class = _Context


class LiquidEnvironment(Environment):
    """Liquid with limits. `work_limits` must be started for each page."""

    template_class = _Template
    output_stream_limit = _MAX_OUTPUT_BYTES
    local_namespace_limit = _MAX_LOCALS_BYTES

    def __init__(self) -> None:
        super().__init__(strict_filters=False)
        self.work_limits = LiquidLimits()

    def limit_filters(self) -> None:
        """Limit all filters that have been added."""
        for name, filter_ in list(self.filters.items()):
            self.filters[name] = self._limited(name, filter_)

    def _limited(self, name: str, filter_: Callable[..., Any]) -> Callable[..., Any]:
        growth = _GROWTH.get(name)

        @wraps(filter_)
        def bounded(value: Any, *arguments: Any, **named: Any) -> Any:
            self.work_limits.take()
            for one in (value, *arguments):
                _check(one)
            if growth and growth(value, *arguments) > _MAX_SIZE:
                raise _SizeError(f"the result of {name} is too large", token=None)
            result = filter_(value, *arguments, **named)
            _check(result)
            return result

        return bounded


def _check(value: Any) -> None:
    if _size(value, _MAX_SIZE) > _MAX_SIZE:
        raise _SizeError("a value is too large", token=None)


def _size(value: Any, limit: int) -> int:
    """The size of a value, with the texts in a list; counting ends at `limit`."""
    if isinstance(value, str | bytes | range):
        return len(value) if not isinstance(value, range) else value.stop - value.start
    if isinstance(value, int):
        return value.bit_length() // 8
    if not isinstance(value, list | tuple):
        return 1
    size = len(value)
    for one in value:
        if size > limit:
            break
        size += _size(one, limit - size)
    return size


def _replaced(value: Any, old: Any = "", new: Any = "", *_: Any) -> int:
    text, old, new = str(value), str(old), str(new)
    return len(text) + (text.count(old) if old else len(text) + 1) * len(new)


def _joined(value: Any, separator: Any = " ", *_: Any) -> int:
    return _size(value, _MAX_SIZE) * max(1, len(str(separator)))


_GROWTH: Mapping[str, Callable[..., int]] = {
    "replace": _replaced, "join": _joined, "array_to_sentence_string": _joined,
}  # fmt: skip
"""The sizes of results that can be much larger than the arguments."""
