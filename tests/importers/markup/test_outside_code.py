"""Splitting Markdown into code and other text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ssg.importers.markup.outside_code import map_outside_blocks, map_outside_code, split_code

MARKDOWN = st.lists(
    st.sampled_from(
        ["text", "`code`", "```", "~~~ py", "    indented", "- item", "", "> quote", "``a ` b``",
         "`open", "````", "\tx", "1. one", "\\`no`", "é\u2028x"]
    ),
    max_size=12,
).map("\n".join)  # fmt: skip


@given(MARKDOWN)
def test_parts_add_up_to_the_text(text: str) -> None:
    assert "".join(piece.text for piece in split_code(text)) == text
    assert "".join(piece.text for piece in split_code(text, indented=False)) == text


@given(MARKDOWN)
def test_an_identity_conversion_changes_nothing(text: str) -> None:
    assert map_outside_blocks(text, 1, lambda words, _: words) == text
    assert map_outside_code(text, 1, lambda words, _: words) == text


@given(MARKDOWN)
def test_parts_have_the_right_lines(text: str) -> None:
    lines = text.splitlines()
    for piece in split_code(text, 3):
        assert lines[piece.line - 3] == piece.text.splitlines()[0]


def _upper(text: str) -> str:
    return map_outside_code(text, 1, lambda words, _: words.upper())


def test_code_is_not_converted() -> None:
    assert _upper("a `b` c ``d ` e`` f") == "A `b` C ``d ` e`` F"
    assert _upper("a\n```x\nb\n```\nc") == "A\n```x\nb\n```\nC"
    assert _upper("~~~\n```\n~~~\na") == "~~~\n```\n~~~\nA"
    assert _upper("a\n\n    b\n\nc") == "A\n\n    b\n\nC"


def test_an_indented_line_in_a_list_is_not_code() -> None:
    assert _upper("- a\n\n    b\n") == "- A\n\n    B\n"


def test_a_fence_inside_a_quotation_or_a_list() -> None:
    assert _upper("> ```\n> a\n> ```\nb") == "> ```\n> a\n> ```\nB"
    assert _upper("- ```\n  a\n  ```\n- b") == "- ```\n  a\n  ```\n- B"


def test_a_backtick_without_an_end_is_text() -> None:
    assert _upper("a ` b") == "A ` B"
