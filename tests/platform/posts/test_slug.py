from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.posts.markdown import SITE
from blog.posts.slug import MAX_LENGTH, slug_of, slug_problem
from ssg.config.load import load


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hello, Wörld!", "hello-world"),
        ("Straße Æther Łódź Đà", "strasse-aether-lodz-da"),
        ("It’s Ana's", "its-anas"),
        ("  --a__b..c  ", "a-b-c"),
        ("ﬁne ½", "fine-1-2"),
        ("日本", ""),
        ("", ""),
        ("İstanbul", "istanbul"),
        ("a " * 80, "-".join("a" * 50)),
        ("x" * 150, "x" * 100),
    ],
)
def test_a_slug_is_made_of_a_title(text: str, slug: str) -> None:
    assert slug_of(text) == slug


def test_addresses_of_the_site_are_reserved() -> None:
    routes = load(SITE, environment={}).settings.site.routes
    paths = [route.path for route in routes if route.path.startswith("/{user}/")]
    second = {path.split("/")[2] for path in paths} - {"", "{slug}"}
    assert {"posts", "feed.xml"} <= second
    for name in (*second, "page", "after"):
        assert slug_problem(name) is not None, name


@given(st.text(max_size=300))
def test_what_is_made_of_a_text_is_a_slug_or_nothing(text: str) -> None:
    slug = slug_of(text)
    assert slug_of(slug) == slug
    assert len(slug) <= MAX_LENGTH
    if slug:
        assert slug_problem(slug) is None or "is an address of the site" in str(slug_problem(slug))
