"""Single flight, with real threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.edge.cache import PageCache
from ssg.edge.cache_reply import BuilderResult, CacheReply
from ssg.edge.events import AnswerSource, EdgeRecord
from ssg.edge.single_flight import SingleFlight, Ticket
from ssg.edge.storage.disk_store import DiskNamespace, DiskStore
from ssg.edge.thread_pool import DaemonThreadPool
from ssg.model.capabilities import Capabilities
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.capabilities import BUILDER
from tests.preview.running import until


def cache_of(folder: Path, answer: object, host: Capabilities = BUILDER) -> PageCache:
    records: list[EdgeRecord] = []
    return PageCache(
        DiskStore(folder, print).open("b"),
        answer,  # type: ignore[arg-type]
        host,
        spawn=DaemonThreadPool(4, host.seconds or 60),
        log=records.append,
    )


def ask_at_once(cache: PageCache, paths: list[str]) -> list[CacheReply]:
    """One thread a path, all let go at the same moment."""
    barrier = threading.Barrier(len(paths))

    def ask(path: str) -> CacheReply:
        barrier.wait()
        return cache.wait("GET", path)

    with ThreadPoolExecutor(len(paths)) as pool:
        return list(pool.map(ask, paths))


def test_two_hundred_first_requests_render_a_page_once(tmp_path: Path) -> None:
    calls: list[str] = []

    def answer(request: Request) -> Response:
        calls.append(request.path)
        time.sleep(0.05)
        return Response(200, b"page", caching=Caching())

    replies = ask_at_once(cache_of(tmp_path, answer), ["/a/"] * 200)
    assert calls == ["/a/"]
    assert {reply.entry.body for reply in replies} == {b"page"}
    sources = [reply.source for reply in replies]
    assert sources.count(AnswerSource.MISS) == 1
    assert set(sources) <= {AnswerSource.MISS, AnswerSource.COLLAPSED, AnswerSource.HIT}
    assert sources.count(AnswerSource.COLLAPSED) > 0
    joined = next(reply for reply in replies if reply.source is AnswerSource.COLLAPSED)
    assert joined.cache_status == "ssg; fwd=uri-miss; stored; collapsed"


def test_a_flight_that_finds_the_page_stored_does_not_render_it_again(tmp_path: Path) -> None:
    calls: list[str] = []
    queued: list[Callable[[], None]] = []
    records: list[EdgeRecord] = []

    def answer(request: Request) -> Response:
        calls.append(request.path)
        return Response(200, b"page", caching=Caching())

    pages = DiskStore(tmp_path, print).open("b")
    slow = PageCache(pages, answer, BUILDER, spawn=queued.append, log=records.append)
    quick = PageCache(pages, answer, BUILDER, spawn=lambda work: work(), log=records.append)
    ticket = slow.request("GET", "/a/")
    assert isinstance(ticket, Ticket)
    assert quick.wait("GET", "/a/").source is AnswerSource.MISS
    queued.pop()()
    assert slow.reply_to(ticket).source is AnswerSource.HIT
    assert calls == ["/a/"]


def test_different_pages_do_not_wait_for_each_other(tmp_path: Path) -> None:
    calls: list[str] = []
    both_inside = threading.Barrier(2, timeout=5)

    def answer(request: Request) -> Response:
        calls.append(request.path)
        both_inside.wait()
        return Response(200, request.path.encode(), caching=Caching())

    replies = ask_at_once(cache_of(tmp_path, answer), ["/a/", "/b/"] * 25)
    assert sorted(calls) == ["/a/", "/b/"]
    assert {reply.entry.body for reply in replies} == {b"/a/", b"/b/"}


@pytest.mark.parametrize("error", [RuntimeError("broken"), SystemExit(3)])
def test_rule_05_a_crash_frees_all_who_wait_and_the_next_request_tries_again(
    tmp_path: Path, error: BaseException
) -> None:
    calls: list[str] = []

    def answer(request: Request) -> Response:
        calls.append(request.path)
        time.sleep(0.05)
        if len(calls) == 1:
            raise error
        return Response(200, b"page", caching=Caching())

    cache = cache_of(tmp_path, answer)
    started = time.monotonic()
    replies = ask_at_once(cache, ["/a/"] * 50)
    assert time.monotonic() - started < 5
    statuses = [reply.entry.status for reply in replies]
    assert statuses.count(500) > 0
    assert all(b"broken" not in reply.entry.body for reply in replies)
    assert cache.wait("GET", "/a/").entry.body == b"page"


def test_rule_10_waiting_is_bounded_and_the_next_request_starts_again(tmp_path: Path) -> None:
    release = threading.Event()
    calls: list[str] = []

    def answer(request: Request) -> Response:
        calls.append(request.path)
        if len(calls) == 1:
            release.wait(10)
        return Response(200, f"call {len(calls)}".encode(), caching=Caching())

    cache = cache_of(tmp_path, answer, replace(BUILDER, seconds=0.3))
    started = time.monotonic()
    replies = ask_at_once(cache, ["/a/"] * 50)
    assert 0.2 < time.monotonic() - started < 3
    assert {reply.entry.status for reply in replies} == {504}
    assert cache.wait("GET", "/a/").entry.body == b"call 2"
    time.sleep(0.1)
    release.set()
    time.sleep(0.1)
    # The late response is over the limit: it does not replace the good one.
    assert cache.wait("GET", "/a/").entry.body == b"call 2"


def test_a_refresh_runs_once_for_many_stale_requests(tmp_path: Path) -> None:
    now = [0.0]
    calls: list[str] = []
    records: list[EdgeRecord] = []

    def answer(request: Request) -> Response:
        calls.append(request.path)
        time.sleep(0.02)
        return Response(200, f"call {len(calls)}".encode(), caching=Caching(60))

    cache = PageCache(
        DiskStore(tmp_path, print).open("b"),
        answer,
        BUILDER,
        spawn=DaemonThreadPool(),
        log=records.append,
        now=lambda: now[0],
    )
    assert cache.wait("GET", "/a/").entry.body == b"call 1"
    now[0] = 61.0
    replies = ask_at_once(cache, ["/a/"] * 50)
    assert sum(reply.source is AnswerSource.REFRESH for reply in replies) == 1
    assert {reply.entry.body for reply in replies} <= {b"call 1", b"call 2"}
    until(lambda: cache.wait("GET", "/a/").entry.body == b"call 2")
    assert len(calls) == 2


def test_a_flight_is_not_cancelled_by_one_who_leaves() -> None:
    release = threading.Event()
    flights: SingleFlight[str] = SingleFlight(DaemonThreadPool(1), 5.0)
    ticket = flights.join("/a/", lambda: iter([str(release.wait(5))]))
    assert not ticket.future.cancel()
    release.set()
    assert ticket.future.result(5) == "True"


def test_a_flight_begins_when_the_one_before_has_done_all_of_its_work() -> None:
    """Else the first, slow to write, would write its old result over the newer one."""
    written: list[str] = []
    gate = threading.Event()

    def first() -> Iterator[str]:
        yield "old"
        gate.wait(5)
        written.append("old")

    def second() -> Iterator[str]:
        yield "new"
        written.append("new")

    flights: SingleFlight[str] = SingleFlight(DaemonThreadPool(2), 5)
    assert flights.join("key", first).future.result(5) == "old"
    newer = flights.join("key", second)
    time.sleep(0.05)
    assert not newer.future.done()
    gate.set()
    assert newer.future.result(5) == "new"
    until(lambda: written == ["old", "new"])
    until(lambda: not flights._newest)


def test_a_page_that_is_purged_while_it_is_rendered_is_served_and_not_stored(
    tmp_path: Path,
) -> None:
    started, purged = threading.Event(), threading.Event()
    versions = iter([b"old", b"new"])

    def answer(request: Request) -> Response:
        body = next(versions)
        started.set()
        assert body == b"new" or purged.wait(10)
        return Response(200, body, caching=Caching(tags=("page:a",)))

    cache = cache_of(tmp_path, answer)
    waiting = cache.request("GET", "/a/")
    assert isinstance(waiting, Ticket)
    assert started.wait(10)
    cache.purge_tags(["page:a"])
    later = cache.request("GET", "/a/")
    purged.set()
    assert isinstance(later, Ticket)
    assert not later.joined, "it asked after the purge"
    assert waiting.future.result(10).entry.body == b"old"
    assert cache.reply_to(waiting).cache_status == "ssg; fwd=uri-miss; detail=purged"
    assert later.future.result(10).entry.body == b"new"
    until(lambda: cache.wait("GET", "/a/").source is AnswerSource.HIT)
    assert cache.wait("GET", "/a/").entry.body == b"new"


def test_without_a_purge_log_nobody_joins_a_render_that_has_begun_to_read(tmp_path: Path) -> None:
    """A purge may have returned meanwhile. Those who come before it begins share it."""
    contents = iter([b"old", b"new", b"newest"])
    has_read, may_end = threading.Event(), threading.Event()

    def answer(_: Request) -> Response:
        body = next(contents)
        has_read.set()
        assert may_end.wait(10)
        return Response(200, body, caching=Caching())

    pages = DiskStore(tmp_path, print).open("b")
    pages.position = lambda _="": None  # type: ignore[method-assign]  # the log is away
    cache = PageCache(pages, answer, BUILDER, spawn=DaemonThreadPool(), log=lambda _: None)
    first = cache.request("GET", "/a/")
    assert isinstance(first, Ticket)
    assert has_read.wait(10)
    later = [cache.request("GET", "/a/") for _ in range(20)]
    may_end.set()
    replies = [cache.reply_to(each) for each in wait_for([first, *later])]
    assert [reply.entry.body for reply in replies] == [b"old"] + [b"new"] * 20
    assert {reply.cache_status for reply in replies[:1]} == {"ssg; fwd=uri-miss; detail=purged"}


def wait_for(tickets: list[object]) -> list[Ticket[BuilderResult]]:
    """Wait for the renders of all tickets."""
    found = [each for each in tickets if isinstance(each, Ticket)]
    assert len(found) == len(tickets)
    futures.wait([each.future for each in found], 20)
    return found


def test_a_remote_storage_is_read_before_its_lock_is_taken(tmp_path: Path) -> None:
    calls: list[str] = []
    pages = DiskStore(tmp_path, print).open("b")
    cache = cache_on(pages, calls)
    assert cache.wait("GET", "/a/").source is AnswerSource.MISS
    pages.is_remote = True
    pages.get = lambda _: None  # type: ignore[method-assign]  # it is not in memory
    pages.lock = None  # type: ignore[method-assign, assignment]  # taking it would fail
    assert cache.wait("GET", "/a/").source is AnswerSource.HIT
    assert calls == ["/a/"]


def cache_on(pages: DiskNamespace, calls: list[str]) -> PageCache:
    """A cache that renders in the thread of the request, and notes what."""

    def answer(request: Request) -> Response:
        calls.append(request.path)
        return Response(200, b"page", caching=Caching())

    return PageCache(pages, answer, BUILDER, spawn=lambda work: work(), log=lambda _: None)
