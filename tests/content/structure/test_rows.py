"""Documents -> rows."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ssg.model.page import UNDATED
from tests.conftest import Built

FILES = {
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/blog/_index.md": "---\ntitle: Blog\npaginate_by: 2\ngenerate_feeds: true\n---\n",
    **{f"content/blog/{n}.md": f"---\ndate: 2025-01-0{n}\ntags: [x]\n---\nt" for n in range(1, 6)},
}


def test_every_page_has_its_kind_template_and_parent(site: Callable[..., Built]) -> None:
    db = site(FILES).site

    def above(number: int | None) -> str | None:
        return db.page_by_id(number).path if number else None

    rows = {p.path: (p.kind, p.template, above(p.parent_id)) for p in db.all_pages()}
    pages = {f"/blog/{n}/": ("page", "page.html", "/blog/") for n in range(1, 6)}
    assert rows == pages | {
        "/": ("section", "section.html", None),
        "/blog/": ("section", "section.html", "/"),
        "/blog/page/2/": ("pager", "section.html", "/blog/"),
        "/blog/page/3/": ("pager", "section.html", "/blog/"),
        "/tags/": ("taxonomy", "taxonomy.html", None),
        "/tags/x/": ("term", "term.html", None),
        "/feed.xml": ("feed", "feed.xml", "/"),
        "/blog/feed.xml": ("feed", "feed.xml", "/blog/"),
        "/sitemap.xml": ("sitemap", "sitemap.xml", None),
        "/404.html": ("404", "404.html", None),
    }


@pytest.mark.parametrize(("size", "pagers"), [(0, 0), (1, 4), (2, 2), (4, 1), (5, 0), (99, 0)])
def test_there_are_as_many_pagers_as_it_takes(
    site: Callable[..., Built], size: int, pagers: int
) -> None:
    index = f"---\npaginate_by: {size}\n---\n"
    built = site({**FILES, "content/blog/_index.md": index})
    assert sum(path.startswith("/blog/page/") for path in built.paths) == pagers


def test_pagers_show_every_page_once_in_order(site: Callable[..., Built]) -> None:
    built = site(FILES)
    shown = "".join(
        built.read(f"blog/{name}index.html").partition(":")[2].rstrip("\n")
        for name in ("", "page/2/", "page/3/")
    )
    assert shown.split() == [f"/blog/{n}/" for n in range(5, 0, -1)]


def test_pages_of_a_subsection_are_not_those_of_the_section(site: Callable[..., Built]) -> None:
    built = site({**FILES, "content/blog/sub/_index.md": "", "content/blog/sub/a.md": ""})
    section = built.site.page_at("/blog/")
    assert section is not None
    assert built.site.count_in(section.id) == 5


def test_what_has_no_column_is_kept_as_json(site: Callable[..., Built]) -> None:
    page = site({"content/a.md": "---\nauthor: Ann\nextra: {d: 2025-01-01}\n---\n"}).page("/a/")
    assert json.loads(page.front) == {"authors": ["Ann"], "extra": {"d": "2025-01-01"}}
    assert (page.date_key, page.sort_key) == (UNDATED, UNDATED)


def test_ids_do_not_repeat(site: Callable[..., Built]) -> None:
    ids = [page.id for page in site(FILES).site.all_pages()]
    assert len(ids) == len(set(ids))
