"""The counters of the preview: what they count, and that they stay small."""

from __future__ import annotations

import sys
import threading
import tracemalloc
from dataclasses import dataclass

import pytest

from ssg.edge.events import AccessRecord, AnswerSource, Notice, NoticeLevel, RenderRecord
from ssg.edge.policy import RenderKind, StoreVerdict
from ssg.preview.counters import (
    BIN_COUNT,
    BIN_SECONDS,
    MAX_MESSAGE_CHARACTERS,
    MAX_PATH_CHARACTERS,
    RENDER_LIMITS_MS,
    PathCounters,
    RequestOutcome,
    TrafficCounters,
    outcome_of,
)
from ssg.runtime.http import Failure

START = 1_000_000_000.0


@dataclass
class Clock:
    now: float = START

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stats(clock: Clock) -> TrafficCounters:
    return TrafficCounters(clock)


def access(
    path: str = "/a/", source: AnswerSource = AnswerSource.HIT, status: int = 200
) -> AccessRecord:
    return AccessRecord("GET", path, status, source, 1.0, 10)


def rendered(
    path: str = "/a/", milliseconds: float = 3.0, verdict: StoreVerdict = StoreVerdict.STORE,
    status: int = 200, failure: Failure | None = None,
) -> RenderRecord:  # fmt: skip
    return RenderRecord(path, RenderKind.MISS, status, verdict, milliseconds, failure)


@pytest.mark.parametrize(
    ("source", "status", "outcome"),
    [
        (AnswerSource.HIT, 200, RequestOutcome.HIT),
        (AnswerSource.HIT, 304, RequestOutcome.HIT),
        (AnswerSource.MISS, 200, RequestOutcome.MISS),
        (AnswerSource.COLLAPSED, 200, RequestOutcome.MISS),
        (AnswerSource.STALE, 200, RequestOutcome.STALE),
        (AnswerSource.REFRESH, 200, RequestOutcome.STALE),
        (AnswerSource.FILE, 206, RequestOutcome.FILE),
        (AnswerSource.REDIRECT, 301, RequestOutcome.REDIRECT),
        (AnswerSource.NOTHING, 404, RequestOutcome.NOT_FOUND),
        (AnswerSource.HIT, 404, RequestOutcome.NOT_FOUND),
        (AnswerSource.MISS, 500, RequestOutcome.ERROR),
        (AnswerSource.NOTHING, 503, RequestOutcome.ERROR),
        (AnswerSource.REFUSED, 405, RequestOutcome.ERROR),
        (AnswerSource.ELSEWHERE, 502, RequestOutcome.ERROR),
        (AnswerSource.HIT, 0, RequestOutcome.ERROR),
    ],
)
def test_a_request_has_one_outcome(
    source: AnswerSource, status: int, outcome: RequestOutcome
) -> None:
    assert outcome_of(access(source=source, status=status)) is outcome


def test_requests_are_counted_by_time_and_outcome(stats: TrafficCounters, clock: Clock) -> None:
    stats.record(access())
    clock.now += BIN_SECONDS
    stats.record(access())
    stats.record(access(source=AnswerSource.FILE))
    bins = stats.timeline()
    assert len(bins) == BIN_COUNT
    hit, file = (
        list(RequestOutcome).index(RequestOutcome.HIT),
        list(RequestOutcome).index(RequestOutcome.FILE),
    )
    assert [(each.counts[hit], each.counts[file]) for each in bins[-3:]] == [(0, 0), (1, 0), (1, 1)]
    assert bins[-1].started_at <= clock.now < bins[-1].started_at + BIN_SECONDS
    assert stats.totals()[RequestOutcome.HIT] == 2


def test_what_is_too_old_leaves_the_timeline_and_stays_in_the_totals(
    stats: TrafficCounters, clock: Clock
) -> None:
    stats.record(access())
    clock.now += BIN_SECONDS * BIN_COUNT
    assert sum(sum(each.counts) for each in stats.timeline()) == 0
    assert stats.totals()[RequestOutcome.HIT] == 1


def test_a_clock_set_back_counts_on(stats: TrafficCounters, clock: Clock) -> None:
    stats.record(access())
    clock.now -= 3600
    stats.record(access())
    assert stats.totals()[RequestOutcome.HIT] == 2
    clock.now += 3600
    assert sum(sum(each.counts) for each in stats.timeline()) == 2


def test_a_tally_follows_a_path(stats: TrafficCounters) -> None:
    stats.record(rendered(milliseconds=7.5))
    stats.record(access(source=AnswerSource.MISS))
    stats.record(access(source=AnswerSource.HIT))
    stats.record(access(source=AnswerSource.REFRESH))
    assert stats.of_path("/a/") == PathCounters(renders=1, hits=2, last_render_ms=7.5)
    assert stats.of_path("/b/") == PathCounters()


