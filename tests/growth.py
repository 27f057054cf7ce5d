"""How the time of some work grows with its size."""

from __future__ import annotations

import time
from collections.abc import Callable

LINEAR = 10.0
"""Four times the input takes four times as long if the work is linear, sixteen if quadratic."""

Work = Callable[[], object]


def growth(work_of_size: Callable[[int], Work], size: int) -> float:
    """By what factor the work takes longer with four times the input. The best of five counts."""
    small, large = work_of_size(size), work_of_size(4 * size)
    return min(_seconds(large) for _ in range(5)) / min(_seconds(small) for _ in range(5))


def _seconds(work: Work) -> float:
    started = time.thread_time()
    work()
    return time.thread_time() - started
