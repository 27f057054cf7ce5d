"""Questions to the site database, against naive answers in Python."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ssg.content.structure.collation import collation_key
from ssg.model.page import Page
from ssg.model.queries.site import Site
from tests.conftest import Built

ORDERS = ("date", "title", "weight", "slug")
POSTS = {  # name: (title, date, weight); ties and gaps on purpose
    "one": ("Same", "2025-01-01", 2),
    "two": ("Same", "2025-01-01", 2),
    "three": ("alpha", "2025-03-01", 1),
    "four": ("Beta", None, 0),
    "five": ("beta", None, -1),
    "six": ("Ärger", "2024-12-31", 0),
}


def _files(order: str) -> dict[str, str]:
    files = {"content/blog/_index.md": f"---\nsort_by: {order}\n---\n"}
    for name, (title, date, weight) in POSTS.items():
        dated = f"date: {date}\n" if date else ""
        head = f"---\ntitle: {title}\n{dated}weight: {weight}\ntags: [all]\n---\n"
        files[f"content/blog/{name}.md"] = head + name
    return files


def _naive(order: str) -> list[str]:
    """Slugs in order: source paths decide ties, the unweighted and undated come last."""
    by_source = sorted(POSTS)
    if order == "title":
        return sorted(by_source, key=lambda name: collation_key(POSTS[name][0]))
    if order == "weight":
        return sorted(by_source, key=lambda name: POSTS[name][2] or float("inf"))
    if order == "slug":
        return by_source
    dated = [name for name in by_source if POSTS[name][1]]
    newest = sorted(dated, key=lambda name: -int((POSTS[name][1] or "").replace("-", "")))
    return newest + [name for name in by_source if not POSTS[name][1]]


def _slugs(pages: list[Page]) -> list[str]:
    return [page.slug for page in pages]


@pytest.mark.parametrize("order", ORDERS)
def test_pages_of_a_section_stand_in_its_order(site: Callable[..., Built], order: str) -> None:
    db = site(_files(order)).site
    section = db.page_at("/blog/")
    assert section is not None
    assert _slugs(db.pages_in(section.id)) == _naive(order)
    assert db.count_in(section.id) == len(POSTS)


@pytest.mark.parametrize("order", ORDERS)
def test_before_and_after_walk_the_list(site: Callable[..., Built], order: str) -> None:
    db = site(_files(order)).site
    section = db.page_at("/blog/")
    assert section is not None
    pages = db.pages_in(section.id)
    befores, afters = [None, *pages[:-1]], [*pages[1:], None]
    assert [db.before(page, section.id) for page in pages] == befores
    assert [db.after(page, section.id) for page in pages] == afters


@pytest.mark.parametrize("order", ORDERS)
def test_previous_is_older_and_next_is_newer_by_date_else_the_list_reads_on(
    site: Callable[..., Built], order: str
) -> None:
    template = "{{ page.previous.slug if page.previous }},{{ page.next.slug if page.next }}"
    built = site(_files(order) | {"templates/page.html": template})
    reading = list(reversed(_naive(order))) if order == "date" else _naive(order)
    for before, name, after in zip(["", *reading], reading, [*reading[1:], ""], strict=False):
        assert built.read(f"blog/{name}/index.html") == f"{before},{after}"


def test_terms_list_newest_first_and_undated_last(site: Callable[..., Built]) -> None:
    db = site(_files("title")).site
    (term,) = db.terms("tags")
    assert _slugs(db.pages_with(term.id)) == _naive("date")
    assert term.page_count == len(POSTS)


@pytest.mark.parametrize(("offset", "limit"), [(0, -1), (0, 2), (2, 2), (4, 9), (9, 1), (0, 0)])
def test_a_part_of_a_list_is_a_slice_of_it(
    site: Callable[..., Built], offset: int, limit: int
) -> None:
    db = site(_files("date")).site
    stop = None if limit < 0 else offset + limit
    assert _slugs(db.pages(offset, limit)) == _naive("date")[offset:stop]


def test_the_newest_are_dated(site: Callable[..., Built]) -> None:
    db = site({**_files("title"), "content/away.md": "---\ndate: 2026-01-01\n---\n"}).site
    section = db.page_at("/blog/")
    assert section is not None
    assert _slugs(db.newest(10)) == ["away", "three", "one", "two", "six"]
    assert _slugs(db.newest(2, section.id)) == ["three", "one"]


def test_what_is_not_there_is_none(site: Callable[..., Built]) -> None:
    db = site().site
    assert db.page_at("/nope/") is None
    assert db.page_from("nope.md") is None
    assert db.template("nope.html") is None
    assert db.data("nope") is None
    assert db.asset_from("nope.png") is None
    with pytest.raises(KeyError):
        db.page_by_id(999)


def test_a_page_is_found_by_path_and_by_source(site: Callable[..., Built]) -> None:
    db = site({"content/a/b.md": "---\n\ntitle: B\n---\n\ntext"}).site
    page = db.page_at("/a/b/")
    assert page is not None
    assert page == db.page_from("a/b.md") == db.page_by_id(page.id)
    assert (db.body(page.id).text, db.body(page.id).line) == ("\ntext", 5)


def test_a_page_without_text_has_an_empty_body(site: Callable[..., Built]) -> None:
    db = site({"content/a.md": ""}).site
    page = db.page_at("/a/")
    assert page is not None
    assert db.body(page.id).text == ""


def test_addresses_hold_every_page_that_people_read(site: Callable[..., Built]) -> None:
    built = site(_files("date"), target="netlify")
    addresses = dict(built.site.addresses())
    assert set(addresses) == set(built.paths) - {"/404.html", "/sitemap.xml", "/feed.xml"}
    assert addresses["/blog/three/"] == "2025-03-01T00:00:00+00:00"


def test_a_site_knows_its_settings_and_its_clock(site: Callable[..., Built]) -> None:
    with_data = site({"data/team.json": json.dumps(["A"])})
    db = Site.open(with_data.report.database)
    assert db.settings.base_url == "https://example.org/"
    assert db.build_time == "2026-01-31T12:00:00+00:00"
    assert db.data_names() == ["team"]
    assert db.data("team") == ["A"]
    db.close()