def test_a_failure_stays_until_the_next_good_render_or_build(stats: TrafficCounters) -> None:
    why = Failure("no such thing", "page.html", 3)
    stats.record(rendered(verdict=StoreVerdict.STATUS, status=500, failure=why))
    assert stats.failing() == ["/a/"]
    assert stats.of_path("/a/").failure == why
    stats.record(rendered())
    assert stats.failing() == []
    stats.record(rendered(verdict=StoreVerdict.TOO_SLOW, failure=why))
    stats.new_build()
    assert stats.failing() == []
    assert stats.of_path("/a/").renders == 3


def test_a_failure_without_words_gets_some_and_a_long_one_is_cut(stats: TrafficCounters) -> None:
    stats.record(rendered(verdict=StoreVerdict.STATUS, status=503))
    told = stats.of_path("/a/").failure
    assert told
    assert "503" in told.message
    stats.record(rendered(verdict=StoreVerdict.STATUS, status=500, failure=Failure("x" * 100_000)))
    told = stats.of_path("/a/").failure
    assert told
    assert len(told.message) == MAX_MESSAGE_CHARACTERS


def test_a_page_past_the_limit_of_the_cache_has_not_failed(stats: TrafficCounters) -> None:
    stats.record(rendered(verdict=StoreVerdict.PAGE_LIMIT))
    assert stats.failing() == []


def test_renders_are_counted_by_duration(stats: TrafficCounters) -> None:
    for milliseconds in (0.2, 1.0, 1.1, 10_000, 10_001):
        stats.record(rendered(milliseconds=milliseconds))
    histogram = stats.histogram()
    assert histogram.counts[0] == 2
    assert histogram.counts[1] == 1
    assert histogram.counts[-2:] == (1, 1)
    assert len(histogram.counts) == len(RENDER_LIMITS_MS) + 1
    assert histogram.renders == 5
    assert histogram.longest_ms == 10_001
    assert histogram.total_ms == pytest.approx(20_003.3)


def test_each_record_is_seen_in_the_version_and_a_notice_is_not(stats: TrafficCounters) -> None:
    before = stats.version
    stats.record(Notice(NoticeLevel.INFO, "hello"))
    assert stats.version == before
    stats.record(access())
    stats.record(rendered())
    assert stats.version == before + 2


def test_dead_links_have_no_tally(stats: TrafficCounters) -> None:
    stats.record(access("/gone/", AnswerSource.NOTHING, 404))
    stats.record(access("/gone/", AnswerSource.HIT, 404))
    stats.record(rendered("/gone/", status=404))
    assert stats.by_path() == {}
    assert stats.histogram().renders == 1


def test_a_hundred_thousand_paths_take_bounded_memory(clock: Clock) -> None:
    stats = TrafficCounters(clock, max_paths=500)
    tracemalloc.start()
    try:
        feed(stats, clock, 0, 5_000)
        filled, _ = tracemalloc.get_traced_memory()
        feed(stats, clock, 5_000, 100_000)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(stats.by_path()) == 500
    assert after < filled * 1.5 + 50_000
    assert after < 1_000_000
    assert sum(stats.totals().values()) == 100_000
    assert stats.histogram().renders == 100_000


def feed(stats: TrafficCounters, clock: Clock, first: int, last: int) -> None:
    """Distinct paths, some of them failing, over a long time."""
    for number in range(first, last):
        clock.now += 0.5
        path = f"/{number:06}/"
        if number % 10:
            stats.record(rendered(path))
        else:
            why = Failure("broken " * 10)
            stats.record(rendered(path, verdict=StoreVerdict.STATUS, status=500, failure=why))
        stats.record(access(path))


def test_a_hundred_thousand_paths_keep_to_the_default_bound(
    stats: TrafficCounters, clock: Clock
) -> None:
    feed(stats, clock, 0, 100_000)
    assert len(stats.by_path()) == 10_000
    assert "/099999/" in stats.by_path()
    assert "/000000/" not in stats.by_path()


def test_a_path_without_end_has_no_tally(stats: TrafficCounters) -> None:
    stats.record(access("/" + "x" * MAX_PATH_CHARACTERS))
    assert stats.by_path() == {}
    assert stats.totals()[RequestOutcome.HIT] == 1


def test_the_paths_seen_last_stay(clock: Clock) -> None:
    stats = TrafficCounters(clock, max_paths=2)
    for path in ("/a/", "/b/", "/a/", "/c/"):
        stats.record(access(path))
    assert set(stats.by_path()) == {"/a/", "/c/"}


def test_threads_lose_no_count(stats: TrafficCounters) -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=count, args=(stats,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert stats.totals()[RequestOutcome.HIT] == 8000
    assert stats.of_path("/a/").hits == 8000


def count(stats: TrafficCounters) -> None:
    for _ in range(2000):
        stats.record(access())
