"""The threads of renders: how many there are, and what may wait for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.edge.cache import PageCache
from ssg.edge.events import AnswerSource
from ssg.edge.single_flight import OverloadError, Ticket
from ssg.edge.storage.disk_store import DiskStore
from ssg.edge.thread_pool import DaemonThreadPool, waits_for_source
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.capabilities import BUILDER
from tests.edge.test_single_flight import ask_at_once
from tests.examples import examples
from tests.preview.running import until


@dataclass
class Gate:
    """Work that runs until it is let go."""

    has_begun: threading.Event = field(default_factory=threading.Event)
    may_end: threading.Event = field(default_factory=threading.Event)
    has_ended: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> None:
        self.has_begun.set()
        assert self.may_end.wait(20)
        self.has_ended.set()


def begun(pool: DaemonThreadPool, count: int) -> list[Gate]:
    """Threads at work."""
    gates = [Gate() for _ in range(count)]
    for gate in gates:
        pool.bounded(gate)
    assert all(gate.has_begun.wait(5) for gate in gates)
    return gates


def release(*gates: Gate) -> None:
    for gate in gates:
        gate.may_end.set()


def test_an_idle_worker_is_used_before_another_is_started() -> None:
    names: set[str] = set()
    workers = DaemonThreadPool(4)
    for _ in range(20):
        done = threading.Event()

        def work(done: threading.Event = done) -> None:
            names.add(threading.current_thread().name)
            done.set()

        workers(work)
        assert done.wait(2)
    assert len(names) <= 4
    assert all(thread.daemon for thread in threading.enumerate() if thread.name in names)


def test_a_full_queue_refuses_work_that_is_bounded_and_no_other() -> None:
    pool = DaemonThreadPool(2, queue_limit=1)
    running = begun(pool, 2)
    pool.bounded(queued := Gate())
    with pytest.raises(OverloadError):
        pool.bounded(Gate())
    pool(always := Gate())
    assert pool.waiting() == 2
    release(*running, queued, always)
    assert always.has_ended.wait(5)


def test_without_a_place_in_the_queue_idle_threads_still_take_work() -> None:
    pool = DaemonThreadPool(2, queue_limit=0)
    for _ in range(3):
        gates = begun(pool, 2)
        with pytest.raises(OverloadError):
            pool.bounded(Gate())
        release(*gates)
        until(lambda: pool._excess() == -2)


def test_threads_that_hung_and_come_back_end() -> None:
    pool = DaemonThreadPool(2, limit_seconds=0.1)
    hung = begun(pool, 2)
    time.sleep(0.2)
    replacing = begun(pool, 2)
    assert len(pool._threads) == 4
    release(*hung, *replacing)
    until(lambda: len(pool._threads) == 2)
    release(*begun(pool, 2))


def test_the_number_of_threads_is_bounded_even_if_all_of_them_hang() -> None:
    pool = DaemonThreadPool(1, limit_seconds=0.01, queue_limit=0, max_threads=3)
    hung = []
    for _ in range(3):
        hung += begun(pool, 1)
        time.sleep(0.02)
    with pytest.raises(OverloadError):
        pool.bounded(Gate())
    release(*hung)
    until(lambda: pool._excess() < 0)
    release(*begun(pool, 1))


def test_more_renders_than_threads_by_default_have_threads() -> None:
    pool = DaemonThreadPool(3, max_threads=2)
    release(*begun(pool, 3))


def test_work_that_raises_uses_up_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[object] = []
    monkeypatch.setattr(threading, "excepthook", errors.append)
    pool, done = DaemonThreadPool(1, max_threads=1), threading.Event()

    def broken() -> None:
        raise OSError("the disk is full")

    for _ in range(3):
        pool(broken)
    pool(done.set)
    assert done.wait(5)
    until(lambda: len(errors) == 3)


def test_threads_that_wait_for_another_process_do_not_count() -> None:
    pool = DaemonThreadPool(2, max_threads=5)
    others = [Gate() for _ in range(4)]

    def wait_for(gate: Gate) -> Callable[[], None]:
        def work() -> None:
            with pool.blocked():
                gate()

        return work

    for gate in others:
        pool(wait_for(gate))
        assert gate.has_begun.wait(5)
    (busy,) = begun(pool, 1)  # the fifth thread, and the last one
    pool(late := Gate())
    assert not late.has_begun.wait(0.1)
    release(*others, busy, late)
    assert late.has_ended.wait(5)
    until(lambda: len(pool._threads) == 2)


def test_a_source_that_hangs_leaves_threads_to_others() -> None:
    """Of 12 threads, 8 may wait for sources; one that hangs gets 6 of them."""
    pool, gates = DaemonThreadPool(4, max_threads=12), [Gate() for _ in range(20)]
    refused: list[str] = []

    def wait_for(source: str, gate: Gate) -> Callable[[], None]:
        def work() -> None:
            try:
                with waits_for_source([source, source]):
                    gate()
            except OverloadError:
                refused.append(source)

        return work

    for gate in gates[:9]:
        pool(wait_for("slow", gate))
    until(lambda: len(refused) == 3)
    assert [gate.has_begun.wait(5) for gate in gates[:6]] == [True] * 6
    pool(wait_for("fast", gates[9]))
    assert gates[9].has_begun.wait(5)
    pool(gates[10])
    assert gates[10].has_begun.wait(5)
    assert refused == ["slow"] * 3
    release(*gates[:6], *gates[9:11])

    def is_let_in() -> bool:
        """Whether a place is free again: threads that are released still have to leave theirs."""
        pool(wait_for("slow", gates[11]))
        return gates[11].has_begun.wait(0.2)

    until(is_let_in)
    release(gates[11])


def test_work_in_the_queue_gets_a_thread_when_another_one_begins_to_wait() -> None:
    pool = DaemonThreadPool(1)
    may_wait, may_end, second = threading.Event(), threading.Event(), threading.Event()

    def first() -> None:
        may_wait.wait(5)
        with pool.blocked():
            may_end.wait(5)

    pool(first)
    pool(second.set)
    assert not second.wait(0.1)
    may_wait.set()
    assert second.wait(5)
    may_end.set()


def test_waiting_for_another_process_leaves_threads_for_other_pages(tmp_path: Path) -> None:
    """Another process renders four pages; this one has two threads, and renders a fifth."""
    pages, is_rendered = DiskStore(tmp_path, print).open("b"), threading.Event()
    own_lock = pages.lock

    @contextmanager
    def lock(path: str, seconds: float) -> Iterator[bool]:
        is_ours = not path.startswith("/theirs") or is_rendered.wait(seconds)
        with own_lock(path, seconds) if is_ours else nullcontext(False) as is_held:
            yield is_held

    pages.lock = lock  # type: ignore[method-assign]
    cache = cache_with(DaemonThreadPool(2, queue_limit=0), pages, own_page)
    tickets = []
    for number in range(4):
        ticket = cache.request("GET", f"/theirs/{number}/")
        assert isinstance(ticket, Ticket)
        tickets.append(ticket)
        time.sleep(0.05)
    assert cache.wait("GET", "/own/").entry.body == b"/own/"
    is_rendered.set()
    assert {ticket.future.result(10).entry.status for ticket in tickets} == {200}


def test_a_lock_that_is_free_starts_no_further_thread(tmp_path: Path) -> None:
    pool, pages = DaemonThreadPool(2), DiskStore(tmp_path, print).open("b")
    replies = ask_at_once(cache_with(pool, pages, own_page), [f"/{n}/" for n in range(20)])
    assert {reply.entry.status for reply in replies} == {200}
    assert next(pool._numbers) == 2


def own_page(request: Request) -> Response:
    return Response(200, request.path.encode(), caching=Caching())


def cache_with(
    pool: DaemonThreadPool, pages: object, answer: Callable[[Request], Response]
) -> PageCache:
    return PageCache(
        pages,  # type: ignore[arg-type]
        answer,
        BUILDER,
        spawn=pool.bounded,
        blocked=pool.blocked,
        log=lambda _: None,
    )


@settings(max_examples=examples(15), deadline=None)
@given(
    paths=st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=40),
    limit=st.integers(0, 3),
)
def test_everybody_gets_an_answer_and_a_bounded_number_of_renders_waits(
    tmp_path_factory: pytest.TempPathFactory, paths: list[str], limit: int
) -> None:
    pool = DaemonThreadPool(2, queue_limit=limit)
    longest, calls = [0], list[str]()

    def answer(request: Request) -> Response:
        longest[0] = max(longest[0], pool.waiting())
        calls.append(request.path)
        time.sleep(0.002)
        return own_page(request)

    pages = DiskStore(tmp_path_factory.mktemp("cache"), print).open("b")
    replies = ask_at_once(cache_with(pool, pages, answer), [f"/{name}/" for name in paths])
    assert longest[0] <= limit
    assert len(calls) == len(set(calls))
    for name, reply in zip(paths, replies, strict=True):
        is_refused = reply.source is AnswerSource.OVERLOADED
        expected = 503 if is_refused else 200
        assert reply.entry.status == expected
        assert is_refused or reply.entry.body == f"/{name}/".encode()


@settings(max_examples=examples(30), deadline=None)
@given(
    size=st.integers(1, 3),
    limit=st.integers(0, 3),
    actions=st.lists(st.sampled_from(["ask", "end", "hang"]), max_size=40),
)
def test_never_more_than_the_limit_wait_and_all_that_was_taken_runs(
    size: int, limit: int, actions: list[str]
) -> None:
    """With a clock of its own: threads hang when more time has passed than the limit."""
    now = [0.0]
    pool = DaemonThreadPool(size, 10, lambda: now[0], queue_limit=limit, max_threads=6)
    taken: list[Gate] = []
    for action in actions:
        if action == "ask":
            try:
                pool.bounded(gate := Gate())
                taken.append(gate)
            except OverloadError:
                assert pool.waiting() == limit
        elif action == "hang":
            now[0] += 11
        else:
            running = [g for g in taken if g.has_begun.is_set() and not g.has_ended.is_set()]
            release(*running[:1])
            assert all(gate.has_ended.wait(5) for gate in running[:1])
        assert pool.waiting() <= limit
        assert len(pool._threads) <= 6
    release(*taken)
    assert all(gate.has_ended.wait(5) for gate in taken)
