"""Transparent sections, sections that lead elsewhere, and how lists are laid out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built

YEARS = {
    "content/blog/_index.md": "---\ntitle: Blog\npaginate_by: 2\npaginate_path: part\n---\n",
    "content/blog/own.md": "---\ndate: 2026-01-01\n---\n",
    "content/blog/2025/_index.md": "---\ntitle: '2025'\ntransparent: true\nsort_by: title\n---\n",
    "content/blog/2025/a.md": "---\ndate: 2025-02-01\n---\n",
    "content/blog/2025/b.md": "---\ndate: 2025-03-01\n---\n",
    "content/blog/2024/_index.md": "---\ntransparent: true\n---\n",
    "content/blog/2024/deep/_index.md": "---\ntransparent: true\n---\n",
    "content/blog/2024/deep/c.md": "---\ndate: 2024-01-01\n---\n",
    "content/blog/2024/undated.md": "",
    "content/blog/closed/_index.md": "",
    "content/blog/closed/d.md": "---\ndate: 2023-01-01\n---\n",
}


def _listed(built: Built, path: str) -> list[str]:
    section = built.page(path)
    return [page.slug for page in built.site.pages_in(section.id)]


def test_pages_of_a_transparent_section_are_in_the_parents_list_too(
    site: Callable[..., Built],
) -> None:
    built = site(YEARS)
    assert _listed(built, "/blog/") == ["own", "b", "a", "c", "undated"]
    assert _listed(built, "/blog/2025/") == ["a", "b"]
    assert _listed(built, "/blog/2024/") == ["c", "undated"]
    assert _listed(built, "/blog/2024/deep/") == ["c"]
    assert _listed(built, "/") == []
    for path in ("/blog/", "/blog/2024/"):
        assert built.site.count_in(built.page(path).id) == len(_listed(built, path))
    assert built.read("blog/part/3/index.html") == "Blog: /blog/2024/undated/"


def test_previous_and_next_go_through_transparent_sections(site: Callable[..., Built]) -> None:
    template = "{{ page.previous.slug or '-' }} {{ page.next.slug or '-' }} {{ page.section.path }}"
    built = site({**YEARS, "templates/page.html": template})
    assert built.read("blog/2025/a/index.html") == "c b /blog/2025/"
    assert built.read("blog/2025/b/index.html") == "a own /blog/2025/"
    assert built.read("blog/2024/undated/index.html") == "- c /blog/2024/"
    assert built.read("blog/closed/d/index.html") == "- - /blog/closed/"


def test_neighbours_in_the_whole_site_go_by_date(site: Callable[..., Built]) -> None:
    template = "{{ page.previous_in_site.slug or '-' }} {{ page.next_in_site.slug or '-' }}"
    built = site({**YEARS, "templates/page.html": template})
    assert built.read("blog/closed/d/index.html") == "undated c"
    assert built.read("blog/own/index.html") == "b -"
    assert built.read("blog/2024/undated/index.html") == "- d"


@pytest.mark.parametrize("order", ["date", "title", "weight", "slug"])
def test_no_order_drops_a_page(site: Callable[..., Built], order: str) -> None:
    files = {
        "content/d/_index.md": f"---\nsort_by: {order}\n---\n",
        "content/d/a.md": "",
        "content/d/b.md": "---\ndate: 2025-01-01\nweight: 2\ntitle: Z\n---\n",
        "content/d/c.md": "---\ndate: 2024-01-01\nweight: -1\n---\n",
    }
    assert sorted(_listed(site(files), "/d/")) == ["a", "b", "c"]


def test_the_feed_of_a_section_has_the_pages_that_it_lists(site: Callable[..., Built]) -> None:
    index = "---\ntitle: Blog\ngenerate_feeds: true\n---\n"
    text = site({**YEARS, "content/blog/_index.md": index}).read("blog/feed.xml")
    assert [line for line in ("/2025/a/", "/deep/c/", "/closed/d/") if line in text] == [
        "/2025/a/",
        "/deep/c/",
    ]


LEADING = {
    "ssg.toml": 'theme = ""\nbase_url = "https://example.org/sub/"\n',
    "content/docs/_index.md": "---\nredirect_to: '@/docs/first.md#top'\npaginate_by: 1\n---\n",
    "content/docs/first.md": "---\naliases: [/ö/]\n---\n",
    "content/docs/second.md": "",
    "content/far/_index.md": "---\nredirect_to: https://example.com/x?y=1\n---\n",
    "content/near/_index.md": "---\nredirect_to: /docs/é/\n---\n",
    "content/near/a.md": "[docs](@/docs/_index.md)",
}


def test_a_section_can_lead_elsewhere_by_a_page(site: Callable[..., Built]) -> None:
    built = site(LEADING)
    assert 'href="https://example.org/sub/docs/first/#top"' in built.read("docs/index.html")
    assert 'href="https://example.com/x?y=1"' in built.read("far/index.html")
    assert 'href="https://example.org/sub/docs/%C3%A9/"' in built.read("near/index.html")
    assert 'href="https://example.org/sub/docs/first/"' in built.read("ö/index.html")
    assert "/docs/page/2/" not in built.paths
    assert "sub/docs/</loc>" not in built.read("sitemap.xml")


def test_a_section_can_lead_elsewhere_by_a_rule(site: Callable[..., Built]) -> None:
    """The rule names the address that a visitor sees, below the site's base path."""
    built = site(LEADING, target="netlify")
    rules = built.read("_redirects").splitlines()
    assert "/docs/ /sub/docs/first/#top 301" in rules
    assert "/far/ https://example.com/x?y=1 301" in rules
    assert "/near/ /sub/docs/%C3%A9/ 301" in rules
    assert "/%C3%B6/ /sub/docs/first/ 301" in rules
    assert "docs/index.html" not in built.files
    assert built.read("near/a/index.html") == 'A|<p><a href="/sub/docs/">docs</a></p>\n'


def test_a_section_that_leads_to_no_page_is_told(problems: Callable[..., list[str]]) -> None:
    files = {
        "content/docs/_index.md": "---\nredirect_to: '@/docs/fisrt.md'\n---\n",
        "content/docs/first.md": "",
    }
    assert problems(files) == [
        'content/docs/_index.md: "redirect_to" names no page: there is no docs/fisrt.md. '
        'Did you mean "docs/first.md"?'
    ]
