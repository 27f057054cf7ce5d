"""The file: what is counted is written, in one form, and read again."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.live.route import Route
from ssg.popularity.popular_pages import PopularPages
from ssg.popularity.request_count import RequestCount
from ssg.popularity.site_paths import SitePaths

ROUTE = Route(1, "/{user}/", "page.html")
COUNTS = st.dictionaries(st.text(min_size=1), st.integers(1, 10**9), max_size=8)


def _found(pages: dict[str, int], live: dict[str, int], limit: int = 100) -> PopularPages:
    count = RequestCount(SitePaths("", pages, [ROUTE]))
    count.pages.update(pages)
    for user, requests in live.items():
        count.add_read(f"/{user}/", requests)
    count.see(29_496_000)
    return PopularPages.of(count, [ROUTE], limit)


def test_the_form_is_what_the_documentation_says() -> None:
    assert (
        _found({"/b/": 2, "/a/": 2, "/c/": 3, "/d/": 1}, {"ana": 4}, 3).to_json()
        == """\
{
  "version": 1,
  "period": {"from": "2026-01-30T08:00:00Z", "to": "2026-01-30T08:00:00Z", "days": 0.042},
  "requests": 8, "pages": [
    {"path": "/c/", "requests": 3},
    {"path": "/a/", "requests": 2},
    {"path": "/b/", "requests": 2}
  ], "others": {"pages": 1, "requests": 1},
  "routes": [
    {"path": "/{user}/", "requests": 4, "pages": [
      {"path": "/ana/", "requests": 4}
    ], "others": {"pages": 0, "requests": 0}}
  ]
}
"""
    )


@given(COUNTS, COUNTS, st.integers(0, 9))
def test_what_is_written_is_read(pages: dict[str, int], live: dict[str, int], limit: int) -> None:
    found = _found(pages, live, limit)
    text = found.to_json()
    assert PopularPages.from_json(text) == found
    assert json.loads(text)["requests"] == sum(pages.values())
    assert _found(dict(reversed(pages.items())), live, limit).to_json() == text


def test_pages_alone_are_enough() -> None:
    found = PopularPages.from_json('{"pages": [{"path": "/a/", "requests": 1}]}')
    assert found.requests_by_path() == {"/a/": 1}
    assert found.days is None


@pytest.mark.parametrize(
    "text",
    [
        "[]", "{}", '{"pages": 1}', '{"pages": [1]}', '{"pages": [{"path": "/a/"}]}', "",
        '{"version": 2, "pages": []}', '{"pages": [], "routes": [1]}',
        '{"pages": [], "period": {"from": "soon", "to": "later"}}', '{"pages": [], "others": 7}',
    ],
)  # fmt: skip
def test_another_form_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        PopularPages.from_json(text)
