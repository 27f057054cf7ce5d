"""How the time of some work grows with its size."""

from __future__ import annotations

import time
from collections.abc import Callable

LINEAR = 10.0
"""Four times the input takes four times as long if the work is linear, sixteen if quadratic."""

Work = Callable[[], object]


def growth(work_of_size: Callable[[int], Work], size: int) -> float:
    """By what factor the work takes longer with four times the input.

    The best of three counts, and more are asked for as long as it is not linear: a busy machine
    makes work slow, and never quick.
    """
    small, large = work_of_size(size), work_of_size(4 * size)
    short = min(_seconds(small) for _ in range(3))
    best = _seconds(large) / short
    for _ in range(4):
        if best < LINEAR:
            break
        best = min(best, _seconds(large) / short)
    return best


def _seconds(work: Work) -> float:
    started = time.thread_time()
    work()
    return time.thread_time() - started
