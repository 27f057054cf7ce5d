"""Render hooks: templates that write links, images, headings, code and quotations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.render.markdown.html_renderer import HOOKS
from tests.conftest import Built


def _hook(name: str, text: str) -> dict[str, str]:
    return {f"templates/markdown/{name}.html": text}


@pytest.mark.parametrize(
    ("name", "template", "text", "html"),
    [
        (
            "link",
            "[{{ url }}|{{ target }}|{{ title }}|{{ text }}|{{ plain }}|{{ external }}]\n",
            'a [*b* & `c`](d.md "T&").',
            "<p>a [/d/|d.md|T&amp;|<em>b</em> &amp; <code>c</code>|b &amp; c|False].</p>",
        ),
        (
            "link",
            "<a href='{{ url }}'{{ attributes }}>{{ text }}</a>",
            "https://x.org/?a=1&b=2",
            "<p><a href='https://x.org/?a=1&amp;b=2' rel=\"nofollow\">"
            "https://x.org/?a=1&amp;b=2</a></p>",
        ),
        (
            "image",
            "({{ url }}|{{ target }}|{{ title }}|{{ alt }}|{{ page.title }})\n",
            '![a *b* "c"](/p.png "T").',
            "<p>(/p.png|/p.png|T|a b &#34;c&#34;|A).</p>",
        ),
        (
            "heading",
            "{{ level }} {{ id }} {{ text }} {{ plain }} {{ attributes.class }}",
            "## *One* & {#two .x}",
            "2 two <em>One</em> &amp; One &amp; x",
        ),
        (
            "code",
            "{{ language }}|{{ filename }}|{{ attributes.x }}|{{ code }}|{{ html }}",
            '```nolang {x=1, title="f"}\n<a>\n```',
            'nolang|f|1|&lt;a&gt;\n|<figure class="code">\n<figcaption>f</figcaption>\n'
            '<pre class="highlight"><code class="language-nolang">&lt;a&gt;\n</code></pre>\n'
            "</figure>\n",
        ),
        ("blockquote", "[{{ kind }}{{ title }}{{ text }}]", "> *q*", "[<p><em>q</em></p>\n]"),
        (
            "blockquote",
            "[{{ kind }}|{{ title }}|{{ text }}]",
            "> [!TIP] Do\n> x",
            "[tip|Do|<p>x</p>\n]",
        ),
        (
            "blockquote",
            "[{{ kind }}|{{ title }}|{{ title_html }}|{{ fold }}]",
            "> [!cite]- *Do*\n> x",
            "[quote|Do|<em>Do</em>|closed]",
        ),
    ],
)
def test_a_hook_writes_what_the_converter_would(
    site: Callable[..., Built], name: str, template: str, text: str, html: str
) -> None:
    config = 'theme = ""\nbase_url = "https://example.org/"\n'
    config += '[markdown]\nexternal_links_rel = "nofollow"\n'
    files = {**_hook(name, template), "ssg.toml": config, "content/d.md": ""}
    built = site({**files, "content/a.md": "---\ntitle: A\n---\n" + text})
    assert built.read("a/index.html").removeprefix("A|").rstrip("\n") == html.rstrip("\n")


def test_a_heading_that_a_hook_writes_is_in_the_table_of_contents(
    site: Callable[..., Built],
) -> None:
    page = {"templates/page.html": "{{ page.toc | length }}"}
    files = {**_hook("heading", "x"), **page, "content/a.md": "## A\n## B\n"}
    assert site(files).read("a/index.html") == "2"


@pytest.mark.parametrize("target", ["static", "netlify"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("link", "[x](/y)"), ("image", "![x](/y)"), ("heading", "## x"), ("code", "```\nx\n```"),
        ("blockquote", "> x"),
    ],
)  # fmt: skip
def test_an_error_names_the_line_of_the_hook_and_the_page(
    problems: Callable[..., list[str]], name: str, text: str, target: str
) -> None:
    config = {"ssg.toml": 'theme = ""\n[[deferred.rules]]\nmatch = "**"\n'}
    files = {**_hook(name, "\n\n{{ nope.x }}"), "content/0.md": "", "content/a.md": text}
    assert problems({**config, **files}, target=target) == [
        f"templates/markdown/{name}.html:3: 'nope' is undefined (while rendering content/a.md)"
    ]


def test_the_page_whose_text_it_is_is_named(problems: Callable[..., list[str]]) -> None:
    lists = "{% for p in paginator.pages %}{{ p.content }}{% endfor %}"
    files = {"templates/section.html": lists, "templates/page.html": "", "content/a.md": "## x"}
    (problem,) = problems({**_hook("heading", "{{ nope.x }}"), **files})
    assert problem.endswith("(while rendering content/a.md)")


def test_a_hook_of_the_theme_counts(site: Callable[..., Built]) -> None:
    files = {"ssg.toml": 'theme = "t"\n', "themes/t/templates/markdown/heading.html": "hooked"}
    assert "hooked" in site({**files, "content/a.md": "## x"}).read("a/index.html")


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_documented(name: str) -> None:
    docs = Path(__file__).parents[3] / "content" / "docs" / "markdown.md"
    assert f"| `markdown/{name}.html` |" in docs.read_text("utf-8")
