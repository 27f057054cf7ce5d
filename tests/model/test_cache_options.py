"""Own cache tags, and options that are not set."""

from __future__ import annotations

import re
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssg.model.cache_options import (
    CACHE_ID,
    MAX_CACHE_TAGS,
    TAG_KINDS,
    TAG_NAMES,
    CacheOptions,
    as_cache_tag,
    cache_tag_problem,
)
from ssg.render.dependencies.tags import ANY, KINDS, MAX_TAGS, MENUS, NOW, SITE

DOCS = Path(__file__).parents[2] / "content" / "docs" / "deferred-rendering.md"


@pytest.mark.parametrize("tag", ["a", "shop:7", "sites", "pagers:x", "v1.2_b-c", "x" * 128, "page"])
def test_an_author_may_write_any_tag_but_ours(tag: str) -> None:
    assert cache_tag_problem(tag) is None


@pytest.mark.parametrize("tag", ["", "A", "a b", "ä", "a,b", "x" * 129, "a\n"])
def test_a_tag_has_few_characters(tag: str) -> None:
    assert cache_tag_problem(tag) == (
        "may have only a to z, 0 to 9 and :._-, and at most 128 characters"
    )


OURS = [*sorted(TAG_NAMES), *(f"{kind}:x" for kind in sorted(TAG_KINDS)), "page:"]


@pytest.mark.parametrize("tag", OURS)
def test_a_tag_of_ours_is_refused(tag: str) -> None:
    assert cache_tag_problem(tag) == "is one of those that ssg makes itself"


def test_the_name_of_a_kept_cache_is_no_tag_of_one_page() -> None:
    problem = cache_tag_problem(CACHE_ID)
    assert problem == "is that of every page in a kept cache. Choose another"
    assert cache_tag_problem(f"{CACHE_ID}:a") is None


def test_the_tags_of_ours_are_those_that_pages_get() -> None:
    assert {*TAG_KINDS, *TAG_NAMES} == {"build", *KINDS}
    assert {one.tag for one in (ANY, MENUS, NOW, SITE)} == TAG_NAMES
    assert MAX_CACHE_TAGS + len(KINDS) < MAX_TAGS


def test_the_documentation_names_the_tags_of_ours() -> None:
    (text,) = re.findall(r"^A tag consists of .*$", DOCS.read_text("utf-8"), re.M)
    assert set(re.findall(r"`([a-z]+)`", text)) == {*TAG_NAMES, "a", "z", "ssg"}
    assert set(re.findall(r"`([a-z]+):`", text)) == TAG_KINDS


def test_an_option_that_is_not_set_is_that_of_the_other() -> None:
    other = CacheOptions(60, 30, ("a",))
    assert CacheOptions().or_else(other) == other
    assert CacheOptions(0, 0, ()).or_else(other) == CacheOptions(0, 0, ())


@given(st.text(max_size=20))
@example("\u0130\u03a3\u0344")
def test_spellings_of_one_text_have_one_tag(text: str) -> None:
    """A visitor may write `é` in a path as one character or as two; a purge names either."""
    tags = {as_cache_tag(normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(tags) == 1
    assert as_cache_tag("user:Zoe\u0308/caf\u00e9") == "user:zo_c3_ab:caf_c3_a9"
