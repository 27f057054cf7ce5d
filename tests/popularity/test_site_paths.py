"""Targets of requests in the site's own form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.live.route import Route
from ssg.model.urls import quote_path
from ssg.popularity.bounded_counter import BoundedCounter
from ssg.popularity.site_paths import FoundPage, SitePaths

PAGES = frozenset({"/", "/blog/", "/blog/a/", "/v1.2/", "/über/", "/Case/"})
ROUTES = (Route(1, "/{user}/", "page.html"), Route(2, "/{user}/{slug}/", "page.html"))


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/", "/"), ("", "/"), ("/blog/a/", "/blog/a/"), ("/blog/a", "/blog/a/"),
        ("/blog/a/index.html", "/blog/a/"), ("//blog///a//", "/blog/a/"), ("/v1.2", "/v1.2/"),
        ("/blog/a/?q=/x/#y", "/blog/a/"), ("/blog/a?x", "/blog/a/"), ("/%C3%BCber/", "/über/"),
        (r"/\xC3\xBCber/", "/über/"),
        ("/u%CC%88ber/", "/über/"), ("/über", "/über/"), ("https://example.org/blog/", "/blog/"),
        ("https://example.org", "/"), ("/%62log/", "/blog/"), ("/case/", None),
        ("/style.css", None), ("/blog/b/", None), ("/%FF/", None), ("/../blog/", None),
        ("*", None), ("/" + "a" * 5000, None), ("/blog%2Fa/", "/blog/a/"),
    ],
)  # fmt: skip
def test_a_target_is_brought_to_the_form_of_the_site(target: str, path: str | None) -> None:
    found = SitePaths("", PAGES).find(target)
    assert (found and found.path) == path


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/docs/blog/a/", "/blog/a/"), ("/docs/", "/"), ("/docs", "/"), ("/blog/a/", None),
        ("/docsblog/a/", None), ("https://example.org/docs/blog/", "/blog/"),
    ],
)  # fmt: skip
def test_the_path_of_the_base_url_is_taken_off(target: str, path: str | None) -> None:
    found = SitePaths("/docs", PAGES).find(target)
    assert (found and found.path) == path


def test_paths_of_routes_are_live_pages_unless_they_are_pages() -> None:
    paths = SitePaths("", PAGES, ROUTES)
    assert paths.find("/blog/") == FoundPage("/blog/")
    assert paths.find("/ana") == FoundPage("/ana/", 1)
    assert paths.find("/ana/dune/?x") == FoundPage("/ana/dune/", 2)
    assert paths.find("/ana/dune/more/") is None


@given(st.text() | st.binary().map(lambda raw: raw.decode("utf-8", "surrogateescape")))
def test_no_target_makes_it_fail(target: str) -> None:
    found = SitePaths("/docs", PAGES, ROUTES).find(target)
    assert found is None or found.path in PAGES or found.route


@given(st.sampled_from(sorted(PAGES)), st.sampled_from(["", "?a=b", "#c"]), st.booleans())
def test_every_page_is_found_by_its_address(path: str, end: str, short: bool) -> None:
    address = quote_path(path)
    target = (address.rstrip("/") or "/") if short else address
    assert SitePaths("", PAGES).find(target + end) == FoundPage(path)


def test_only_the_most_read_paths_are_kept() -> None:
    counter = BoundedCounter(limit=2)
    for path, requests in {"/a/": 5, "/b/": 1, "/c/": 3, "/d/": 1, "/e/": 1, "/f/": 9}.items():
        counter.add(path, requests)
    assert counter.most_read()[:3] == [("/f/", 9), ("/a/", 5), ("/c/", 3)]
    assert len(counter.counts) <= 4
    assert counter.dropped + sum(counter.counts.values()) == 20
