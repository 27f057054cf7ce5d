"""Logs of every format become one count."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.errors import LogError
from ssg.popularity.log_format import FORMATS
from ssg.popularity.popular_pages import PopularPages
from ssg.popularity.read_logs import ReadReport, read_logs
from ssg.popularity.request_count import LeftOut, RequestCount
from ssg.popularity.site_paths import SitePaths

LOGS = Path(__file__).parent / "logs"
PAGES = frozenset({"/", "/blog/", "/blog/a/", "/blog/b/"})
EXPECTED = {"/blog/a/": 2, "/blog/b/": 1}
FIRST, LAST = "2026-01-30T10:00:00Z", "2026-01-31T11:59:00Z"
WHOLE_DAYS = "2026-01-30T00:00:00Z", "2026-01-31T23:59:00Z"
GOOD = '203.0.113.7 - - [30/Jan/2026:10:00:01 +0000] "GET /blog/a/ HTTP/1.1" 200 512\n'

CASES: Sequence[tuple[str, str, tuple[str, str] | None]] = [
    ("ssg.json", "ssg-json", (FIRST, LAST)),
    ("ssg.txt", "ssg-text", (FIRST, LAST)),
    ("combined.log", "combined", (FIRST, LAST)),
    ("common.log", "combined", (FIRST, LAST)),
    ("goaccess.json", "goaccess", WHOLE_DAYS),
    ("plausible-pages.csv", "plausible", None),
    ("plausible-all.csv", "plausible", WHOLE_DAYS),
    ("ga4.csv", "ga4", WHOLE_DAYS),
]


def _read(
    *logs: Path | str, form: str | None = None, since: int | None = None
) -> tuple[RequestCount, ReadReport]:
    count = RequestCount(SitePaths("", PAGES), since)
    return count, read_logs([str(log) for log in logs], count, form)


def _period(count: RequestCount) -> tuple[str, str] | None:
    text = PopularPages.of(count, (), 100).to_json()
    if '"period": null' in text:
        return None
    part = text.partition('"period": ')[2].split('"')
    return part[3], part[7]


@pytest.mark.parametrize(("name", "form", "period"), CASES)
def test_each_format_is_found_and_counted(
    name: str, form: str, period: tuple[str, str] | None
) -> None:
    count, report = _read(LOGS / name)
    assert count.pages == EXPECTED
    assert report.formats == {str(LOGS / name): form}
    assert (report.malformed, report.warnings) == (0, [])
    assert _period(count) == period


def test_every_format_has_a_log() -> None:
    assert {form for _, form, _ in CASES} == set(FORMATS)


@pytest.mark.parametrize(("name", "form", "period"), CASES)
def test_a_named_format_reads_the_same(
    name: str, form: str, period: tuple[str, str] | None
) -> None:
    count, _ = _read(LOGS / name, form=form)
    assert count.pages == EXPECTED
    others = [other for other in FORMATS if other != form]
    for other in others:
        with pytest.raises(LogError, match=f"not a log in the format {other}"):
            _read(LOGS / name, form=other)


def test_what_is_left_out_is_counted_by_its_reason() -> None:
    count, report = _read(LOGS / "combined.log")
    assert count.left_out == {
        LeftOut.METHOD: 3, LeftOut.STATUS: 1, LeftOut.ROBOT: 1, LeftOut.PATH: 1,
    }  # fmt: skip
    assert report.lines == 9


def test_logs_add_up(tmp_path: Path) -> None:
    packed = tmp_path / "older.log.gz"
    packed.write_bytes(gzip.compress(b"".join(GOOD.encode() for _ in range(3))))
    count, report = _read(LOGS / "combined.log", packed, LOGS / "ga4.csv")
    assert count.pages == {"/blog/a/": 7, "/blog/b/": 2}
    assert len(report.formats) == 3


def test_a_log_comes_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BufferedReader(io.BytesIO(gzip.compress(GOOD.encode())))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(packed))
    count, _ = _read("-")
    assert count.pages == {"/blog/a/": 1}


def test_older_requests_are_left_out_by_the_time_of_the_log() -> None:
    since = 1769856000 // 60  # 2026-01-31T10:40:00Z
    count, _ = _read(LOGS / "combined.log", since=since)
    assert count.pages == {"/blog/b/": 1}
    assert count.left_out == {LeftOut.OLD: 8}
    _, report = _read(LOGS / "ga4.csv", since=since)
    assert "--since does not apply" in str(report.warnings[0])


def test_the_first_malformed_lines_are_told(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text(GOOD * 9 + "one\n\ntwo\nthree\n" + "x" * 3_000_000 + "\n" + GOOD)
    count, report = _read(log)
    assert count.pages == {"/blog/a/": 10}
    assert report.malformed == 4
    assert [str(one) for one in report.warnings] == [
        f"{log}:10: the line is not in the format combined",
        f"{log}:12: the line is not in the format combined",
        f"{log}:13: the line is not in the format combined",
        "1 more lines are malformed",
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"some text\nof a letter\n", b"\x89PNG\r\n\x1a\n\x00\x00", b'{"a": 1}', b"a,b\n1,2\n",
        b"# a comment\n", b"[" * 100_000, GOOD.encode() + b"no\nno\nno\n", b"\x1f\x8bnot packed",
        gzip.compress(GOOD.encode() * 100)[:-20],
    ],
)  # fmt: skip
def test_what_is_no_log_is_an_error(content: bytes, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(content)
    with pytest.raises(LogError) as caught:
        _read(log, tmp_path / "missing.log")
    assert [str(problem.where) for problem in caught.value.problems] == [
        str(log), str(tmp_path / "missing.log"),
    ]  # fmt: skip


def test_an_empty_log_is_a_day_without_visitors(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(b"")
    count, report = _read(log)
    assert (count.pages, report.lines) == ({}, 0)


def test_rows_of_an_export_that_are_no_numbers_are_malformed(tmp_path: Path) -> None:
    log = tmp_path / "pages.csv"
    log.write_text('name,visitors,pageviews\n/blog/a/,1,"1,200"\n/blog/b/\n/,1,many\n')
    count, report = _read(log)
    assert count.pages == {"/blog/a/": 1200}
    assert [str(one.where) for one in report.warnings] == [f"{log}:3", f"{log}:4"]


NAMES = st.sampled_from([
    "event", "time", "method", "path", "status", "requests", "data", "hits", "general", "count",
])  # fmt: skip
SCALARS = (
    st.sampled_from(["request", "GET", "/blog/a/", "9999-12-31T23:59:59-05:00", 200, 1e999])
    | st.integers() | st.text() | st.none()
)  # fmt: skip
VALUES = st.recursive(SCALARS, lambda one: st.lists(one) | st.dictionaries(NAMES, one, min_size=3))
PIECES = st.sampled_from([
    GOOD, GOOD.replace("2026", "9999").replace("+0000", "-1200"), GOOD[:40], "Start date: 99999999",
    "# Start date: 20260101\n# End date: 00010101\nPage path,Views\n", "name,pageviews,date\n",
    '/blog/a/,12\n', '"', ",", "\n", "\r\n", "\x00", "\x1f\x8b",
])  # fmt: skip
CONTENTS = (
    st.binary()
    | st.lists(VALUES).map(lambda some: "\n".join(map(json.dumps, some)).encode())
    | st.lists(PIECES).map(lambda some: "".join(some).encode())
)


@given(CONTENTS, st.none() | st.sampled_from(FORMATS))
def test_no_file_makes_it_fail_but_with_an_error_of_its_own(
    content: bytes, form: str | None
) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            count, report = _read(file.name, form=form)
        except LogError:
            return
    assert PopularPages.from_json(PopularPages.of(count, (), 100).to_json()).site.requests == sum(
        count.pages.values()
    )
    assert report.malformed <= report.lines


@pytest.mark.parametrize("line", [b"x" * 60_000_000, GOOD.encode() * 60_000])
def test_memory_does_not_grow_with_the_log(line: bytes, tmp_path: Path) -> None:
    log = tmp_path / "a.log.gz"
    log.write_bytes(gzip.compress(GOOD.encode() * 60 + line, 1))
    tracemalloc.start()
    _read(log)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12_000_000
