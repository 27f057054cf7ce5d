"""Single flight: many wait for one render.

The first request for a key starts the work, the next ones join it. Waiting is bounded: a flight
that takes longer than the limit is left alone, and the next request starts another.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Ticket(Generic[T]):
    """A place on a flight. `joined`: somebody else had started it."""

    future: Future[T]
    started_at: float
    joined: bool = False


@dataclass(frozen=True, slots=True)
class _Flight(Generic[T]):
    """All that a flight does, also after it has landed."""

    ticket: Ticket[T]
    is_done: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class SingleFlight(Generic[T]):
    """The flights under way, by key."""

    spawn: Spawn
    limit_seconds: float
    clock: Clock = time.monotonic
    _under_way: dict[Hashable, Ticket[T]] = field(default_factory=dict)
    _newest: dict[Hashable, _Flight[T]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def join(self, key: Hashable, work: Callable[[], Iterator[T]]) -> Ticket[T]:
        """The flight for `key` that is under way, or a new one that runs `work`.

        What `work` yields lands the flight: all who wait are told, and the next one may begin.
        What it does after that, nobody waits for but the next flight: else an old result could be
        written over a newer one.
        """
        with self._lock:
            ticket = self._under_way.get(key)
            if ticket is not None and self.remaining_seconds(ticket) > 0:
                return Ticket(ticket.future, ticket.started_at, joined=True)
            ticket = Ticket(Future(), self.clock())
            ticket.future.set_running_or_notify_cancel()  # no waiter can cancel it for the others
            self._under_way[key] = ticket
            before, own = self._newest.get(key), _Flight(ticket)
            self._newest[key] = own
        self.spawn(lambda: self._in_turn(key, before, own, work))
        return ticket

    def remaining_seconds(self, ticket: Ticket[T]) -> float:
        """How long a holder of this ticket may still wait."""
        return max(0.0, ticket.started_at + self.limit_seconds - self.clock())

    def _in_turn(
        self,
        key: Hashable,
        before: _Flight[T] | None,
        own: _Flight[T],
        work: Callable[[], Iterator[T]],
    ) -> None:
        """Run when the work before this one is done, or has had its time."""
        if before is not None:
            before.is_done.wait(self.remaining_seconds(before.ticket))
        try:
            self._run(key, own.ticket, work)
        finally:
            own.is_done.set()
            with self._lock:
                if self._newest.get(key) is own:
                    del self._newest[key]

    def _run(self, key: Hashable, ticket: Ticket[T], work: Callable[[], Iterator[T]]) -> None:
        """Do the work; whatever happens, those who wait are told."""
        try:
            for result in work():
                self._land(key, ticket)
                ticket.future.set_result(result)
        except BaseException as error:  # even SystemExit from a template must not strand them
            self._land(key, ticket)
            if not ticket.future.done():
                ticket.future.set_exception(error)

    def _land(self, key: Hashable, ticket: Ticket[T]) -> None:
        with self._lock:
            if self._under_way.get(key) is ticket:
                del self._under_way[key]


class DaemonThreadPool:
    """A few daemon threads that run work in order; a thread that hangs is replaced.

    Not a `ThreadPoolExecutor`: the interpreter waits for its threads at exit, and one endless
    template would then outlive Ctrl-C.
    """

    def __init__(
        self, size: int = 4, limit_seconds: float = 10.0, clock: Clock = time.monotonic
    ) -> None:
        self._size = size
        self._limit_seconds = limit_seconds
        self._clock = clock
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._busy_since: dict[int, float | None] = {}
        self._lock = threading.Lock()

    def __call__(self, work: Callable[[], None]) -> None:
        """Run `work` soon, on some thread."""
        self._queue.put(work)
        with self._lock:
            if self._able() < self._size:
                number = len(self._busy_since)
                self._busy_since[number] = None
                threading.Thread(
                    target=self._loop, args=(number,), name=f"ssg-render-{number}", daemon=True
                ).start()

    def _able(self) -> int:
        """How many threads are idle, or busy within the limit."""
        late = self._clock() - self._limit_seconds
        return sum(since is None or since > late for since in self._busy_since.values())

    def _loop(self, number: int) -> None:
        while True:
            work = self._queue.get()
            self._busy_since[number] = self._clock()
            work()
            self._busy_since[number] = None
