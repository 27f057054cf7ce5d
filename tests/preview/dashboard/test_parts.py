"""The parts of the dashboard that decide; and what they do with a hundred thousand pages."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssg.edge.storage.cache_listing import CacheEntryInfo
from ssg.model import database
from ssg.model.page import UNDATED, Page, PageKind
from ssg.model.settings import SiteSettings
from ssg.preview.counters import PathCounters, RenderHistogram, RequestOutcome, TimeBin
from ssg.preview.dashboard import formatting
from ssg.preview.dashboard.page_rows import ranking, select, state_of
from ssg.preview.dashboard.page_table import MAX_COUNT, PageCount, PageSelection, PageTable
from ssg.preview.dashboard.plots import MIN_HEIGHT, render_times, timeline
from ssg.preview.dashboard.query import CacheState, DashboardQuery, PageTab, SortKey
from ssg.preview.deployment import BuildInfo
from ssg.runtime.caching import Caching
from tests.conftest import Built
from tests.preview.dashboard_page import console


def test_a_view_is_read_back_from_its_query() -> None:
    query = DashboardQuery(
        PageTab.ERRORS, CacheState.STALE, "a&b=c", SortKey.HITS, descending=True, page=7
    )
    assert DashboardQuery.parse(query.encoded) == query
    assert DashboardQuery().encoded == ""
    assert DashboardQuery.parse("") == DashboardQuery()
    assert "page" not in DashboardQuery(page=3).changed(search="x")


def test_a_heading_sorts_and_then_turns_round() -> None:
    by_source = DashboardQuery.parse(DashboardQuery().sorted_by(SortKey.SOURCE))
    assert (by_source.sort_key, by_source.descending) == (SortKey.SOURCE, False)
    turned = DashboardQuery.parse(by_source.sorted_by(SortKey.SOURCE))
    assert turned.descending
    assert DashboardQuery.parse(
        DashboardQuery(sort_key=SortKey.HITS).sorted_by(SortKey.HITS)
    ) == DashboardQuery(sort_key=SortKey.HITS)


def test_the_state_of_an_entry() -> None:
    assert state_of(None, 0) is CacheState.NEVER
    assert state_of(CacheEntryInfo("/a/", 100, 200, 1, Caching(None)), 10**9) is CacheState.KEPT
    assert state_of(CacheEntryInfo("/a/", 100, 200, 1, Caching(60)), 159.9) is CacheState.FRESH
    assert state_of(CacheEntryInfo("/a/", 100, 200, 1, Caching(60)), 160) is CacheState.STALE


def test_a_cdn_serves_an_expired_entry_no_longer_than_it_says() -> None:
    entry = CacheEntryInfo("/a/", 100, 200, 1, Caching(60, 30))
    states = [state_of(entry, now, serves_any_stale=False) for now in (159, 189, 190)]
    assert states == [CacheState.FRESH, CacheState.STALE, CacheState.EXPIRED]
    assert state_of(entry, 10**9) is CacheState.STALE
    query = DashboardQuery(state=CacheState.EXPIRED)
    assert select(query, [entry], {}, 190, serves_any_stale=False).only == {"/a/"}
    assert select(query, [entry], {}, 190).only == set()


def test_a_selection_looks_at_the_cache_only_where_a_state_is_asked_for() -> None:
    def explode() -> Iterator[CacheEntryInfo]:
        raise AssertionError
        yield

    assert select(DashboardQuery(search="x"), explode(), {}, 0).search == "x"
    stored = [
        CacheEntryInfo("/a/", 0, 200, 1, Caching(60)),
        CacheEntryInfo("/%C3%A4/", 0, 200, 1, Caching(None)),
    ]
    assert select(DashboardQuery(state=CacheState.KEPT), stored, {}, 0).only == {"/ä/"}
    assert select(DashboardQuery(state=CacheState.NEVER), stored, {}, 0).without == {"/a/", "/ä/"}


def test_ranks_follow_the_counts() -> None:
    counters_by_path = {
        "/a/": PathCounters(1, 5, 2.0),
        "/b/": PathCounters(9, 1, 1.0),
        "/c/": PathCounters(0, 7, None),
    }
    assert ranking(SortKey.HITS, counters_by_path) == ["/c/", "/a/", "/b/"]
    assert ranking(SortKey.RENDERS, counters_by_path) == ["/b/", "/a/"]
    assert ranking(SortKey.DURATION, counters_by_path) == ["/a/", "/b/"]
    assert ranking(SortKey.PATH, counters_by_path) == []


def test_one_request_among_thousands_is_seen() -> None:
    size = len(RequestOutcome)
    drawn = timeline([TimeBin(0, (5000, 1, *[0] * (size - 2))), TimeBin(10, (0,) * size)])
    hit, miss = drawn.lanes[:2]
    assert drawn.highest == 5000
    assert hit.bars[0].height > 10 * MIN_HEIGHT / 2
    assert miss.bars[0].height == MIN_HEIGHT
    assert drawn.requests == 5001
    assert drawn.description == "hit 5,000, miss 1"
    assert len(drawn.minutes) == 1


def test_a_plot_of_nothing_is_empty() -> None:
    empty = timeline([TimeBin(0, (0,) * len(RequestOutcome))])
    assert all(not lane.bars for lane in empty.lanes)
    assert empty.description == "No requests"
    assert render_times(RenderHistogram((0,) * 14, 0.0, 0.0)).description == "No renders"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (formatting.size(None), "–"),
        (formatting.size(999), "999 B"),
        (formatting.size(1_400), "1.4 kB"),
        (formatting.size(554_000_000), "554 MB"),
        (formatting.size(2_500_000_000_000), "2,500 GB"),
        (formatting.duration(0.44), "0.4 ms"),
        (formatting.duration(12.2), "12 ms"),
        (formatting.duration(1300), "1.3 s"),
        (formatting.span(60), "60 s"),
        (formatting.span(5400), "1 h 30 min"),
        (formatting.span(86_400), "1 d"),
        (formatting.iso_time("2026-03-01T14:32:05+00:00"), ("14:32:05", "2026-03-01 UTC")),
        (formatting.iso_time("2026-03-01T14:32:05+02:00"), ("14:32:05", "2026-03-01 UTC+0200")),
    ],
)
def test_figures_as_people_read_them(given: object, expected: object) -> None:
    assert given == expected


def test_a_moment_of_another_day_has_its_date() -> None:
    noon = dt.datetime(2026, 3, 1, 12).timestamp()
    assert formatting.moment(noon, noon + 60) == "12:00:00"
    assert formatting.moment(noon, noon + 86_400) == "2026-03-01 12:00"


# -- a site of a hundred thousand pages ----------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a large site; its pages are written straight into it."""
    path = tmp_path_factory.mktemp("large") / "site.db"
    connection = database.create(path)
    meta = {
        "menus": "{}",
        "settings": SiteSettings().to_json(),
        "build_id": "b",
        "build_time": "2026-01-01T00:00:00+00:00",
    }
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    database.insert_pages(connection, map(large_page, range(1, 100_001)))
    database.finish(connection)
    return path


