"""Related pages, and archives."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.model import database
from ssg.model.queries.site import RELATED_PAGES
from tests.conftest import Built

HEAD = 'theme = ""\nbase_url = "https://example.org/"\n'
FILES = {
    "content/a.md": "---\ntags: [x, y]\ncategories: [k]\n---\n",
    "content/b.md": "---\ntags: [x]\ndate: 2025-01-01\n---\n",
    "content/c.md": "---\ntags: [x, y]\ndate: 2024-01-01\n---\n",
    "content/d.md": "---\ntags: [x]\ndate: 2025-01-01\n---\n",
    "content/e.md": "---\ncategories: [k]\ndate: 2023-01-01\n---\n",
    "content/f.md": "---\ntags: [other]\n---\n",
}
SHOW = {"templates/page.html": "{{ page.related(4) | map(attribute='slug') | join(' ') }}"}


@pytest.mark.parametrize(
    ("config", "related"),
    [
        ("", "c b d e"),
        ("[taxonomies.tags]\n[taxonomies.categories]\nweight = 3\n", "e c b d"),
        ("[taxonomies.tags]\nweight = 0\n[taxonomies.categories]\n", "e"),
        ("[taxonomies.categories]\n", "e"),
    ],
)
def test_pages_that_share_most_come_first(
    site: Callable[..., Built], config: str, related: str
) -> None:
    built = site({**FILES, **SHOW, "ssg.toml": HEAD + config})
    assert built.read("a/index.html") == related
    assert built.read("f/index.html") == ""


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sets(st.sampled_from("uvwxyz"), max_size=4), min_size=1, max_size=12))
def test_related_pages_are_what_a_naive_count_says(
    tmp_path_factory: pytest.TempPathFactory, tags: list[set[str]]
) -> None:
    from tests.conftest import BARE, build_site, write

    root = tmp_path_factory.mktemp("related")
    posts = {f"content/{n:02}.md": f"---\ntags: {sorted(one)}\n---\n" for n, one in enumerate(tags)}
    write(root, {**BARE, **posts})
    site = build_site(root).site
    for number, own in enumerate(tags):
        page = site.page_at(f"/{number:02}/")
        assert page is not None
        shared = {n: len(own & other) for n, other in enumerate(tags) if n != number}
        expected = sorted((n for n in shared if shared[n]), key=lambda n: (-shared[n], n))
        found = [int(one.slug) for one in site.related(page.id, {"tags": 1}, 50)]
        assert found == expected


def test_a_page_costs_the_same_however_many_have_its_term(site: Callable[..., Built]) -> None:
    posts = {f"content/{n:04}.md": "---\ntags: [x]\n---\n" for n in range(RELATED_PAGES + 50)}
    built = site(posts)
    page = built.page("/0240/")
    related = built.site.related(page.id, {"tags": 1}, 1000)
    assert len(related) == RELATED_PAGES


ARCHIVE = HEAD + 'timezone = "Europe/Paris"\n[archive]\npath = "/by-year"\n'
YEARS = {
    "content/a.md": "---\ndate: 2024-12-31T23:30:00Z\n---\n",
    "content/b.md": "---\ndate: 2025-12-31T22:59:59Z\n---\n",
    "content/c.md": "---\ndate: 2023-06-01\n---\n",
    "content/d.md": "no date",
    "templates/archive.html": "{{ page.title }} {{ archive.page_count }}: "
    "{{ archive.pages | map(attribute='slug') | join(' ') }}|"
    "{% for y in archive.years %}{{ y.year }}={{ y.page_count }} {{ y.url }} {% endfor %}",
}


def test_an_archive_lists_years_in_the_sites_zone(site: Callable[..., Built]) -> None:
    built = site({"ssg.toml": ARCHIVE, **YEARS})
    years = "|2025=2 /by-year/2025/ 2023=1 /by-year/2023/ "
    assert built.read("by-year/index.html") == f"Archive 0: {years}"
    assert built.read("by-year/2025/index.html") == f"2025 2: b a{years}"
    assert built.read("by-year/2023/index.html") == f"2023 1: c{years}"
    assert "/by-year/2025/" in built.read("sitemap.xml")


def test_an_archive_can_be_deferred_by_rule(site: Callable[..., Built]) -> None:
    rule = '[[deferred.rules]]\nkind = "archive"\nolder_than = "365d"\n'
    files = {"ssg.toml": ARCHIVE + rule, **YEARS}
    whole = site(files).read("by-year/2023/index.html")
    built = site(files, target="netlify")
    deferred = [page.path for page in built.site.deferred_pages()]
    assert deferred == ["/by-year/2023/"]
    assert built.render("/by-year/2023/") == whole


def test_templates_find_the_archive(site: Callable[..., Built]) -> None:
    show = {"templates/page.html": "{{ site.archive.url if site.archive else 'none' }}"}
    assert site({"ssg.toml": ARCHIVE, **YEARS, **show}).read("d/index.html") == "/by-year/"
    assert site({"ssg.toml": HEAD}).read("d/index.html") == "none"


def test_related_pages_are_an_indexed_question(site: Callable[..., Built]) -> None:
    built = site({f"content/{n}.md": "---\ntags: [x, y]\n---\n" for n in range(60)})
    seen: list[str] = []
    connection = database.open_readonly(built.report.database)
    connection.set_trace_callback(seen.append)
    from ssg.model.queries.site import Site

    Site(connection).related(1, {"tags": 1}, 5)
    plan = " ".join(
        row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + seen[-1]).fetchall()
    )
    assert "SCAN page" not in plan
    assert "SEARCH page_term USING PRIMARY KEY (term_id=?)" in plan
