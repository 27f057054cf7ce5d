"""Addresses by pattern."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ssg.content.source.document import SourceDocument
from ssg.content.structure.permalinks import Permalinks
from ssg.content.structure.sections import find_sections, home_of
from ssg.model.permalink import PLACEHOLDERS, expand, placeholders
from ssg.model.urls import canonical_path, output_file, path_problem
from tests.conftest import Built

DATED = "---\ntitle: My Title\ndate: 2025-03-09\n---\n"


def _config(*lines: str, base: str = "https://example.org/") -> str:
    return f'theme = ""\nbase_url = "{base}"\n[permalinks]\n' + "\n".join(lines)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ('blog = "/:year/:month/:day/:slug/"', "/2025/03/09/post/"),
        ('blog = "/:section/:title/"', "/blog/my-title/"),
        ('"blog/deep" = "/:sections/:filename/"', "/blog/deep/2025-03-09-post/"),
        ('"**/*-post.md" = ":slug.html"', "/post.html"),
        ('"blog/*" = "/x/:slug/"', "/blog/deep/post/"),
        ('other = "/x/:slug/"', "/blog/deep/post/"),
        ('blog = "/:year/:slug/"\n"blog/deep" = "/never/:slug/"', "/2025/post/"),
        ('"" = "/all/:slug/"', "/all/post/"),
    ],
)
def test_a_pattern_makes_the_address(site: Callable[..., Built], line: str, path: str) -> None:
    files = {
        "ssg.toml": _config(line),
        "content/blog/deep/_index.md": "",
        "content/blog/deep/2025-03-09-post.md": DATED,
        "content/blog/deep/own.md": "---\npath: /mine/\n---\n",
    }
    files["content/blog/deep/own.md"] = "---\npath: /mine/\ndate: 2025-01-01\n---\n"
    built = site(files)
    page = built.site.page_from("blog/deep/2025-03-09-post.md")
    assert page is not None
    assert page.path == path
    assert "/mine/" in built.paths


def test_files_beside_a_page_go_with_it(site: Callable[..., Built]) -> None:
    files = {
        "ssg.toml": _config('blog = "/:year/:slug/"'),
        "content/blog/2025-03-09-trip/index.md": "![x](map.png)",
        "content/blog/2025-03-09-trip/map.png": "x",
    }
    built = site(files)
    assert "2025/trip/map.png" in built.files
    assert 'src="/2025/trip/map.png"' in built.read("2025/trip/index.html")


def test_the_date_is_that_of_the_sites_zone(site: Callable[..., Built]) -> None:
    config = _config('blog = "/:year/:day/:slug/"')
    files = {
        "ssg.toml": config.replace("[perm", 'timezone = "Asia/Tokyo"\n[perm'),
        "content/blog/a.md": "---\ndate: 2025-12-31T20:00:00Z\n---\n",
    }
    assert "/2026/01/a/" in site(files).paths


def test_an_unknown_placeholder_is_told_with_a_near_one(problems: Callable[..., list[str]]) -> None:
    lines = problems({"ssg.toml": _config('a = "/:yaer/:slug/"', 'b = "/x/"', 'c = "/:slug/../"')})
    assert lines == [
        'ssg.toml:4:1: unknown placeholder ":yaer". Did you mean ":year"?',
        'ssg.toml:5:1: the permalink "/x/" gives all pages one address. Write /:section/:slug/',
        'ssg.toml:6:1: the permalink "/:slug/../" leaves the publish folder',
    ]


def test_a_page_without_a_date_is_named(problems: Callable[..., list[str]]) -> None:
    files = {
        "ssg.toml": _config('blog = "/:year/:slug/"'),
        "content/blog/a.md": "",
        "content/blog/b/index.md": "",
        "content/blog/c.md": DATED,
    }
    assert problems(files) == [
        f'content/blog/{name}: the permalink "/:year/:slug/" needs a date, which this page does '
        "not have. Set date or path in its front matter"
        for name in ("a.md", "b/index.md")
    ]


parts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), max_size=20)
patterns = st.lists(
    st.sampled_from([f":{name}" for name in sorted(PLACEHOLDERS)] + ["/", "-", "x", "."]),
    min_size=1,
).map("".join)


@given(patterns, parts, parts, st.dates())
def test_no_pattern_leads_out_of_the_publish_folder(
    pattern: str, name: str, title: str, day: dt.date
) -> None:
    assume(PLACEHOLDERS.issuperset(placeholders(pattern)))
    date = dt.datetime.combine(day, dt.time(), dt.UTC)
    document = SourceDocument(f"blog/{name}.md", title=title, date=date.isoformat())
    sections = find_sections([document])
    path = Permalinks({"blog": pattern}, []).path(document, home_of(document, sections))
    if path and not path_problem(path):
        assert path == canonical_path(path)
        assert ".." not in output_file(path).split("/")
        assert ":" not in path


@given(st.dates())
def test_dates_are_of_one_length(day: dt.date) -> None:
    text = expand(":year:month:day", {}, dt.datetime.combine(day, dt.time(), dt.UTC))
    assert text == day.isoformat().replace("-", "")
    assert len(text) == 8
