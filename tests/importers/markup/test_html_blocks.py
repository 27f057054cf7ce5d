"""HTML blocks of other Markdown dialects."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.importers.markup.html_blocks import join_blocks, only_html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<div>\n\n    a\n\n</div>\n\nb\n\nc", "<div>\n    a\n</div>\n\nb\n\nc"),
        ("<div>\n\n<div>\n\na</div>\n\n</div>", "<div>\n<div>\na</div>\n</div>"),
        ("<pre>\na\n\n\nb\n</pre>", "<pre>\na\n<!-- -->\n<!-- -->\nb\n</pre>"),
        ("<div>\n\nnever closed", "<div>\n\nnever closed"),
        ('<div class="a" markdown="1">\n  **b**\n</div>', '<div class="a">\n\n**b**\n\n</div>'),
        ("<div markdown>\na\n</div>", "<div>\n\na\n\n</div>"),
        ("```\n<div>\n\na</div>\n```", "```\n<div>\n\na</div>\n```"),
        ("a <b>x</b>\n\nc", "a <b>x</b>\n\nc"),
        ("<br/>\n\na", "<br/>\n\na"),
    ],
)
def test_blank_lines_are_removed(text: str, expected: str) -> None:
    assert join_blocks(text) == expected


def test_a_text_in_html_becomes_one_block() -> None:
    assert only_html("\n<div>\n\na</div>\n\n<p>b</p>\n") == "<div>\na</div>\n<p>b</p>\n"
    assert only_html("a *b*\n\nc") == "<div>\na *b*\nc\n</div>\n"
    assert only_html("") == "\n"


@given(st.lists(st.sampled_from(
    ["<div>", "</div>", "<pre>", "</pre>", "\n", "\n\n", "z", "<p markdown>", "</p>", "```", "    "]
), max_size=12).map("".join))  # fmt: skip
def test_words_and_tags_stay(text: str) -> None:
    found = join_blocks(text).replace("<!-- -->", "")
    assert found.count("z") == text.count("z")
    assert found.count("<div>") == text.count("<div>")
