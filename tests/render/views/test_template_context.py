"""The variables that each kind of page gives to its template."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.conftest import Built
from tests.render.conftest import SITE, only_at


@pytest.mark.parametrize(
    ("path", "template", "names"),
    [
        ("/blog/a/", "page.html", ["section"]),
        ("/blog/", "section.html", ["section", "paginator"]),
        ("/blog/page/2/", "section.html", ["section", "paginator"]),
        ("/tags/", "taxonomy.html", ["taxonomy"]),
        ("/tags/t/", "term.html", ["term", "taxonomy", "paginator"]),
        ("/feed.xml", "feed.xml", ["feed", "section"]),
        ("/sitemap.xml", "sitemap.xml", ["addresses"]),
        ("/404.html", "404.html", []),
    ],
)
def test_a_kind_of_page_has_its_names(
    site: Callable[..., Built], path: str, template: str, names: list[str]
) -> None:
    known = ("section", "paginator", "term", "taxonomy", "feed", "addresses")
    shown = "".join(f"{{% if {name} is defined %}}{name} {{% endif %}}" for name in known)
    built = site({**SITE, f"templates/{template}": only_at(path, shown)})
    assert sorted(built.render(path).split()) == sorted(names)


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


def test_every_page_sees_the_site_and_itself_alone(site: Callable[..., Built]) -> None:
    """What one page sets does not reach another."""
    leak = "{% set ns = namespace(x=0) %}{{ page.extra.n }}{% set y = page.slug %}{{ y }}"
    files = {f"content/{n}.md": json.dumps({"n": n}) for n in range(3)}
    built = site({f: f"---\n{t}\n---\n" for f, t in files.items()} | {"templates/page.html": leak})
    assert [built.read(f"{n}/index.html") for n in range(3)] == ["00", "11", "22"]
