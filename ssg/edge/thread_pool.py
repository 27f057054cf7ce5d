"""Threads that run renders, and a bounded queue of work for them.

Theory of operation. A few threads are enough: Python renders one page at a time anyway, and the
others read and write storage. A thread that hangs, waits until another process has rendered its
page, or waits for sources of data, does not count as one of these few. Another thread runs in its
place, but there are never more than `max_threads`, and sources never hold the last few. When such a
thread comes back, there is one too many; the next one without work ends. Work waits in the queue
until a thread is free. If the queue is full, work that is `bounded` is refused.

This is not a `ThreadPoolExecutor`, because the interpreter waits for its threads at exit: a
template with an endless loop would survive Ctrl-C.
"""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ssg.edge.single_flight import Clock, OverloadError

MAX_THREADS = 80
SHARE = 3
"""Of the threads that could wait for sources, one set of sources may hold this many times as many
as remain free: three of four. So one that hangs leaves threads to pages of the others."""


@dataclass(slots=True, eq=False)
class _PoolThread:
    """A thread of a pool."""

    pool: DaemonThreadPool | None = None
    busy_since: float | None = None
    """None while it is idle."""
    is_blocked: bool = False
    """Whether it waits for another process, or for a source."""
    waits_for: frozenset[str] = frozenset()
    """The sources for which it waits."""


class DaemonThreadPool:
    """A few daemon threads that run functions in order."""

    def __init__(
        self,
        size: int = 4,
        limit_seconds: float = math.inf,
        clock: Clock = time.monotonic,
        queue_limit: float = math.inf,
        max_threads: int = MAX_THREADS,
    ) -> None:
        """`bounded` refuses work while `queue_limit` of it waits for a thread."""
        self.limit_seconds = limit_seconds
        """A thread that is busy for longer is replaced; may be changed at any time."""
        self._size = size
        self._clock = clock
        self._queue_limit = queue_limit
        self._max_threads = max(size, max_threads)
        self._queue: deque[Callable[[], None]] = deque()
        self._threads: set[_PoolThread] = set()
        self._numbers = itertools.count()
        self._change = threading.Condition()

    def __call__(self, work: Callable[[], None]) -> None:
        """Queue `work` for the next free thread."""
        with self._change:
            self._take(work)

    def bounded(self, work: Callable[[], None]) -> None:
        """Queue `work` as above. Raises OverloadError if the queue is full."""
        with self._change:
            if self._excess() >= self._queue_limit:
                raise OverloadError
            self._take(work)

    def waiting(self) -> int:
        """How much work waits for a thread at this moment."""
        with self._change:
            return max(0, self._excess())

    @contextmanager
    def blocked(self) -> Iterator[None]:
        """Do not count this thread while it waits for another process."""
        with self._blocked(getattr(_this_thread, "of_pool", _PoolThread())):
            yield

    @contextmanager
    def waits_for_source(self, thread: _PoolThread, sources: frozenset[str]) -> Iterator[None]:
        """Do not count a thread while it waits for sources (`waits_for_source` of the module)."""
        with self._blocked(thread, sources):
            yield

    @contextmanager
    def _blocked(
        self, thread: _PoolThread, sources: frozenset[str] = frozenset()
    ) -> Iterator[None]:
        with self._change:
            if sources and not self._may_wait_for(sources):
                raise OverloadError
            thread.is_blocked, thread.waits_for = True, sources
            self._start_missing()
        try:
            yield
        finally:
            thread.is_blocked, thread.waits_for = False, frozenset()

    def _may_wait_for(self, sources: frozenset[str]) -> bool:
        """Whether one more thread may wait for these sources."""
        waiting = [one.waits_for for one in self._threads if one.is_blocked]
        free = self._max_threads - self._size - len(waiting)
        return waiting.count(sources) < SHARE * free

    def _take(self, work: Callable[[], None]) -> None:
        self._queue.append(work)
        self._start_missing()
        self._change.notify()

    def _excess(self) -> int:
        """How much more work is queued than threads are free; negative if some remain free."""
        return self._unserved() - self._missing()

    def _unserved(self) -> int:
        """How much more work is queued than threads are idle."""
        return len(self._queue) - sum(thread.busy_since is None for thread in self._threads)

    def _missing(self) -> int:
        """The number of threads that may be started."""
        usable = sum(map(self._is_usable, self._threads))
        return max(0, min(self._size - usable, self._max_threads - len(self._threads)))

    def _is_usable(self, thread: _PoolThread) -> bool:
        """Whether a thread is idle, or has worked for less than the limit."""
        since = thread.busy_since
        if since is None:
            return True
        return not thread.is_blocked and since > self._clock() - self.limit_seconds

    def _start_missing(self) -> None:
        """Start threads for work that no idle thread takes, as many as are allowed."""
        for _ in range(min(self._missing(), self._unserved())):
            thread, name = _PoolThread(self), f"ssg-render-{next(self._numbers)}"
            threading.Thread(target=self._loop, args=(thread,), name=name, daemon=True).start()
            self._threads.add(thread)

    def _loop(self, thread: _PoolThread) -> None:
        _this_thread.of_pool = thread
        try:
            while (work := self._next(thread)) is not None:
                work()
                del work  # what it refers to may be of a build that is no longer served
        finally:
            self._remove(thread)  # work may raise

    def _remove(self, thread: _PoolThread) -> None:
        with self._change:
            self._threads.discard(thread)
            self._start_missing()

    def _next(self, thread: _PoolThread) -> Callable[[], None] | None:
        """Wait for work. Removes the thread and returns None if there is one too many."""
        with self._change:
            thread.busy_since = None
            while not self._queue:
                if sum(map(self._is_usable, self._threads)) > self._size:
                    self._threads.remove(thread)
                    return None
                self._change.wait()
            thread.busy_since = self._clock()
            return self._queue.popleft()


_this_thread = threading.local()


@contextmanager
def waits_for_source(sources: Iterable[str]) -> Iterator[None]:
    """Do not count this thread, if it is of a pool, while it waits for sources of data.

    Raises OverloadError if too few threads would be left for other work, or for other sources.
    """
    thread: _PoolThread | None = getattr(_this_thread, "of_pool", None)
    if thread is None or thread.pool is None:
        yield
        return
    with thread.pool.waits_for_source(thread, frozenset(sources)):
        yield
