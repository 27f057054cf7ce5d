"""Markdown to HTML. Each file in `cases/markdown` is a text, a line of dashes, and its HTML."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ssg.model.settings import MarkdownSettings, SiteSettings
from ssg.render.markdown.converter import MarkdownConverter, RenderedMarkdown
from ssg.render.markdown.fast_path import FastInlineParser
from ssg.render.markdown.page_state import PageState, TocEntry

CASES = sorted((Path(__file__).parents[2] / "cases" / "markdown").glob("*.txt"))
SEPARATOR = "----\n"


class Echo:
    """A context whose results show what it was asked."""

    def __init__(self, converter: MarkdownConverter) -> None:
        self.converter = converter
        self.page_state = PageState()

    def link(self, target: str) -> str:
        return f"/of/{target}" if "@/" in target or ".md" in target else target

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:
        inner = "" if body is None else self.converter.body(body, self)
        return f"<{name} {arguments}>{inner}</{name}>"

    def hook(self, name: str, values: Mapping[str, Any]) -> str:
        listed = "".join(f" {key}={value!r}" for key, value in values.items())
        return f"[{name}{listed}]"


def convert(
    text: str, hooks: Sequence[str] = (), language: str = "en", **options: Any
) -> RenderedMarkdown:
    settings = SiteSettings(
        base_url="https://own.example/",
        default_language=language,
        markdown=MarkdownSettings(**options),
    )
    converter = MarkdownConverter(settings, hooks)
    return converter.convert(text, Echo(converter))


def _options(case: Path) -> dict[str, Any]:
    """A case `name.option.option=value.txt` is converted with those options."""
    options: dict[str, Any] = {}
    for part in case.stem.split(".")[1:]:
        name, equals, value = part.partition("=")
        options[name] = (value if value != "false" else False) if equals else True
    return options


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_text_becomes_its_html(case: Path) -> None:
    text, _, expected = case.read_bytes().decode().partition(SEPARATOR)
    html = convert(text.replace("\r\n", "\n"), **_options(case)).html
    if os.environ.get("UPDATE_EXPECTED"):
        case.write_bytes((text + SEPARATOR + html).encode())
        return
    assert html == expected


def test_there_are_cases() -> None:
    assert len(CASES) > 10


def test_a_text_is_passed_over_if_no_rule_can_begin_in_it() -> None:
    """The fast path knows all characters that mistune knows."""
    inline = MarkdownConverter(SiteSettings(markdown=MarkdownSettings(math=True)))._parser.inline
    assert isinstance(inline, FastInlineParser)
    marks = inline._get_fast_trigger_chars()
    assert marks
    assert all(inline._find_mark(mark) for mark in marks)


def _outline(headings: tuple[TocEntry, ...] | list[TocEntry]) -> list[object]:
    return [(heading.title, _outline(heading.children)) for heading in headings]


def test_a_table_of_contents_is_nested_and_may_skip_levels() -> None:
    text = "# A\n\n### B\n\n## C\n\n#### D\n\n# E\n"
    toc = convert(text, toc_depth=6).toc
    assert _outline(toc) == [("A", [("B", []), ("C", [("D", [])])]), ("E", [])]


def test_a_table_of_contents_is_as_deep_as_asked() -> None:
    toc = convert("# A\n\n## B\n\n### C\n", toc_depth=2).toc
    assert _outline(toc) == [("A", [("B", [])])]


def test_equal_headings_have_different_ids() -> None:
    toc = convert("# A\n\n# A\n\n# A-2\n\n# !\n").toc
    assert [heading.id for heading in toc] == ["a", "a-2", "a-2-2", "section"]


def test_a_heading_in_a_table_of_contents_is_plain_text() -> None:
    text = "# A `<b>` & *c* [d](/e) ![f](g.png)[^1]\n\n[^1]: Note.\n"
    (heading,) = convert(text).toc
    assert heading.title == "A <b> & c d f"


@pytest.mark.parametrize("marker", ["<!-- more -->", "<!--more-->"])
def test_a_summary_ends_at_the_marker(marker: str) -> None:
    document = convert(f"One.\n\n{marker}\n\nTwo.\n")
    assert document.summary == "<p>One.</p>"
    assert "Two" in document.html


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("One[^1] two.\n\n<!-- more -->\n\n[^1]: N", "<p>One two.</p>"),
        ("One.<!--more--> Two.", "<p>One.</p>"),
        ("One\n<!--more-->\nTwo.", "<p>One</p>"),
        ("## A\n\n### B {.c}\n\n<!-- more -->", '<h2>A</h2>\n<h3 class="c">B</h3>'),
        ("One.\n\nTwo.", ""),
    ],
)
@pytest.mark.parametrize("raw_html", [True, False])
def test_a_summary_can_stand_alone(text: str, summary: str, raw_html: bool) -> None:
    assert convert(text, raw_html=raw_html).summary == summary


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("## A\n\n> quoted\n\n*One*[^1].\n\nTwo.\n\n[^1]: N", "<p><em>One</em>.</p>"),
        ("One.\n\nTwo.\n\n<!-- more -->\n", "<p>One.</p>\n<p>Two.</p>"),
        ("- no paragraph", ""),
        ("", ""),
    ],
)
def test_the_first_paragraph_can_be_the_summary(text: str, summary: str) -> None:
    assert convert(text, auto_summary=True).summary == summary


def test_a_marker_in_code_is_not_a_marker() -> None:
    assert convert("`<!-- more -->`").summary == ""


def test_a_text_does_not_affect_the_next() -> None:
    converter = MarkdownConverter(SiteSettings())
    first = "# A\n\n[x]: /y\n\nT[^1]\n\n[^1]: N\n\n*[T]: U\n"
    alone = converter.convert("# A\n\n[x] T[^1]\n", Echo(converter))
    converter.convert(first, Echo(converter))
    assert converter.convert("# A\n\n[x] T[^1]\n", Echo(converter)) == alone


def test_highlighting_can_be_turned_off() -> None:
    text = "```python\ndef f(): pass\n```\n"
    plain = convert(text, highlight=False).html
    assert "<span" not in plain
    assert 'class="language-python"' in plain
    assert "<span" in convert(text).html
