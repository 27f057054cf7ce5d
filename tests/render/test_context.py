"""What a template sees."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Built

SUB = 'theme = ""\nbase_url = "https://example.org/sub/"\n[extra]\nmenu = ["x"]\n'
SITE = {
    "ssg.toml": SUB,
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/blog/_index.md": "---\ntitle: Blog\npaginate_by: 2\nextra: {a: 1}\n---\n",
    "content/blog/deep/_index.md": "---\ntitle: Deep\nweight: 2\n---\n",
    "content/blog/deep/x.md": "---\ntags: [T]\n---\nx",
    "content/blog/first/_index.md": "---\nweight: 1\n---\n",
    "content/blog/a.md": "---\ndate: 2025-01-03\ntags: [T, U]\ncategories: C\nauthors: Ann, Bob\n"
    "keywords: [k]\nextra: {when: 2025-01-01}\nsubtitle: own\n---\n" + "word " * 440,
    "content/blog/b.md": "---\ndate: 2025-01-02\ndescription: D & E\n---\n",
    "content/blog/c.md": "---\ndate: 2025-01-01\nsummary: S\n---\n",
    "content/blog/trip/index.md": "text",
    "content/blog/trip/ö.jpg": "x",
    "data/team.toml": 'lead = "Ann"\n',
    "data/places/london.json": '{"rain": true}',
}


@pytest.mark.parametrize(
    ("path", "template", "text"),
    [
        ("/blog/a/", "{{ page.path }} {{ page.url }}", "/blog/a/ /sub/blog/a/"),
        ("/blog/a/", "{{ page.permalink }}", "https://example.org/sub/blog/a/"),
        ("/blog/a/", "{{ page.kind }} {{ page.source }} {{ page.slug }}", "page blog/a.md a"),
        ("/blog/a/", "{{ page.word_count }} {{ page.reading_time }}", "440 2"),
        ("/blog/b/", "{{ page.word_count }} {{ page.reading_time }}", "0 1"),
        ("/blog/a/", "{{ page.authors | join('+') }} {{ page.keywords[0] }}", "Ann+Bob k"),
        ("/blog/b/", "{{ page.authors | length }}{{ page.extra }}", "0{}"),
        ("/blog/a/", "{{ page.extra.when }} {{ page.extra.subtitle }}", "2025-01-01 own"),
        ("/blog/a/", "{{ page.tags | join(', ') }}", "T, U"),
        ("/blog/a/", "{{ page.terms.categories[0].name }}", "C"),
        ("/blog/b/", "{{ page.terms.tags }}", "[]"),
        ("/blog/a/", "{{ page.section.title }}", "Blog"),
        ("/blog/deep/x/", "{{ page.ancestors | map(attribute='path') | join }}", "//blog//blog/deep/"),
        ("/blog/b/", "{{ page.summary }}", "<p>D &amp; E</p>"),
        ("/blog/c/", "{{ page.summary }}", "<p>S</p>"),
        ("/blog/a/", "{{ page.summary }}", ""),
        ("/blog/trip/", "{{ page.assets[0] }}", "/sub/blog/trip/%C3%B6.jpg"),
        ("/blog/a/", "{{ page.previous.slug }} {{ page.next is none }}", "b True"),
        ("/blog/a/", "{{ page == get_page('blog/a.md') }}", "True"),
        ("/blog/a/", "{{ page in section.pages }}", "True"),
        ("/blog/a/", "{{ page }}", "&lt;page /blog/a/&gt;"),
        ("/blog/a/", "{{ page.date | rfc3339 }}", "2025-01-03T00:00:00+00:00"),
        ("/blog/a/", "{{ site.title }} {{ site.language }}", "My site en"),
        ("/blog/a/", "{{ site.url }} {{ site.base_url }}", "/sub/ https://example.org/sub/"),
        ("/blog/a/", "{{ site.home.title }} {{ site.extra.menu[0] }}", "Home x"),
        ("/blog/a/", "{{ site.sections | map(attribute='path') | join }}", "/blog/"),
        ("/blog/a/", "{{ site.pages[:2] | map(attribute='slug') | join }}", "ab"),
        ("/blog/a/", "{{ site.pages | length }}", "5"),
        ("/blog/a/", "{{ site.taxonomies.tags.terms[0].page_count }}", "2"),
        ("/blog/a/", "{{ site.feeds[0].path }} {{ site.home.feed.url }}", "/feed.xml /sub/feed.xml"),
        ("/blog/a/", "{{ section.feed is none }}", "True"),
        ("/blog/a/", "{{ site.data.team.lead }}", "Ann"),
        ("/blog/a/", "{{ site.data.places.london.rain }}", "True"),
        ("/blog/a/", "{{ site.data['team']['lead'] }}", "Ann"),
        ("/blog/a/", "{{ site.data.nope is defined }}", "False"),
        ("/blog/a/", "{{ site.build_time | date }}", "2026-01-31"),
    ],
)  # fmt: skip
def test_a_page_template_sees(
    site: Callable[..., Built], path: str, template: str, text: str
) -> None:
    only = f"{{% if page.path == '{path}' %}}{template}{{% endif %}}"
    built = site({**SITE, "templates/page.html": only})
    assert built.read(path[1:] + "index.html") == text


@pytest.mark.parametrize(
    ("path", "template", "text"),
    [
        ("/blog/", "{{ section.title }} {{ section == page }}", "Blog True"),
        ("/blog/", "{{ page.sort_by }} {{ page.extra.a }}", "date 1"),
        ("/blog/", "{{ page.sections | map(attribute='path') | join }}", "/blog/first//blog/deep/"),
        ("/blog/", "{{ page.pages | length }}", "4"),
        ("/blog/", "{{ paginator.count }} {{ paginator.total }} {{ paginator.size }}", "2 4 2"),
        ("/blog/", "{{ paginator.urls | join(' ') }}", "/sub/blog/ /sub/blog/page/2/"),
        ("/blog/", "{{ paginator.previous }} {{ paginator.next }}", "None /sub/blog/page/2/"),
        ("/blog/page/2/", "{{ paginator.previous }} {{ paginator.next }}", "/sub/blog/ None"),
        ("/blog/page/2/", "{{ page.title }} {{ page.number }} {{ page.kind }}", "Blog 2 pager"),
        ("/blog/page/2/", "{{ section.path }} {{ page.path }}", "/blog/ /blog/page/2/"),
        ("/blog/page/2/", "{{ paginator.pages | map(attribute='slug') | join }}", "ctrip"),
        ("/blog/first/", "{{ paginator.count }} {{ paginator.pages | length }}", "1 0"),
        ("/", "{{ page.section is none }} {{ page.ancestors }}", "True []"),
    ],
)
def test_a_section_template_sees(
    site: Callable[..., Built], path: str, template: str, text: str
) -> None:
    only = f"{{% if page.path == '{path}' %}}{template}{{% endif %}}"
    built = site({**SITE, "templates/section.html": only})
    assert built.read(path[1:] + "index.html") == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ term.name }} {{ term.slug }} {{ term.url }}", "T t /sub/tags/t/"),
        ("{{ term.permalink }}", "https://example.org/sub/tags/t/"),
        ("{{ term.pages | map(attribute='slug') | join }}", "ax"),
        ("{{ taxonomy.name }} {{ taxonomy.terms | join(' ') }}", "tags T U"),
        ("{{ paginator.pages[0].slug }} {{ paginator.count }}", "a 1"),
        ("{{ page.title }} {{ page.kind }}", "T term"),
    ],
)
def test_a_term_template_sees(site: Callable[..., Built], template: str, text: str) -> None:
    assert site({**SITE, "templates/term.html": template}).read("tags/t/index.html") == text


def test_pages_of_a_term_can_be_paged(site: Callable[..., Built]) -> None:
    files = {f"content/{n}.md": "---\ntags: t\n---\n" for n in range(5)}
    config = 'theme = ""\n[taxonomies.tags]\npaginate_by = 2\n'
    built = site({**files, "ssg.toml": config})
    assert built.read("tags/t/index.html") == "t: /0/ /1/"
    assert built.read("tags/t/page/3/index.html") == "t: /4/"


def test_every_page_sees_the_site_and_itself_alone(site: Callable[..., Built]) -> None:
    """What one page sets stays with it."""
    leak = "{% set ns = namespace(x=0) %}{{ page.extra.n }}{% set y = page.slug %}{{ y }}"
    files = {f"content/{n}.md": json.dumps({"n": n}) for n in range(3)}
    built = site({f: f"---\n{t}\n---\n" for f, t in files.items()} | {"templates/page.html": leak})
    assert [built.read(f"{n}/index.html") for n in range(3)] == ["00", "11", "22"]
