"""Pages keep their addresses."""

from __future__ import annotations

from typing import Any

import pytest

from ssg.importers.default_paths import best_pattern, default_paths
from ssg.importers.imported_page import ImportedPage, address_path
from ssg.importers.imported_site import ImportNotes
from ssg.importers.keep_addresses import keep_addresses


def _page(place: str, address: str = "", **values: Any) -> ImportedPage:
    return ImportedPage(f"old/{place}", place, values, address=address)


def _settled(*pages: ImportedPage) -> tuple[dict[str, dict[str, Any]], list[str]]:
    notes = ImportNotes()
    found = keep_addresses(pages, {}, notes)
    return {one.content_path: dict(one.values) for one in found}, [
        f"{one.where}: {one.what}" for one in notes.findings
    ]


@pytest.mark.parametrize(
    ("address", "expected"),
    [("a/index.html", "/a/"), ("index.html", "/"), ("/a.html", "/a.html"), ("a//b", "/a/b/")],
)
def test_old_addresses_are_paths(address: str, expected: str) -> None:
    assert address_path(address) == expected


def test_only_a_page_at_another_address_has_a_path() -> None:
    pages, _ = _settled(
        _page("a.md", "/a/"), _page("b.md", "/old-b.html", slug="x"), _page("c/index.md", "/c/"),
        _page("2024-01-02-d.md", "/d/"), _page("e.md"),
    )  # fmt: skip
    said = {place: values.get("path") for place, values in pages.items()}
    assert said == {
        "a.md": None, "b.md": "/old-b.html", "c/index.md": None, "2024-01-02-d.md": None,
        "e.md": None,
    }  # fmt: skip
    assert "slug" not in pages["b.md"]


def test_pages_follow_their_section() -> None:
    pages, _ = _settled(_page("blog/_index.md", "/news/"), _page("blog/a.md", "/news/a/"))
    assert pages["blog/_index.md"]["path"] == "/news/"
    assert "path" not in pages["blog/a.md"]


def test_the_first_page_with_an_address_keeps_it() -> None:
    pages, told = _settled(_page("a.md", "/x/"), _page("b.md", "/x/"), _page("a.md", "/y/"))
    assert list(pages) == ["a.md"]
    assert told == [
        "old/b.md: left out, old/a.md has the same address: /x/",
        "old/a.md: left out, old/a.md has the same address: a.md",
    ]


def test_impossible_aliases_are_dropped() -> None:
    pages, told = _settled(
        _page("a.md", "/a/", aliases=["/a/", "old", "/b/", "/x?y"]), _page("b.md", "/b/")
    )
    assert pages["a.md"]["aliases"] == ["/old/"]
    assert told[0] == "old/a.md: the alias /b/ belongs to another page, too"
    assert told[1].startswith("old/a.md: the alias /x?y/ contains '?'")


def test_a_page_at_the_address_of_a_folder_becomes_its_section() -> None:
    pages, _ = _settled(_page("team.md", "/team/"), _page("team/ana.md", "/team/ana/"))
    assert sorted(pages) == ["team/_index.md", "team/ana.md"]


def test_a_page_replaces_an_added_section_at_its_address() -> None:
    made = ImportedPage("", "posts/_index.md", {"title": "Posts", "paginate_by": 3})
    pages, _ = _settled(made, _page("x.md", "/posts/", title="Log"), _page("posts/a.md"))
    assert pages["posts/_index.md"] == {
        "title": "Log", "paginate_by": 3, "aliases": [],
    }  # fmt: skip
    assert "x.md" not in pages


def test_an_address_that_cannot_be_kept_is_a_finding() -> None:
    pages, told = _settled(_page("a.md", "/a:b/"))
    assert "path" not in pages["a.md"]
    assert told[0].startswith("old/a.md: is at /a/ now: its address /a:b/ contains ':'")


def test_the_pattern_that_keeps_most_addresses_is_chosen() -> None:
    pages = [
        _page("blog/a.md", "/blog/2024/a/", date="x"),
        _page("blog/2024-02-03-b.md", "/2024/b/"),
        _page("blog/2024-02-04-c.md", "/2024/c/"),
    ]
    patterns = ["/:year/:slug/", "/:slug/"]
    assert best_pattern(pages, "blog", patterns) == {"blog": "/:year/:slug/"}
    assert best_pattern(pages[:1], "blog", patterns) == {}


def test_translations_are_below_their_language() -> None:
    pages = [_page("a.md"), _page("a.fr.md"), _page("fr/x/b.md"), _page("x/_index.fr.md")]
    assert default_paths(pages, {}, {"en": "", "fr": "fr"}) == {
        "a.md": "/a/", "a.fr.md": "/fr/a/", "fr/x/b.md": "/fr/x/b/", "x/_index.fr.md": "/fr/x/",
    }  # fmt: skip
