"""Own cache tags, and options that are not set."""

from __future__ import annotations

import pytest

from ssg.model.cache_options import TAG_KINDS, TAG_NAMES, CacheOptions, cache_tag_problem


@pytest.mark.parametrize("tag", ["a", "shop:7", "sites", "pagers:x", "v1.2_b-c", "x" * 128, "page"])
def test_an_author_may_write_any_tag_but_ours(tag: str) -> None:
    assert cache_tag_problem(tag) is None


@pytest.mark.parametrize("tag", ["", "A", "a b", "ä", "a,b", "x" * 129, "a\n"])
def test_a_tag_has_few_characters(tag: str) -> None:
    assert cache_tag_problem(tag) == (
        "may have only a to z, 0 to 9 and :._-, and at most 128 characters"
    )


@pytest.mark.parametrize("tag", [*TAG_NAMES, *(f"{kind}:x" for kind in TAG_KINDS), "page:"])
def test_a_tag_of_ours_is_refused(tag: str) -> None:
    assert cache_tag_problem(tag) == "is one of those that ssg makes itself"


def test_an_option_that_is_not_set_is_that_of_the_other() -> None:
    other = CacheOptions(60, 30, ("a",))
    assert CacheOptions().or_else(other) == other
    assert CacheOptions(0, 0, ()).or_else(other) == CacheOptions(0, 0, ())