def large_page(number: int) -> Page:
    path, source = f"/posts/p{number:06}/", f"posts/p{number:06}.md"
    return Page(
        number, path, PageKind.PAGE, "page.html", source, None, None, None, 0, path, "", "", None,
        None, 0, 0, UNDATED, "{}", number % 100 != 0, 120, None, "", "rule 1",
    )  # fmt: skip


def test_a_large_site_is_listed_a_screenful_at_a_time(large: Path) -> None:
    table = PageTable.open(large)
    assert (table.total, table.deferred, table.critical) == (100_000, 99_000, 1_000)
    some = table.page_slice(PageSelection(), 99_990, 50)
    assert [page.id for page in some] == list(range(99_991, 100_001))
    assert len(table.page_slice(PageSelection(deferred=True), 0, 50)) == 50


def test_a_search_inside_paths_counts_up_to_a_limit(large: Path) -> None:
    table = PageTable.open(large)
    assert table.count(PageSelection(search="p0")) == PageCount(MAX_COUNT, is_capped=True)
    assert table.count(PageSelection(search="p00001")) == PageCount(10)
    assert table.count(PageSelection(search="/posts/p0")) == PageCount(99_999)


def test_ranked_pages_come_first_and_the_others_follow(large: Path) -> None:
    table = PageTable.open(large)
    ranked = [f"/posts/p{number:06}/" for number in range(90_000, 80_000, -1)]
    first = table.page_slice(PageSelection(ranked=ranked), 0, 3)
    assert [page.id for page in first] == [90_000, 89_999, 89_998]
    rest = table.page_slice(PageSelection(ranked=ranked), 10_000, 2)
    assert [page.id for page in rest] == [1, 2]


def test_sets_of_ten_thousand_paths_are_asked_for_in_one_question(large: Path) -> None:
    table = PageTable.open(large)
    paths = {f"/posts/p{number:06}/" for number in range(1, 10_001)} | {"/unknown/"}
    assert table.count(PageSelection(only=paths)) == PageCount(10_000)
    assert table.count(PageSelection(deferred=True, without=paths)) == PageCount(89_100)


@pytest.mark.parametrize(
    "query", ["", "q=99", "sort=source&dir=down", "page=2000", "state=never", "sort=hits"]
)
def test_the_dashboard_of_a_large_site_is_quick_and_small(
    large: Path, tmp_path: Path, built: Built, query: str
) -> None:
    with console(tmp_path / "console") as preview:
        preview.deploy(built, info=BuildInfo(large))
        preview.get(f"/__ssg/?{query}")
        started = time.perf_counter()
        got = preview.get(f"/__ssg/?{query}")
        assert time.perf_counter() - started < 2.0  # about 0.05 s; the bound is for a busy machine
        assert got.body.count(b'<tr role="row" id="row-') == 50
        assert len(got.body) < 120_000
