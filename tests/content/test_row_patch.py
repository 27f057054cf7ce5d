"""Edits of front matter: which of them leave all pages in their places, and that none is missed.

That such a build is a clean one is said of random edits by `tests/build/test_incremental.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from ssg.content import structure_cache
from ssg.content.reading import source_cache
from tests.conftest import BARE, Built

CONFIG = """theme = ""
base_url = "https://example.org/"
[taxonomies.tags]
paginate_by = 2
[archive]
path = "years"
[permalinks]
"docs" = "/:year/:title/"
[[menus.main]]
page = "menu.md"
"""
A: Mapping[str, Any] = {"title": "A", "date": "2026-01-02", "tags": ["x", "y"]}
PAGES: Mapping[str, Mapping[str, Any]] = {
    "blog/a.md": A,
    "blog/b.md": {"title": "B", "date": "2026-01-03", "tags": ["x", "y"]},
    "blog/c.md": {"title": "C", "date": "2026-01-04", "tags": ["x", "z"]},
    "blog/d.md": {"title": "D", "date": "2026-01-04", "tags": ["Z"]},
    "docs/e.md": {"title": "E", "date": "2026-01-05", "tags": ["last"]},
    "menu.md": {"title": "Menu"},
    "blog/_index.md": {"title": "Blog", "sort_by": "title", "transparent": True},
}


def _text(front: Mapping[str, Any]) -> str:
    return f"---\n{json.dumps(front)}\n---\ntext"


FILES = {
    **BARE,
    "ssg.toml": CONFIG,
    "templates/archive.html": "{{ page.title }}",
    "templates/other.html": "{{ page.title }}",
    **{f"content/{name}": _text(front) for name, front in PAGES.items()},
}

Site = Callable[..., Built]


def _spy() -> Any:
    wrapped = structure_cache.make_site_structure
    return patch.object(structure_cache, "make_site_structure", wraps=wrapped)


def _is_shaped_anew(site: Site, name: str, front: Mapping[str, Any]) -> bool:
    """Whether all documents are looked at once a page has other front matter."""
    site(FILES)
    with _spy() as made:
        site({f"content/{name}": _text(front)})
    return made.called


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Other"},
        {"title": None},
        {"description": "short"},
        {"date": "2026-01-22"},
        {"updated": "2026-01-03"},
        {"weight": 3},
        {"template": "other.html"},
        {"summary": "in short", "extra": {"mark": 1}, "own": 2},
        {"expiry_date": "2027-01-01"},
        {"tags": ["y", "x"]},
        {"tags": ["x"]},
        {"tags": ["x"], "date": "2026-01-22", "title": "More at once"},
    ],
)
def test_an_edit_in_place_shapes_no_site(site: Site, edit: Mapping[str, Any]) -> None:
    front = {key: value for key, value in {**A, **edit}.items() if value is not None}
    assert not _is_shaped_anew(site, "blog/a.md", front)


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("blog/a.md", {"slug": "other"}),
        ("blog/a.md", {"path": "/other/"}),
        ("blog/a.md", {"aliases": ["/old/"]}),
        ("blog/a.md", {"menus": "main"}),
        ("blog/a.md", {"deferred": True}),
        ("blog/a.md", {"draft": True}),
        ("blog/a.md", {"date": "2025-01-02"}),  # of another year
        ("blog/a.md", {"tags": ["x", "y", "new"]}),
        ("blog/a.md", {"tags": ["x", "Y"]}),
        ("blog/a.md", {"tags": ["x", "y", "z"]}),  # has two pages of a list by then
        ("blog/a.md", {"tags": ["y"]}),  # `x` has one page of a list then
        ("blog/c.md", {"tags": ["x"]}),  # the other page has `Z`
        ("docs/e.md", {"tags": []}),  # the last page of its term
        ("docs/e.md", {"title": "Other"}),
        ("docs/e.md", {"date": "2026-02-05"}),
        ("menu.md", {"title": "Other"}),
        ("blog/_index.md", {"title": "Other"}),
    ],
)
def test_an_edit_that_others_may_feel_does(site: Site, name: str, edit: Mapping[str, Any]) -> None:
    assert _is_shaped_anew(site, name, {**PAGES[name], **edit})


def test_a_term_that_two_edits_change_is_counted_once_more(site: Site) -> None:
    site(FILES)
    edits = {
        f"content/blog/{name}.md": _text({**PAGES[f"blog/{name}.md"], "tags": ["x"]})
        for name in "ab"
    }
    built = site(edits)
    assert [term.name for term in built.site.terms("tags")] == ["last", "x", "z"]


def test_a_template_that_is_not_there_is_told_of(
    site: Site, problems: Callable[..., list[str]]
) -> None:
    site(FILES)
    found = problems({"content/blog/a.md": _text({**A, "template": "othr.html"})})
    assert "othr.html" in found[0]


def test_each_list_has_the_page_in_its_new_place(site: Site) -> None:
    site(FILES)
    built = site({"content/blog/a.md": _text({**A, "title": "Z", "date": "2026-01-09"})})
    blog, home = built.site.page_at("/blog/"), built.site.page_at("/")
    assert blog
    assert home
    assert [page.title for page in built.site.pages_in(blog.id)] == ["B", "C", "D", "Z"]
    assert built.site.pages_in(home.id)[0].title == "Z"
    x = next(term for term in built.site.terms("tags") if term.name == "x")
    assert [page.title for page in built.site.pages_with(x.id)] == ["Z", "C", "B"]


def test_what_a_failed_build_has_read_is_no_base_for_the_next(
    site: Site, problems: Callable[..., list[str]]
) -> None:
    site(FILES)
    text = _text({**A, "title": "Other"})
    assert problems({"content/blog/a.md": text, "templates/page.html": "{{ nothing( }}"})
    built = site({"templates/page.html": "{{ page.title }}"})
    assert built.read("blog/a/index.html") == "Other"


def test_a_database_that_was_damaged_is_made_anew(site: Site, tmp_path: Path) -> None:
    site(FILES)
    database = tmp_path / ".ssg/site.db"
    data = bytearray(database.read_bytes())
    page = data.find(b"blog/a.md") // 4096 * 4096
    data[page : page + 100] = b"\xff" * 100
    database.write_bytes(data)
    built = site({"content/blog/a.md": _text({**A, "title": "Other"})})
    assert built.read("blog/a/index.html").startswith("Other")


def test_the_edits_of_many_files_shape_the_site_anew(site: Site) -> None:
    names = [f"content/many/{number}.md" for number in range(200)]
    site({**FILES, **{name: _text({"title": "One"}) for name in names}})
    with (
        patch.object(source_cache, "_FEW", 1),
        _spy() as made,
    ):
        built = site({name: _text({"title": "Two"}) for name in names})
    assert made.called
    assert built.read("many/7/index.html").startswith("Two")
