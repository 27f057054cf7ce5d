"""A stranger's text is shown like a page's text, as far as it may."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ssg.model.images.resized import ResizedPictures
from ssg.model.images.settings import ImageSettings
from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.converter import RenderedMarkdown
from ssg.render.markdown.page_state import TocEntry
from ssg.render.markdown.untrusted.converter import UntrustedMarkdown, as_written
from tests.render.markdown.test_converter import convert as trusted


def convert(text: str, base_url: str = "https://own.example/", **options: Any) -> RenderedMarkdown:
    settings = SiteSettings(base_url=base_url, markdown=MarkdownSettings(**options))
    return UntrustedMarkdown(settings).convert(text)


@pytest.mark.parametrize(
    "text",
    [
        "*a* **b** ~~c~~ `d`\\\ne\n\n---\n\n> f\n\n1. g\n2. h\n\n- i\n  - j\n",
        "| a | b |\n|:--|--:|\n| c | d |\n",
        "- [x] a\n- [ ] b\n",
        "a\n: b\n",
        "> [!WARNING]- High tide\n> Mind the road.\n",
        "```python {linenos=true hl_lines=1 title=a.py}\nimport os\n```\n",
        "$E = mc^2$\n\n$$\nx\n$$\n",
        '"a" -- b...',
        "[a](b \"c\") [d](https://own.example/e) ![f](g.png 'h') [i]\n\n[i]: /j\n",
        "a &amp; b &lt; c &copy; \\* d\n",
    ],
)
def test_it_has_the_html_of_the_same_text_in_a_page(text: str) -> None:
    options = {"math": True, "smart_punctuation": True}
    assert convert(text, **options).html == trusted(text, **options).html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a <b>*c*</b> d", "<p>a &lt;b&gt;<em>c</em>&lt;/b&gt; d</p>\n"),
        ("<div>\n*a*\n</div>", "<p>&lt;div&gt;\n*a*\n&lt;/div&gt;</p>\n"),
        ("a <!-- b --> c", "<p>a &lt;!-- b --&gt; c</p>\n"),
        ("{{ a() }}", "<p>{{ a() }}</p>\n"),
        ("{% a() %}\nb\n{% end %}", "<p>{% a() %}\nb\n{% end %}</p>\n"),
        ("*[a]: b\n\na", "<p>*[a]: b</p>\n<p>a</p>\n"),
        ("[a](@/b.md) ![c](@/d.png)", "<p>a c</p>\n"),
        ("[a *b*](javascript:c)", "<p>a <em>b</em></p>\n"),
        ("![a *b*](data:c)", "<p>a b</p>\n"),
        ("&#12;|\x0c|\x00|\ud800", "<p> | |\ufffd|\ufffd</p>\n"),
    ],
)
def test_what_it_may_not_do_is_shown_as_text(text: str, html: str) -> None:
    assert convert(text).html == html


def test_headings_are_below_that_of_the_page() -> None:
    text = "".join(f"{'#' * level} a\n" for level in range(1, 7))
    html = "".join(
        f'<h{level} id="user-a{suffix}">a</h{level}>\n'
        for level, suffix in ((2, ""), (3, "-2"), (4, "-3"), (5, "-4"), (6, "-5"), (6, "-6"))
    )
    assert convert(text).html == html
    assert convert("a\n===\n").html == '<h2 id="user-a">a</h2>\n'


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("## a\n### b", [2, 3]),
        ("## a\n\n> # b", [3, 2]),
        ("- # a\n\n## b", [2, 3]),
        ("### a", [3]),
        ("a\n: # b", [2]),
    ],
)
def test_headings_are_lower_only_where_one_is_as_high_as_that_of_the_page(
    text: str, levels: list[int]
) -> None:
    assert [int(one) for one in re.findall(r"<h([1-6])", convert(text).html)] == levels


def test_the_table_of_contents_leads_to_the_ids() -> None:
    document = convert("# A & b\n## c {#x .y onclick=z}\n### too deep\n")
    expected = TocEntry(2, "user-a-b", "A & b", [TocEntry(3, "user-x", "c")])
    assert document.toc == (expected,)
    assert '<h3 id="user-x">c</h3>' in document.html


def test_a_title_in_the_table_of_contents_has_no_control_characters() -> None:
    assert convert("# a&#12;b").toc[0].title == "a b"


@pytest.mark.parametrize("identifier", ["a&amp;b", "a%20b", "a;b"])
def test_an_id_is_the_same_in_the_html_and_the_table_of_contents(identifier: str) -> None:
    document = convert(f"# a {{#{identifier}}}")
    assert f'id="{document.toc[0].id}"' in document.html


def test_links_to_a_part_lead_to_ids_of_the_text() -> None:
    html = convert("# The pier\n[a](#the-pier) [b](#user-the-pier) [top](#)\n").html
    assert html.count('href="#user-the-pier"') == 2
    assert 'href="#"' in html


def test_ids_of_footnotes_begin_as_all_ids_do() -> None:
    html = convert("a[^1] b[^1]\n\n[^1]: c\n").html
    for name in ("fnref-1", "fnref-1-2", "fn-1"):
        assert f'id="user-{name}"' in html
        assert f'href="#user-{name}"' in html


def test_links_to_elsewhere_are_marked() -> None:
    html = convert("https://a.example/ <https://own.example/> <a@b.example> [c](/d)").html
    assert html.count('rel="ugc nofollow noopener"') == 1
    assert '<a href="https://a.example/" rel="ugc nofollow noopener">' in html


def test_links_to_elsewhere_have_what_the_site_sets_too() -> None:
    html = convert(
        "https://a.example/", external_links_class="out", external_links_rel="external nofollow",
        external_links_target="_blank",
    ).html  # fmt: skip
    assert 'class="out" rel="external nofollow ugc noopener" target="_blank"' in html


def test_a_path_is_below_the_path_of_the_site() -> None:
    html = convert("[a](/b) ![c](/d.png) [e](f)", "https://own.example/sub/").html
    assert 'href="/sub/b"' in html
    assert 'src="/sub/d.png"' in html
    assert 'href="f"' in html


@pytest.mark.parametrize("marker", ["<!-- more -->", "<!--more-->"])
def test_the_text_before_the_marker_is_the_summary(marker: str) -> None:
    document = convert(f"# a\nb[^1]\n\n{marker}\n\nc\n\n[^1]: d\n")
    assert document.summary == "<h2>a</h2>\n<p>b</p>"
    assert "<!--" not in document.html


def test_a_marker_within_a_block_is_no_end_of_the_summary() -> None:
    assert not convert("> a\n> <!-- more -->\n> b\n").summary
    assert not convert("a <!-- more --> b\n").summary
    assert convert("> a\n\nb <!-- more --> c\n", auto_summary=True).summary == "<p>b  c</p>"


@pytest.mark.parametrize(
    "info", ["py {hl_lines=x}", "py {linenos=x}", "py {linenos linenostart=x}"]
)
def test_a_wrong_attribute_of_code_is_ignored(info: str) -> None:
    assert convert(f"```{info}\nimport os\n```").html == convert("```py\nimport os\n```").html


def test_the_name_of_a_language_is_one_word() -> None:
    assert 'class="language-c++"' in convert("```c++\nx\n```").html
    assert "class" not in convert('```x"y\nx\n```').html.replace('class="highlight"', "")
    assert "class" not in convert(f"```{'x' * 50}\nx\n```").html.replace('class="highlight"', "")


def test_texts_with_names_share_no_id() -> None:
    convert_named = UntrustedMarkdown(SiteSettings()).convert
    text = "# a\n[b](#a) c[^1]\n\n[^1]: d\n"
    document = convert_named(text, 'x "1"')
    assert document.toc[0].id == "user-x-1--a"
    for name in ("a", "fn-1", "fnref-1"):
        assert f'id="user-x-1--{name}"' in document.html
        assert f'href="#user-x-1--{name}"' in document.html
    assert convert_named(text).html == document.html.replace("user-x-1--", "user-")


def test_a_text_that_is_refused_can_be_shown_as_it_is_written() -> None:
    document = as_written("*a* <b>&amp;\x00\ud800")
    assert document.html == "<p>*a* &lt;b&gt;&amp;amp;\ufffd\ufffd</p>"
    assert not document.summary
    assert not document.toc


def test_a_picture_that_a_service_resizes_has_its_sizes() -> None:
    media = ResizedPictures(
        "/media/{name}-{width}x{height}.webp",
        "/media/{name}-{width}x{height}-{to}.webp",
        (400, 800),
    )
    images = ImageSettings(resized=(media,), sizes='(width > 9em) "9em", 100vw')
    settings = SiteSettings(base_url="https://own.example/blog/", images=images)
    text = "![a](/media/x-500x300.webp 'b') ![c](/media/x.webp) ![d](https://e.example/x-5x3.webp)"
    html = UntrustedMarkdown(settings).convert(text).html
    assert html == (
        '<p><img src="/blog/media/x-500x300.webp" alt="a" title="b" loading="lazy" '
        'srcset="/blog/media/x-500x300-400.webp 400w, /blog/media/x-500x300.webp 500w" '
        'sizes="(width &gt; 9em) &#34;9em&#34;, 100vw" width="500" height="300" '
        'decoding="async" /> <img src="/blog/media/x.webp" alt="c" /> '
        '<img src="https://e.example/x-5x3.webp" alt="d" /></p>\n'
    )
