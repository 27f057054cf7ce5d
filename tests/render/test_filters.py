"""Filters of templates."""

from __future__ import annotations

import datetime as dt

import pytest

from ssg.render.filters import absolute_urls, date, rfc3339

MOMENT = dt.datetime(2026, 1, 31, 8, 5, 6, 789, dt.timezone(dt.timedelta(hours=2)))


def test_a_date_is_formatted_and_none_is_empty() -> None:
    assert date(MOMENT) == "2026-01-31"
    assert date(MOMENT, "%d.%m.%y %H:%M") == "31.01.26 08:05"
    assert date(None) == rfc3339(None) == ""


def test_machines_read_whole_seconds_and_the_offset() -> None:
    assert rfc3339(MOMENT) == "2026-01-31T08:05:06+02:00"


@pytest.mark.parametrize(
    ("html", "absolute"),
    [
        ('<a href="/a/">', '<a href="https://x.org/a/">'),
        ('<img src="/sub/a.png" alt="/b">', '<img src="https://x.org/sub/a.png" alt="/b">'),
        ('<a href="//cdn.org/a">', '<a href="//cdn.org/a">'),
        ('<a href="https://y.org/">', '<a href="https://y.org/">'),
        ('<a href="#top">', '<a href="#top">'),
    ],
)
def test_links_from_the_root_get_a_host(html: str, absolute: str) -> None:
    assert absolute_urls(html, "https://x.org/sub/") == absolute
