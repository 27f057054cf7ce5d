"""What a site asks, against what hosts can do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.cache_options import CacheOptions
from ssg.model.capabilities import Capabilities
from ssg.model.live.data_source import DataSource
from ssg.model.live.route import Route
from ssg.plan.unsupported import (
    Unsupported,
    cleared_cache,
    too_many_pages,
    unsupported_options,
    unsupported_route,
    unsupported_source,
)

ABLE = Capabilities("Able", tags=100, keeps_if_asked=True)
OLD = Capabilities("Old", least_ttl_seconds=60, stale_seconds=30, pages=10)
KINDS = {"old": OLD, "able": ABLE}
HINT = 'Write kind = "able" in [target]'

options = st.builds(
    CacheOptions,
    st.none() | st.integers(1, 100),
    st.none() | st.integers(0, 100),
    st.none() | st.lists(st.just("a")).map(tuple),
)


@pytest.mark.parametrize(
    ("asked", "can", "found"),
    [
        (
            CacheOptions(ttl_seconds=59), OLD,
            Unsupported("ttl", '"ttl" is 59, but must be at least 60 with Old', True, HINT),
        ),
        (
            CacheOptions(ttl_seconds=60), replace(OLD, has_ttl_per_answer=False),
            Unsupported(
                "ttl", '"ttl" has no effect with Old: it is the same for all pages', hint=HINT
            ),
        ),
        (
            CacheOptions(stale_seconds=31), OLD,
            Unsupported("stale", '"stale" has no effect with Old: it is always 30 s', hint=HINT),
        ),
        (
            CacheOptions(stale_seconds=30), replace(OLD, serves_any_stale=True),
            Unsupported(
                "stale",
                '"stale" has no effect with Old: an expired page is served until a refresh '
                "succeeds",
                hint=HINT,
            ),
        ),
        (
            CacheOptions(cache_tags=("a",)), OLD,
            Unsupported(
                "cache_tags", '"cache_tags" has no effect with Old: responses have no tags',
                hint=HINT,
            ),
        ),
    ],
)  # fmt: skip
def test_what_a_host_cannot_do_is_told_with_a_kind_that_can(
    asked: CacheOptions, can: Capabilities, found: Unsupported
) -> None:
    kinds = {**KINDS, "old": can}
    assert list(unsupported_options(asked, can, kinds)) == [found]


@pytest.mark.parametrize(
    "asked",
    [
        CacheOptions(), CacheOptions(60, 30, ()), CacheOptions(ttl_seconds=10**9),
    ],
)  # fmt: skip
def test_what_a_host_can_do_is_not_told(asked: CacheOptions) -> None:
    assert list(unsupported_options(asked, OLD, KINDS)) == []


@given(options)
def test_a_hint_is_true_and_a_host_with_everything_gets_none(asked: CacheOptions) -> None:
    assert list(unsupported_options(asked, ABLE, KINDS)) == []
    for found in unsupported_options(asked, OLD, KINDS):
        assert found.hint == HINT
    for found in unsupported_options(asked, OLD, {"old": OLD}):
        assert found.hint is None


def test_all_is_told_at_once() -> None:
    found = unsupported_options(CacheOptions(1, 1, ("a",)), OLD, {})
    assert [one.key for one in found] == ["ttl", "stale", "cache_tags"]


def test_a_cache_is_kept_where_no_deploy_clears_it() -> None:
    assert cleared_cache(ABLE, KINDS) is None
    assert cleared_cache(replace(OLD, clears_at_deploy=False), KINDS) is None
    assert cleared_cache(OLD, KINDS) == Unsupported(
        "keep_cache",
        '"keep_cache" cannot be true with Old: each deploy clears the cache',
        True,
        HINT,
    )


def test_a_limit_of_pages_is_told_when_it_is_passed() -> None:
    assert too_many_pages(10, OLD, KINDS) is None
    assert too_many_pages(10**6, ABLE, KINDS) is None
    found = too_many_pages(1100, OLD, {"old": OLD, "more": replace(OLD, pages=1000), **KINDS})
    assert found == Unsupported(
        "pages",
        "the site has 1,100 deferred pages; with Old, a deploy has 10 at most that are cached well",
        hint=HINT,
    )


@pytest.mark.parametrize(
    ("route", "keys"),
    [
        (Route(1, "/{a}/", "p.html", ttl_seconds=60), []),
        (Route(1, "/{a}/", "p.html", ttl_seconds=59), ["ttl"]),
        (
            Route(1, "/{a}/", "p.html", ttl_seconds=60, stale_seconds=5, tags=("x",)),
            ["stale", "tags"],
        ),
        (Route(1, "/{a}/", "p.html"), ["path"]),
    ],
)
def test_what_a_route_asks(route: Route, keys: list[str]) -> None:
    assert [one.key for one in unsupported_route(route, OLD, KINDS)] == keys
    assert [one.hint for one in unsupported_route(route, OLD, KINDS)] == [HINT] * len(keys)
    assert [one.is_error for one in unsupported_route(route, OLD, KINDS)] == [
        key == "ttl" for key in keys
    ]
    assert list(unsupported_route(route, ABLE, KINDS)) == []


def test_a_database_needs_sockets() -> None:
    database, api = DataSource("db", "sql"), DataSource("api")
    assert list(unsupported_source(api, OLD, KINDS)) == []
    assert list(unsupported_source(database, replace(OLD, has_sockets=True), KINDS)) == []
    (found,) = unsupported_source(database, OLD, KINDS)
    assert found.is_error
    assert found.message == 'the source "db" is a database, which Old cannot reach'
    assert "PostgREST" in (found.hint or "")


def test_a_source_must_answer_before_the_host_ends_the_page() -> None:
    short = replace(OLD, seconds=10.0)
    kinds = {"short": short, "able": ABLE}
    assert list(unsupported_source(DataSource("api", timeout_seconds=9), short, kinds)) == []
    (found,) = unsupported_source(DataSource("api", timeout_seconds=10), short, kinds)
    assert found == Unsupported(
        "timeout", 'the source "api" may take 10 s, but with Old a page has 10 s', hint=HINT
    )
