"""Limits of what an import reads and evaluates.

Files of an old site can be small and still ask for more work than a machine has: loops, text that
doubles, aliases, patterns that backtrack. Each evaluator counts what it can count (`liquid_limits`
for Liquid, `value_problem` for data). For the rest, such as regular expressions, `time_limit` stops
the work itself: a timer of the system interrupts it. Where there is no such timer (Windows, threads
other than the main one), only the counted limits apply.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

MAX_FILES = 500_000
MAX_TEXT_BYTES = 16 * 2**20
"""The size of a file that is read as text. Files that are only copied may be larger."""
MAX_INCLUDED_CHARACTERS = 2_000_000
"""The text that included files may add to a page."""
MAX_VALUES = 1_000_000
MAX_DEPTH = 50
_CHARACTERS_PER_VALUE = 100
_CHARACTERS_PER_SECOND = 200_000
_SECONDS_PER_TEXT = 2.0
_SECONDS_PER_SITE = 4.0
_SECONDS_PER_FILE = 0.1
AGAIN_SECONDS = 0.5
"""When the error of a time limit is raised again: Python drops one that comes while it runs a
finalizer or a callback of the garbage collector."""


class TimeLimitError(BaseException):
    """Some work takes longer than its limit. No handler of `Exception` may swallow it."""


def seconds_for_text(characters: int) -> float:
    """The time limit for a text of this length."""
    return _SECONDS_PER_TEXT + characters / _CHARACTERS_PER_SECOND


def seconds_for_site(files: int, characters: int) -> float:
    """The time limit for a whole site."""
    return _SECONDS_PER_SITE + files * _SECONDS_PER_FILE + characters / _CHARACTERS_PER_SECOND


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitError in the block after this time. Limits may be nested."""
    is_main = threading.current_thread() is threading.main_thread()
    if not hasattr(signal, "setitimer") or not is_main:
        yield
        return
    handler = signal.signal(signal.SIGALRM, _interrupt)
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    if 0 < outer < seconds:
        signal.setitimer(signal.ITIMER_REAL, outer, AGAIN_SECONDS)
    try:
        yield
    finally:
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if outer:
            used = min(seconds, outer) - left
            signal.setitimer(signal.ITIMER_REAL, max(outer - used, 0.001), AGAIN_SECONDS)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise TimeLimitError


def value_problem(value: Any, limit: int = MAX_VALUES) -> str:
    """Why data is too large or too deep to be written; '' if it is not.

    A value that others refer to counts once for each reference, as it is written.
    """
    try:
        weight = _weight(value, limit, MAX_DEPTH)
    except RecursionError:
        return f"the values are nested more than {MAX_DEPTH} levels deep"
    return f"there are more than {limit:,} values" if weight > limit else ""


def _weight(value: Any, limit: int, depth: int) -> int:
    """The number of values; counting ends at `limit`."""
    if depth < 0:
        raise RecursionError
    if isinstance(value, str | bytes):
        return 1 + len(value) // _CHARACTERS_PER_VALUE
    if isinstance(value, Mapping):
        inner: Iterator[Any] = (part for pair in value.items() for part in pair)
    elif isinstance(value, list | tuple | set | frozenset):
        inner = iter(value)
    else:
        return 1
    weight = 1
    for one in inner:
        weight += _weight(one, limit - weight, depth - 1)
        if weight > limit:
            break
    return weight
