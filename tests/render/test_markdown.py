"""Markdown -> HTML. Each file in `cases/markdown` is a text, a line of dashes, and its HTML."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ssg.model.settings import MarkdownSettings
from ssg.render.markdown import Converter, Heading

CASES = sorted((Path(__file__).parents[1] / "cases" / "markdown").glob("*.txt"))
SEPARATOR = "----\n"


class Echo:
    """A scope that shows what it is asked."""

    def __init__(self) -> None:
        self.converter = Converter(MarkdownSettings())
        self.ids: set[str] = set()

    def link(self, target: str) -> str:
        return f"/of/{target}" if "@/" in target or ".md" in target else target

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:
        inner = "" if body is None else self.converter.convert(body, self).html
        return f"<{name} {arguments}>{inner}</{name}>"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_text_becomes_its_html(case: Path) -> None:
    text, _, expected = case.read_bytes().decode().partition(SEPARATOR)
    html = Converter(MarkdownSettings()).convert(text.replace("\r\n", "\n"), Echo()).html
    if os.environ.get("UPDATE_EXPECTED"):
        case.write_bytes((text + SEPARATOR + html).encode())
        return
    assert html == expected


def test_there_are_cases() -> None:
    assert len(CASES) > 10


def _outline(headings: tuple[Heading, ...] | list[Heading]) -> list[object]:
    return [(heading.title, _outline(heading.children)) for heading in headings]


def test_a_table_of_contents_nests_and_skipped_levels_hang_below() -> None:
    text = "# A\n\n### B\n\n## C\n\n#### D\n\n# E\n"
    toc = Converter(MarkdownSettings(toc_depth=6)).convert(text, Echo()).toc
    assert _outline(toc) == [("A", [("B", []), ("C", [("D", [])])]), ("E", [])]


def test_a_table_of_contents_is_as_deep_as_asked() -> None:
    toc = Converter(MarkdownSettings(toc_depth=2)).convert("# A\n\n## B\n\n### C\n", Echo()).toc
    assert _outline(toc) == [("A", [("B", [])])]


def test_equal_headings_have_ids_of_their_own() -> None:
    toc = Converter(MarkdownSettings()).convert("# A\n\n# A\n\n# A-2\n\n# !\n", Echo()).toc
    assert [heading.id for heading in toc] == ["a", "a-2", "a-2-2", "section"]


def test_a_heading_in_a_table_of_contents_is_plain_text() -> None:
    text = "# A `<b>` & *c* [d](/e) ![f](g.png)[^1]\n\n[^1]: Note.\n"
    (heading,) = Converter(MarkdownSettings()).convert(text, Echo()).toc
    assert heading.title == "A <b> & c d f"


@pytest.mark.parametrize("marker", ["<!-- more -->", "<!--more-->"])
def test_a_summary_ends_at_the_marker(marker: str) -> None:
    document = Converter(MarkdownSettings()).convert(f"One.\n\n{marker}\n\nTwo.\n", Echo())
    assert document.summary == "<p>One.</p>"
    assert "Two" in document.html


def test_a_marker_in_code_is_no_marker() -> None:
    assert Converter(MarkdownSettings()).convert("`<!-- more -->`", Echo()).summary == ""


def test_one_text_leaves_nothing_for_the_next() -> None:
    converter = Converter(MarkdownSettings())
    first = "# A\n\n[x]: /y\n\nT[^1]\n\n[^1]: N\n"
    alone = converter.convert("# A\n\n[x] T[^1]\n", Echo())
    converter.convert(first, Echo())
    assert converter.convert("# A\n\n[x] T[^1]\n", Echo()) == alone


def test_highlighting_can_be_turned_off() -> None:
    text = "```python\ndef f(): pass\n```\n"
    plain = Converter(MarkdownSettings(highlight=False)).convert(text, Echo()).html
    assert "<span" not in plain
    assert 'class="language-python"' in plain
    assert "<span" in Converter(MarkdownSettings()).convert(text, Echo()).html
