"""The rules as pure functions; how they play together is in the timelines."""

from __future__ import annotations

import pytest

from ssg.edge.policy import (
    CacheDecision,
    CacheEntry,
    CachePolicy,
    StoreVerdict,
    decide,
    etag_of,
    is_fresh,
    is_refreshing,
    is_served_stale,
    is_stored_status,
    store_verdict,
)
from ssg.runtime.caching import Caching
from ssg.targets.netlify.capabilities import BUILDER, FUNCTION
from ssg.targets.static import StaticTarget

BUILDERS, CDN = CachePolicy.of(BUILDER), CachePolicy.of(FUNCTION)


def entry(ttl: int | None = 60, stored_at: float = 100.0, stale: int | None = None) -> CacheEntry:
    return CacheEntry(200, {}, b"body", stored_at, Caching(ttl, stale))


def test_the_capabilities_of_a_host_choose_its_policy() -> None:
    assert (BUILDERS.name, CDN.name) == ("builders", "CDN")
    assert CachePolicy.of(StaticTarget.capabilities).name == "CDN"
    limits = (BUILDERS.render_seconds, BUILDERS.body_bytes, BUILDERS.pages)
    assert limits == (BUILDER.seconds, BUILDER.body_bytes, BUILDER.pages)
    assert (CDN.render_seconds, CDN.pages) == (FUNCTION.seconds, None)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "get", ""])
def test_rule_02_other_methods_are_refused_even_when_a_page_is_stored(method: str) -> None:
    assert decide(BUILDERS, method, None, 0.0) is CacheDecision.REFUSE
    assert decide(CDN, method, entry(), 100.0) is CacheDecision.REFUSE


def test_rule_05_only_these_statuses_are_stored() -> None:
    stored = {status for status in range(100, 600) if is_stored_status(status)}
    assert stored == {*range(200, 300), 301, 302, 307, 308, 404}


def test_rule_06_an_entry_expires_when_its_age_reaches_the_ttl() -> None:
    assert is_fresh(entry(), 159.999)
    assert not is_fresh(entry(), 160.0)
    assert is_fresh(entry(ttl=None), 1e12)


def test_rule_06_a_ttl_below_the_minimum_is_raised_and_said() -> None:
    asked = (None, 60, 59, -1)
    assert [BUILDERS.fresh_seconds(seconds) for seconds in asked] == [None, 60, 60, 60]
    assert [CDN.fresh_seconds(seconds) for seconds in (None, 0, 1, 59)] == [None, 0, 1, 59]


def test_rule_07_the_first_request_after_expiry_triggers_one_refresh() -> None:
    assert decide(BUILDERS, "GET", entry(), 159.0) is CacheDecision.HIT
    assert decide(BUILDERS, "GET", entry(), 160.0) is CacheDecision.REFRESH
    assert (
        decide(BUILDERS, "GET", entry(), 160.0, refresh_triggered_at=160.0) is CacheDecision.STALE
    )
    assert (
        decide(BUILDERS, "HEAD", entry(), 219.9, refresh_triggered_at=160.0) is CacheDecision.STALE
    )
    assert (
        decide(BUILDERS, "GET", entry(), 220.0, refresh_triggered_at=160.0) is CacheDecision.REFRESH
    )


def test_rule_07_a_clock_set_back_does_not_stop_refreshes() -> None:
    assert not is_refreshing(BUILDERS, triggered_at=1e9, now=160.0)
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
    judged = store_verdict(
        BUILDERS, status, size, seconds, stored_pages=stored_pages, replaces_page=replaces
    )
    assert judged is verdict


def test_a_host_without_limits_stores_everything() -> None:
    open_host = CachePolicy.of(StaticTarget.capabilities)
    judged = store_verdict(open_host, 200, 10**9, 59.0, stored_pages=10**9, replaces_page=False)
    assert judged is StoreVerdict.STORE


def test_a_cdn_serves_an_expired_entry_for_its_stale_seconds_and_then_renders() -> None:
    expired = entry(stale=30)
    assert decide(CDN, "GET", expired, 189.9) is CacheDecision.REFRESH
    assert decide(CDN, "GET", expired, 189.9, refresh_triggered_at=170.0) is CacheDecision.STALE
    assert decide(CDN, "GET", expired, 190.0) is CacheDecision.RENDER
    assert decide(CDN, "GET", entry(stale=0), 160.0) is CacheDecision.RENDER
    assert is_served_stale(CDN, entry(stale=None), 1e9)
    assert decide(BUILDERS, "GET", expired, 1e9) is CacheDecision.REFRESH


def test_an_etag_is_a_quoted_digest_of_the_body() -> None:
    assert etag_of(b"a") == etag_of(b"a") != etag_of(b"b")
    assert etag_of(b"")[0] == etag_of(b"")[-1] == '"'
