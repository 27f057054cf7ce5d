"""Pages as values."""

from __future__ import annotations

import datetime as dt

from ssg.model.page import ALWAYS_CRITICAL_KINDS, GENERATED_KINDS, UNDATED, PageKind, parse_date


def test_rules_may_name_no_kind_that_is_always_critical() -> None:
    assert not GENERATED_KINDS & ALWAYS_CRITICAL_KINDS
    assert {
        PageKind.PAGE,
        PageKind.FALLBACK,
        PageKind.SECTION,
        PageKind.MARKDOWN,
    } | GENERATED_KINDS | ALWAYS_CRITICAL_KINDS == set(PageKind)


def test_the_undated_stand_behind_every_date() -> None:
    oldest = dt.datetime(1, 1, 1, tzinfo=dt.UTC)
    assert -int(oldest.timestamp()) < UNDATED


def test_a_date_keeps_its_offset() -> None:
    assert parse_date("2026-01-31T08:00:00+02:00").utcoffset() == dt.timedelta(hours=2)
