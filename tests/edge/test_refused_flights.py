"""Flights that are refused because the queue is full."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from ssg.edge.single_flight import OverloadError, SingleFlight, Ticket
from ssg.edge.thread_pool import DaemonThreadPool
from tests.preview.running import until


def test_a_flight_that_is_refused_ends_at_once_and_the_next_one_starts() -> None:
    refuses = [True, False]

    def spawn(work: Callable[[], None]) -> None:
        if refuses.pop(0):
            raise OverloadError
        work()

    flights: SingleFlight[int] = SingleFlight(spawn, 10)
    ticket = flights.join("a", lambda: iter([1]))
    assert isinstance(ticket.future.exception(0), OverloadError)
    assert flights.join("a", lambda: iter([2])).future.result(0) == 2


def test_after_a_flight_that_is_refused_the_next_one_still_waits_for_the_one_before() -> None:
    written: list[str] = []
    gate, pool, is_full = threading.Event(), DaemonThreadPool(3), [False]

    def spawn(work: Callable[[], None]) -> None:
        if is_full[0]:
            raise OverloadError
        pool(work)

    def result(name: str) -> Iterator[str]:
        yield name
        assert name == "new" or gate.wait(5)
        written.append(name)

    flights: SingleFlight[str] = SingleFlight(spawn, 5)
    assert flights.join("key", lambda: result("old")).future.result(5) == "old"
    is_full[0] = True
    refused = flights.join("key", lambda: result("none"))
    assert isinstance(refused.future.exception(0), OverloadError)
    is_full[0] = False
    newer = flights.join("key", lambda: result("new"))
    time.sleep(0.05)
    assert not newer.future.done()
    gate.set()
    until(lambda: written == ["old", "new"])
    until(lambda: not flights._newest)


@pytest.mark.parametrize("refused_while_refused", [0, 1, 2])
def test_a_flight_that_starts_while_others_are_refused_waits_for_the_one_before_all(
    refused_while_refused: int,
) -> None:
    """Each flight that is refused has others start meanwhile; the innermost is not refused."""
    written: list[str] = []
    gate, pool, refusals = threading.Event(), DaemonThreadPool(3), [0]
    inner: list[Ticket[str]] = []

    def result(name: str) -> Iterator[str]:
        yield name
        assert name == "new" or gate.wait(5)
        written.append(name)

    def spawn(work: Callable[[], None]) -> None:
        if not refusals[0]:
            return pool(work)
        refusals[0] -= 1
        flights.seal("key")
        inner.append(flights.join("key", lambda: result("new")))
        raise OverloadError

    flights: SingleFlight[str] = SingleFlight(spawn, 5)
    assert flights.join("key", lambda: result("old")).future.result(5) == "old"
    refusals[0] = 1 + refused_while_refused
    refused = flights.join("key", lambda: result("none"))
    assert isinstance(refused.future.exception(0), OverloadError)
    time.sleep(0.05)
    assert not inner[0].future.done()
    gate.set()
    until(lambda: written == ["old", "new"])
    until(lambda: not flights._newest)


def test_of_flights_that_are_refused_at_once_none_is_forgotten_too_early() -> None:
    """The first one is refused while the second, which waits for it, is."""
    written: list[str] = []
    gate, pool, is_full = threading.Event(), DaemonThreadPool(3), [False]
    first_may_end = threading.Event()

    def result(name: str) -> Iterator[str]:
        yield name
        assert name == "new" or gate.wait(5)
        written.append(name)

    def spawn(work: Callable[[], None]) -> None:
        if not is_full[0]:
            return pool(work)
        if threading.current_thread().name == "first":
            assert first_may_end.wait(5)
        else:
            first_may_end.set()
            first.join(5)
        raise OverloadError

    flights: SingleFlight[str] = SingleFlight(spawn, 5)
    assert flights.join("key", lambda: result("old")).future.result(5) == "old"
    is_full[0] = True
    first = threading.Thread(
        target=flights.join, args=("key", lambda: result("none")), name="first"
    )
    first.start()
    until(lambda: "key" in flights._under_way)
    flights.seal("key")
    flights.join("key", lambda: result("none"))
    is_full[0] = False
    newer = flights.join("key", lambda: result("new"))
    time.sleep(0.05)
    assert not newer.future.done()
    gate.set()
    until(lambda: written == ["old", "new"])
    until(lambda: not flights._newest)
