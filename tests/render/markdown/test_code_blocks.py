"""Code blocks."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.render.markdown.code_blocks import code_block, highlighted
from ssg.render.markdown.page_state import MarkdownError


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def _text_of(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return parser.text


def test_code_is_highlighted_with_classes() -> None:
    html = code_block("x = 1\n", "python", highlight=highlighted)
    assert html.startswith('<pre class="highlight"><code class="language-python"><span class=')


def test_an_unknown_language_leaves_the_text() -> None:
    html = code_block("<a & b>\n", "nolang", highlight=highlighted)
    assert html == (
        '<pre class="highlight"><code class="language-nolang">&lt;a &amp; b&gt;\n</code></pre>\n'
    )


def test_a_language_cannot_leave_its_attribute() -> None:
    assert 'x"onload' not in code_block("", 'x"onload="y', highlight=highlighted)


def test_first_empty_lines_stay() -> None:
    assert _text_of(code_block("\n\nx\n", "python", highlight=highlighted)).startswith("\n\nx")


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"hl_lines": "a"}, 'hl_lines="a" is not a list of line numbers'),
        ({"hl_lines": "1-"}, 'hl_lines="1-" is not a list of line numbers'),
        ({"hl_lines": "٣"}, 'hl_lines="٣" is not a list of line numbers'),
        ({"hl_lines": "1" * 5000}, "is not a list of line numbers"),
        ({"linenos": "maybe"}, 'linenos="maybe" is neither true nor false'),
        ({"linenos": "true", "linenostart": "-1"}, 'linenostart="-1" is not a number'),
        ({"linenos": "true", "linenostart": "1-2"}, 'linenostart="1-2" is not a number'),
    ],
)
def test_a_value_that_cannot_be_read_is_an_error(attributes: dict[str, str], message: str) -> None:
    with pytest.raises(MarkdownError, match=re.escape(message)):
        code_block("x\n", "", highlight=highlighted, attributes=attributes)


@pytest.mark.parametrize(
    ("lines", "marked"),
    [
        ("1", "a"),
        ("2-3", "bc"),
        ("1,3", "ac"),
        ('1, "3-9"', "ac"),
        ("3-2", ""),
        ("9", ""),
        ("", ""),
    ],
)
def test_lines_are_marked(lines: str, marked: str) -> None:
    html = code_block("a\nb\nc\n", "", highlight=None, attributes={"hl_lines": lines})
    assert "".join(re.findall('<span class="hll">(.)\n</span>', html)) == marked
    assert _text_of(html) == "a\nb\nc\n\n"


def test_numbers_are_as_wide_as_the_last() -> None:
    html = code_block(
        "a\n" * 3, "", highlight=highlighted, numbered=True, attributes={"linenostart": "98"}
    )
    assert re.findall('class="linenos">([ 0-9]+)<', html) == [" 98", " 99", "100"]


def test_the_same_code_is_highlighted_once() -> None:
    highlighted.cache_clear()
    for _ in range(3):
        code_block("x = 1\n", "python", highlight=highlighted, numbered=True)
    assert highlighted.cache_info().misses == 1
    assert highlighted.cache_info().maxsize


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF)), st.booleans())
def test_no_character_of_the_code_is_lost(code: str, is_on: bool) -> None:
    attributes = {"hl_lines": "1"}
    for given_ in ({}, attributes):
        html = code_block(
            code + "\n", "python", highlight=highlighted if is_on else None, attributes=given_
        )
        assert _text_of(html).rstrip() == code.rstrip()
