"""The rules as pure functions; how they play together is in the timelines."""

from __future__ import annotations

import pytest

from ssg.edge.policy import (
    BuilderLimits,
    CacheDecision,
    CacheEntry,
    StoreVerdict,
    clamp_ttl,
    decide,
    etag_of,
    is_fresh,
    is_refreshing,
    is_stored_status,
    store_verdict,
)
from ssg.targets.netlify.capabilities import BUILDER


def entry(ttl: int | None = 60, stored_at: float = 100.0) -> CacheEntry:
    return CacheEntry(200, {}, b"body", stored_at, ttl)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get", ""])
def test_rule_02_other_methods_are_refused_even_when_a_page_is_stored(method: str) -> None:
    assert decide(method, None, 0.0) is CacheDecision.REFUSE
    assert decide(method, entry(), 100.0) is CacheDecision.REFUSE


def test_rule_05_only_these_statuses_are_stored() -> None:
    stored = {status for status in range(100, 600) if is_stored_status(status)}
    assert stored == {*range(200, 300), 301, 302, 307, 308, 404}


def test_rule_06_an_entry_expires_when_its_age_reaches_the_ttl() -> None:
    assert is_fresh(entry(), 159.999)
    assert not is_fresh(entry(), 160.0)
    assert is_fresh(entry(ttl=None), 1e12)


def test_rule_06_a_ttl_below_the_minimum_is_raised_and_said() -> None:
    assert clamp_ttl(None) == (None, False)
    assert clamp_ttl(60) == (60, False)
    assert clamp_ttl(59) == (60, True)
    assert clamp_ttl(-1) == (60, True)


def test_rule_07_the_first_request_after_expiry_triggers_one_refresh() -> None:
    assert decide("GET", entry(), 159.0) is CacheDecision.HIT
    assert decide("GET", entry(), 160.0) is CacheDecision.REFRESH
    assert decide("GET", entry(), 160.0, refresh_triggered_at=160.0) is CacheDecision.STALE
    assert decide("HEAD", entry(), 219.9, refresh_triggered_at=160.0) is CacheDecision.STALE
    assert decide("GET", entry(), 220.0, refresh_triggered_at=160.0) is CacheDecision.REFRESH


def test_rule_07_a_clock_set_back_does_not_stop_refreshes() -> None:
    assert not is_refreshing(triggered_at=1e9, now=160.0)
    assert entry(stored_at=1e9).age_seconds(160.0) == 0


@pytest.mark.parametrize(
    ("status", "size", "seconds", "stored_pages", "replaces", "verdict"),
    [
        (200, 6_000_000, 10.0, 0, False, StoreVerdict.STORE),
        (200, 6_000_001, 1.0, 0, False, StoreVerdict.TOO_LARGE),
        (500, 6_000_001, 1.0, 0, False, StoreVerdict.TOO_LARGE),
        (200, 1, 10.001, 0, False, StoreVerdict.TOO_SLOW),
        (500, 1, 1.0, 0, False, StoreVerdict.STATUS),
        (200, 1, 1.0, 9_999, False, StoreVerdict.STORE),
        (200, 1, 1.0, 10_000, False, StoreVerdict.PAGE_LIMIT),
        (200, 1, 1.0, 10_000, True, StoreVerdict.STORE),
        (404, 1, 1.0, 10_000, False, StoreVerdict.STORE),
    ],
)
def test_rules_10_and_11_limits(
    status: int, size: int, seconds: float, stored_pages: int, replaces: bool, verdict: StoreVerdict
) -> None:
    limits = BuilderLimits()
    judged = store_verdict(
        status, size, seconds, limits=limits, stored_pages=stored_pages, replaces_page=replaces
    )
    assert judged is verdict


def test_rule_10_the_edge_and_the_builder_agree_on_the_size() -> None:
    assert BuilderLimits().body_bytes == BUILDER.body_bytes


def test_an_etag_is_a_quoted_digest_of_the_body() -> None:
    assert etag_of(b"a") == etag_of(b"a") != etag_of(b"b")
    assert etag_of(b"")[0] == etag_of(b"")[-1] == '"'
