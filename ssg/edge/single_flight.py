"""Single flight: many requests wait for one render.

Theory of operation. The first request for a key starts a flight, which runs a function on another
thread. Requests that come while it is under way join it. Each gets a ticket with the future of the
result. The function is a generator: the result that it yields lands the flight, which means that
the waiters are woken and that the next request starts a new flight. What the generator does after
that, such as writing to disk, delays no waiter. It delays the next flight of the key, though;
otherwise an old result could be written over a newer one.

Waiting is bounded. A flight that takes longer than the limit is abandoned: its waiters give up,
and the next request starts another flight, on another thread if the first one hangs.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Clock = Callable[[], float]
Spawn = Callable[[Callable[[], None]], None]
T = TypeVar("T")


class OverloadError(Exception):
    """As much work as may wait is waiting."""


@dataclass(frozen=True, slots=True)
class Ticket(Generic[T]):
    """A claim to the result of a flight. `joined`: another request had started it."""

    future: Future[T]
    started_at: float
    joined: bool = False


@dataclass(frozen=True, slots=True)
class _Flight(Generic[T]):
    """A flight until its generator has ended, which is after it has landed."""

    ticket: Ticket[T]
    is_done: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class SingleFlight(Generic[T]):
    """The flights of all keys."""

    spawn: Spawn
    limit_seconds: float
    clock: Clock = time.monotonic
    _under_way: dict[Hashable, Ticket[T]] = field(default_factory=dict)
    _newest: dict[Hashable, _Flight[T]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def join(self, key: Hashable, work: Callable[[], Iterator[T]]) -> Ticket[T]:
        """Join the flight of `key` that is under way, or start one that runs `work`."""
        with self._lock:
            ticket = self._under_way.get(key)
            if ticket is not None and self.remaining_seconds(ticket) > 0:
                return Ticket(ticket.future, ticket.started_at, joined=True)
            ticket = Ticket(Future(), self.clock())
            ticket.future.set_running_or_notify_cancel()  # no waiter can cancel it for the others
            self._under_way[key] = ticket
            before, own = self._newest.get(key), _Flight(ticket)
            self._newest[key] = own
        try:
            self.spawn(lambda: self._run_after(key, before, own, work))
        except OverloadError as error:
            self._give_up(key, own, error)
        return ticket

    def _give_up(self, key: Hashable, own: _Flight[T], error: Exception) -> None:
        """End a flight that has not begun."""
        self._land(key, own.ticket)
        own.ticket.future.set_exception(error)
        self._forget(key, own)

    def _forget(self, key: Hashable, own: _Flight[T]) -> None:
        own.is_done.set()
        with self._lock:
            if self._newest.get(key) is own:
                del self._newest[key]

    def seal(self, key: Hashable) -> None:
        """Let nobody else join the flight of `key` that is under way.

        The next request starts another one, which runs after it.
        """
        with self._lock:
            self._under_way.pop(key, None)

    def remaining_seconds(self, ticket: Ticket[T]) -> float:
        """How long the holder of a ticket may still wait."""
        return max(0.0, ticket.started_at + self.limit_seconds - self.clock())

    def _run_after(
        self,
        key: Hashable,
        before: _Flight[T] | None,
        own: _Flight[T],
        work: Callable[[], Iterator[T]],
    ) -> None:
        """Run once the flight before this one has ended, or its time limit has passed."""
        if before is not None:
            before.is_done.wait(self.remaining_seconds(before.ticket))
        try:
            self._run(key, own.ticket, work)
        finally:
            self._forget(key, own)

    def _run(self, key: Hashable, ticket: Ticket[T], work: Callable[[], Iterator[T]]) -> None:
        """Run the generator, and wake the waiters whatever happens."""
        try:
            for result in work():
                self._land(key, ticket)
                ticket.future.set_result(result)
        except BaseException as error:  # even SystemExit of a template must wake them
            self._land(key, ticket)
            if not ticket.future.done():
                ticket.future.set_exception(error)

    def _land(self, key: Hashable, ticket: Ticket[T]) -> None:
        with self._lock:
            if self._under_way.get(key) is ticket:
                del self._under_way[key]


class DaemonThreadPool:
    """A few daemon threads that run functions in order; a thread that hangs is replaced.

    This is not a `ThreadPoolExecutor`, because the interpreter waits for its threads at exit: a
    template with an endless loop would survive Ctrl-C.
    """

    def __init__(
        self,
        size: int = 4,
        limit_seconds: float = math.inf,
        clock: Clock = time.monotonic,
        queue_limit: float = math.inf,
    ) -> None:
        """`queue_limit` is how much of the work given to `bounded` may wait for a thread."""
        self.limit_seconds = limit_seconds
        """A thread that is busy for longer is replaced; may be changed at any time."""
        self._size = size
        self._clock = clock
        self._queue_limit = queue_limit
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._busy_since: dict[int, float | None] = {}
        self._lock = threading.Lock()

    def __call__(self, work: Callable[[], None]) -> None:
        """Queue `work` for the next free thread."""
        self._queue.put(work)
        with self._lock:
            if self._usable_count() < self._size:
                number = len(self._busy_since)
                self._busy_since[number] = None
                threading.Thread(
                    target=self._loop, args=(number,), name=f"ssg-render-{number}", daemon=True
                ).start()

    def bounded(self, work: Callable[[], None]) -> None:
        """Queue `work` as above. Raises OverloadError if too much of it waits."""
        if self._excess() >= self._queue_limit:
            raise OverloadError
        self(work)

    def waiting(self) -> int:
        """How much work waits for a thread at this moment."""
        return max(0, self._excess())

    def _excess(self) -> int:
        """How much more work is queued than threads are free; negative if some remain free."""
        hangs_since = self._clock() - self.limit_seconds
        with self._lock:
            times = tuple(self._busy_since.values())
        busy = sum(since is not None and since > hangs_since for since in times)
        return self._queue.qsize() - (self._size - busy)

    def _usable_count(self) -> int:
        """The number of threads that are idle, or busy for less than the limit."""
        hangs_since = self._clock() - self.limit_seconds
        return sum(since is None or since > hangs_since for since in self._busy_since.values())

    def _loop(self, number: int) -> None:
        while True:
            work = self._queue.get()
            self._busy_since[number] = self._clock()
            work()
            del work  # what it refers to may be of a build that is no longer served
            self._busy_since[number] = None
