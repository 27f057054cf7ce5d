"""Patterns of paths: matching, filling, and which of two counts."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssg.model.live.route_pattern import MAX_VALUE_LENGTH, RoutePattern, is_value, narrowest_first

POST, POSTS = RoutePattern("/{user}/{slug}/"), RoutePattern("/{user}/posts/")
NUMBER = RoutePattern("/{a}/", {"a": "[0-9]+"})
TAG, FILE = RoutePattern("/tags/{tag}/"), RoutePattern("/{user}/{name}.xml")


@pytest.mark.parametrize(
    ("pattern", "path", "values"),
    [
        (POST, "/ana/hello/", {"user": "ana", "slug": "hello"}),
        (POST, "/ana/über uns/", {"user": "ana", "slug": "über uns"}),
        (POST, "/ana/hello", None),
        (POST, "/ana//", None),
        (POST, "/ana/../", None),
        (POST, "/ana/./", None),
        (POST, "/ana/a\\b/", None),
        (POST, "/ana/a\nb/", None),
        (POST, "/ana/a\u200bb/", None),
        (POST, "/ana/a\u202eb/", None),
        (POST, f"/ana/{'x' * MAX_VALUE_LENGTH}/", {"user": "ana", "slug": "x" * MAX_VALUE_LENGTH}),
        (POST, f"/ana/{'x' * (MAX_VALUE_LENGTH + 1)}/", None),
        (FILE, "/ana/feed.xml", {"user": "ana", "name": "feed"}),
        (FILE, "/ana/feed.xml/", None),
        (RoutePattern("/{n}/", {"n": "[0-9]+"}), "/12/", {"n": "12"}),
        (RoutePattern("/{n}/", {"n": "[0-9]+"}), "/12a/", None),
        (RoutePattern("/{n}/", {"n": "a|b"}), "/ab/", None),
        (RoutePattern("/{n}/", {}, {"n": ("tags",)}), "/tags/", None),
        (RoutePattern("/a.b/{n}/"), "/axb/1/", None),
        (RoutePattern("/{slug}-{id}/"), "/a-b-7/", {"slug": "a-b", "id": "7"}),
        (RoutePattern("/{slug}-{id}/", {"id": "[0-9-]+"}), "/a-b-7/", {"slug": "a-b", "id": "7"}),
        (
            RoutePattern("/{year}-{slug}/", {"year": "[0-9]+"}),
            "/1-b-7/",
            {"year": "1", "slug": "b-7"},
        ),
        (RoutePattern("/v{a}--{b}.{c}!"), "/v1---2.3.4!", {"a": "1-", "b": "2.3", "c": "4"}),
        (RoutePattern("/{a}-{b}/", {}, {"a": ("x-y",)}), "/x-y-z/", {"a": "x", "b": "y-z"}),
        (RoutePattern("/{a}-{b}-{c}/"), "/-a-b-/", None),
        (RoutePattern("/{a}-{b}/"), f"/{'x' * MAX_VALUE_LENGTH}-y/", None),
        (RoutePattern("/{a}-{b}/", {"a": "x"}), "/y-x/", None),
    ],
)
def test_a_path_has_values(
    pattern: RoutePattern, path: str, values: Mapping[str, str] | None
) -> None:
    assert pattern.match(path) == values


def test_an_odd_value_may_be_there_where_it_is_text() -> None:
    assert is_value("日本 語")
    assert not any(map(is_value, ("", ".", "..", "a/b", "\x00", "\x7f", "\ud800", "\ufffd")))


@given(st.lists(st.text("-x", min_size=1, max_size=6), min_size=3, max_size=3))
def test_a_segment_is_split_if_there_is_a_way(values: list[str]) -> None:
    """Compared with an expression, which tries all ways."""
    where = {"b": "x+", "c": "[-x]+x"}
    path = f"/{'-'.join(values)}/"
    expected = re.fullmatch("/(?P<a>[^/]+)-(?P<b>x+)-(?P<c>[-x]+x)/", path)
    found = RoutePattern("/{a}-{b}-{c}/", where).match(path)
    assert found == (expected.groupdict() if expected else None)


VALUES = st.text(
    st.characters(exclude_characters="/\\", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")),
    min_size=1,
    max_size=20,
).filter(is_value)


@given(VALUES, VALUES)
def test_what_is_filled_in_is_found_again(user: str, slug: str) -> None:
    values = {"user": user, "slug": slug}
    assert POST.match(POST.fill(values)) == values


@pytest.mark.parametrize(
    ("one", "two", "path", "narrower"),
    [
        (POSTS, POST, "/a/posts/", True),
        (TAG, POST, "/tags/a/", True),
        (TAG, POSTS, "/tags/posts/", None),
        (POST, RoutePattern("/{a}/{b}/"), "/a/a/", None),
        (POST, FILE, None, None),
        (RoutePattern("/{a}.html"), RoutePattern("/{b}.xml"), None, None),
        (RoutePattern("/{a}.html"), RoutePattern("/{b}"), "/a.html", True),
        (NUMBER, RoutePattern("/{b}/"), "/1/", True),
        (
            RoutePattern("/{a}/", {"a": "[0-9]+"}),
            RoutePattern("/{b}/", {"b": "[a-z]+"}),
            None,
            None,
        ),
        (RoutePattern("/{a}/", {}, {"a": ("x",)}), RoutePattern("/{b}/"), "/a/", True),
        (RoutePattern("/x/"), RoutePattern("/{b}/", {}, {"b": ("x",)}), None, None),
        (
            RoutePattern("/{a}/x/", {"a": "[0-9]+"}, {"a": ("1",)}),
            RoutePattern("/{b}/{c}/", {}, {"b": ("1",)}),
            "/2026/x/",
            True,
        ),
        (RoutePattern("/{a}/x/", {}, {"a": ("b",)}), RoutePattern("/b/{c}/"), None, None),
    ],
)
def test_of_two_patterns_the_narrower_counts(
    one: RoutePattern, two: RoutePattern, path: str | None, narrower: bool | None
) -> None:
    assert one.common_path(two) == path
    assert two.common_path(one) == path
    assert (one.is_narrower(two), two.is_narrower(one)) == (bool(narrower), False)


SEGMENTS = st.sampled_from(["a", "b", "{x}", "{y}", "a-{x}", "{y}-b", "{x}.xml"])


@st.composite
def _patterns(draw: st.DrawFn) -> RoutePattern:
    parts = draw(st.lists(SEGMENTS, min_size=1, max_size=3))
    named = [re.sub("[xy](?=})", f"p{place}", part) for place, part in enumerate(parts)]
    text = "/" + "/".join(named) + draw(st.sampled_from(["", "/"]))
    where = {"p0": "[a-z]+"} if "{p0}" in text and draw(st.booleans()) else {}
    excluded = {"p0": ("a",)} if "{p0}" in text and draw(st.booleans()) else {}
    return RoutePattern(text, where, excluded)


PATHS = st.lists(st.sampled_from(["a", "b", "c", "a-b", "a-1", "1", "q.xml"]), max_size=3).map(
    lambda parts: "/" + "/".join(parts)
)


@given(_patterns(), _patterns(), PATHS, st.sampled_from(["", "/"]))
@example(RoutePattern("/{a}/"), RoutePattern("/a/"), "/a", "/")
def test_what_is_said_of_two_patterns_is_true_of_paths(
    one: RoutePattern, two: RoutePattern, path: str, end: str
) -> None:
    matches = one.match(path + end) is not None, two.match(path + end) is not None
    if one.is_narrower(two):
        assert matches != (True, False)
        assert not two.is_narrower(one)
    common = one.common_path(two)
    if common is not None and "{" not in common:
        assert one.match(common) is not None
        assert two.match(common) is not None
    if matches == (True, True):
        assert common is not None


@given(st.lists(_patterns(), max_size=6))
def test_wider_patterns_come_later(patterns: list[RoutePattern]) -> None:
    order = narrowest_first(patterns)
    assert sorted(order) == list(range(len(patterns)))
    for place, number in enumerate(order):
        for later in order[place + 1 :]:
            assert not patterns[later].is_narrower(patterns[number])
