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


@dataclass(slots=True, eq=False)
class _Flight(Generic[T]):
    """A flight until its generator has ended, which is after it has landed."""

    ticket: Ticket[T]
    is_done: threading.Event = field(default_factory=threading.Event)
    refused_after: _Flight[T] | None = None
    """The flight before this one, if this one was refused: the next one waits for that."""


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
            self._give_up(key, before, own, error)
        return ticket

    def _give_up(
        self, key: Hashable, before: _Flight[T] | None, own: _Flight[T], error: Exception
    ) -> None:
        """End a flight that has not begun. The one before it is the newest again."""
        own.refused_after = before
        self._land(key, own.ticket)
        own.ticket.future.set_exception(error)
        self._forget(key, own)

    def _forget(self, key: Hashable, own: _Flight[T]) -> None:
        own.is_done.set()
        with self._lock:
            if self._newest.get(key) is own:
                del self._newest[key]
                if before := _unfinished(own):
                    self._newest[key] = before

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
        while before is not None:
            before.is_done.wait(self.remaining_seconds(before.ticket))
            before = before.refused_after
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


def _unfinished(flight: _Flight[T] | None) -> _Flight[T] | None:
    """A flight, or the one before it if it was refused; None if that has ended."""
    while flight is not None and flight.is_done.is_set():
        flight = flight.refused_after
    return flight
