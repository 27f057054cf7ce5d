"""What a host's cache reads in headers is the caching that its dialect wrote there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.runtime.caching import NEVER_STORED, Caching
from ssg.runtime.dialects import LONGEST_SECONDS, netlify, vercel
from ssg.targets.netlify.function import CACHING_HEADERS
from ssg.targets.vercel.function import CACHING_HEADERS as OF_VERCEL

said_caching = CACHING_HEADERS.said

TAGS = st.lists(st.from_regex(r"[a-z0-9:._-]{1,128}", fullmatch=True), max_size=50)
SECONDS = st.one_of(st.none(), st.integers(0, LONGEST_SECONDS - 1))
CACHINGS = st.builds(Caching, SECONDS, SECONDS, TAGS.map(tuple))


@given(CACHINGS, st.sampled_from(["", "ssg"]))
def test_the_caching_of_a_stored_answer_comes_back(caching: Caching, cache_id: str) -> None:
    expected = caching if caching.is_stored else NEVER_STORED
    assert said_caching(netlify(caching, cache_id)) == expected
    assert said_caching({k.lower(): v for k, v in netlify(caching).items()}) == expected


@given(CACHINGS)
def test_so_it_does_with_vercel(caching: Caching) -> None:
    expected = caching if caching.is_stored else NEVER_STORED
    assert OF_VERCEL.said(vercel(caching)) == expected


@given(st.integers(LONGEST_SECONDS, 10 * LONGEST_SECONDS))
def test_a_year_and_more_mean_until_the_next_deploy(seconds: int) -> None:
    assert said_caching(netlify(Caching(seconds, seconds))) == Caching(None, None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("public, durable, s-maxage=60, stale-while-revalidate=5", Caching(60, 5)),
        ("public,max-age=60", Caching(60, 0)),
        ("s-maxage=10, max-age=60", Caching(10, 0)),
        ('S-MaxAge="10"', Caching(10, 0)),
        ("no-store", NEVER_STORED),
        ("private, max-age=60", NEVER_STORED),
        ("no-cache, max-age=60", NEVER_STORED),
        ("public", NEVER_STORED),
        ("max-age=soon", Caching(0, 0)),
        ("", NEVER_STORED),
    ],
)
def test_other_headers_are_read_as_the_cache_does(value: str, expected: Caching) -> None:
    assert said_caching({"netlify-cdn-cache-control": value}) == expected


def test_a_header_for_browsers_is_not_for_the_cache() -> None:
    assert said_caching({"Cache-Control": "public, max-age=60"}) == NEVER_STORED
