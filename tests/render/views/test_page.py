"""`page` in a template."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssg.render.markdown.converter import MarkdownConverter, RenderedMarkdown
from ssg.render.markdown.page_state import MarkdownContext
from ssg.render.renderer import Renderer
from tests.conftest import Built
from tests.render.conftest import SITE, only_at


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
        ("/blog/deep/x/", "{{ page.ancestors | map(attribute='slug') | join('/') }}", "/blog/deep"),
        ("/blog/b/", "{{ page.summary }}", "<p>D &amp; E</p>"),
        ("/blog/c/", "{{ page.summary }}", "<p>S</p>"),
        ("/blog/a/", "{{ page.summary }}", ""),
        ("/blog/trip/", "{{ page.assets[0] }}", "/sub/blog/trip/%C3%B6.jpg"),
        ("/blog/a/", "{{ page.previous.slug }} {{ page.next is none }}", "b True"),
        ("/blog/a/", "{{ page == get_page('blog/a.md') }}", "True"),
        ("/blog/a/", "{{ page in section.pages }}", "True"),
        ("/blog/a/", "{{ page }}", "&lt;page /blog/a/&gt;"),
        ("/blog/a/", "{{ page.date | rfc3339 }}", "2025-01-03T00:00:00+00:00"),
        ("/blog/a/", "{{ section.feed is none }}", "True"),
    ],
)
def test_a_page_template_sees(
    site: Callable[..., Built], path: str, template: str, text: str
) -> None:
    built = site({**SITE, "templates/page.html": only_at(path, template)})
    assert built.read(path[1:] + "index.html") == text


@pytest.mark.parametrize(
    ("path", "template", "text"),
    [
        ("/blog/", "{{ section.title }} {{ section == page }}", "Blog True"),
        ("/blog/", "{{ page.sort_by }} {{ page.extra.a }}", "date 1"),
        ("/blog/", "{{ page.sections | map(attribute='path') | join }}", "/blog/first//blog/deep/"),
        ("/blog/", "{{ page.pages | length }}", "4"),
        ("/blog/page/2/", "{{ page.title }} {{ page.number }} {{ page.kind }}", "Blog 2 pager"),
        ("/blog/page/2/", "{{ section.path }} {{ page.path }}", "/blog/ /blog/page/2/"),
        ("/", "{{ page.section is none }} {{ page.ancestors }}", "True []"),
    ],
)
def test_a_section_template_sees(
    site: Callable[..., Built], path: str, template: str, text: str
) -> None:
    built = site({**SITE, "templates/section.html": only_at(path, template)})
    assert built.read(path[1:] + "index.html") == text


def test_the_first_paragraph_is_a_summary_where_nothing_else_is(site: Callable[..., Built]) -> None:
    lists = "{% for p in paginator.pages %}{{ p.slug }}:{{ p.summary }};{% endfor %}"
    files = {
        "ssg.toml": 'theme = ""\n[markdown]\nauto_summary = true\n',
        "templates/section.html": lists,
        "content/a.md": "## A\n\nOne[^1].\n\nTwo.\n\n[^1]: N",
        "content/b.md": "One\n\n<!-- more -->\n\nTwo",
        "content/c.md": "---\ndescription: D\n---\nOne",
        "content/d.md": "---\nsummary: S\n---\nOne",
    }
    assert site(files).read("index.html") == ("a:<p>One.</p>;b:<p>One</p>;c:<p>D</p>;d:<p>S</p>;")


def test_a_text_is_converted_once_for_all_lists_that_show_its_summary(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    converted = []
    convert = MarkdownConverter.convert

    def count(self: MarkdownConverter, text: str, context: MarkdownContext) -> RenderedMarkdown:
        converted.append(text)
        return convert(self, text, context)

    both = "{{ page.summary }}{{ page.content }}"
    lists = "{% for p in paginator.pages %}{{ p.summary }}{% endfor %}"
    built = site({
        "content/a.md": "---\ntags: [x, y, z]\n---\nfirst\n\n<!-- more -->\n\nrest\n",
        "templates/page.html": both, "templates/term.html": lists, "templates/section.html": lists,
    })  # fmt: skip
    assert "first" in built.read("tags/z/index.html")
    assert "rest" in built.read("a/index.html")
    monkeypatch.setattr(MarkdownConverter, "convert", count)
    renderer = Renderer(built.site)
    for path in ("/", "/a/", "/tags/x/", "/tags/y/", "/tags/z/"):
        page = renderer.site.page_at(path)
        assert page
        assert b"first" in renderer.render(page)
    assert len([text for text in converted if "first" in text]) <= 2
