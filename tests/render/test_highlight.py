"""Code blocks."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from ssg.render.highlight import code_block


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


def test_code_is_coloured_with_classes() -> None:
    html = code_block("x = 1\n", "python", colour=True)
    assert html.startswith('<pre class="highlight"><code class="language-python"><span class=')


def test_an_unknown_language_leaves_the_text() -> None:
    html = code_block("<a & b>\n", "nolang", colour=True)
    assert html == (
        '<pre class="highlight"><code class="language-nolang">&lt;a &amp; b&gt;\n</code></pre>\n'
    )


def test_a_language_cannot_leave_its_attribute() -> None:
    assert 'x"onload' not in code_block("", 'x"onload="y', colour=True)


def test_first_empty_lines_stay() -> None:
    assert _text_of(code_block("\n\nx\n", "python", colour=True)).startswith("\n\nx")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF)), st.booleans())
def test_no_character_of_the_code_is_lost(code: str, colour: bool) -> None:
    assert _text_of(code_block(code + "\n", "python", colour=colour)).rstrip() == code.rstrip()
