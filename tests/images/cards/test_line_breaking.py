"""Lines of titles, with letters that are all 10 pixels wide."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.images.cards.clusters import clusters_of
from ssg.images.cards.line_breaking import ELLIPSIS, break_lines, shorten


def _width(text: str) -> float:
    return 10.0 * sum(not unicodedata.combining(one) for one in text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("One two three four", 100, ["One two", "three four"]),
        ("One  two\n", 200, ["One two"]),
        ("One two three x", 140, ["One two", "three x"]),  # balanced
        ("state-of-the-art", 100, ["state-of-", "the-art"]),
        ("5\u00a0000 km", 60, ["5\u00a0000", "km"]),
        ("abcdefghij", 40, ["abcd", "efgh", "ij"]),
        ("静的サイトの生成", 40, ["静的サイ", "トの生成"]),
        ("静的サイ。生成の", 40, ["静的サ", "イ。生", "成の"]),  # no full stop first
        ("静的「サイト」", 30, ["静的", "「サイ", "ト」"]),
        ("안녕 세계", 30, ["안녕", "세계"]),
        ("e\u0301e\u0301e\u0301e\u0301", 20, ["e\u0301e\u0301", "e\u0301e\u0301"]),
    ],
)
def test_lines_end_where_a_reader_expects_it(text: str, width: int, lines: list[str]) -> None:
    assert break_lines(text, width, 9, _width) == (tuple(lines), True)


def test_what_is_too_much_ends_with_an_ellipsis() -> None:
    assert break_lines("One two three four five", 70, 2, _width) == (("One two", "three…"), False)
    assert shorten("Wait, what", 60, _width) == "Wait…"
    assert shorten("fits", 40, _width) == "fits"


def test_an_ellipsis_follows_a_whole_word_unless_the_next_is_long() -> None:
    assert shorten("One two three", 110, _width) == "One two…"
    assert shorten("One two three", 80, _width) == "One two…"
    assert shorten("A Donaudampfschiff", 110, _width) == "A Donaudam…"
    assert shorten("Wait,,", 50, _width) == "Wait…"


_TEXTS = st.text(st.sampled_from("ab c-é\u0301静。「」한 א"), max_size=60)


@given(_TEXTS, st.integers(30, 200))
def test_no_line_is_too_wide_and_no_letter_is_lost(text: str, width: int) -> None:
    lines, is_whole = break_lines(text, width, 99, _width)
    assert is_whole
    assert all(_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(_TEXTS, st.integers(20, 100), st.integers(1, 3))
def test_lines_are_never_too_many(text: str, width: int, most: int) -> None:
    lines, is_whole = break_lines(text, width, most, _width)
    assert len(lines) <= most
    assert all(_width(line) <= width for line in lines)
    assert is_whole or lines[-1].endswith(ELLIPSIS)


def test_characters_with_their_marks_stay_together() -> None:
    assert clusters_of("e\u0301a") == ["e\u0301", "a"]
    assert clusters_of("👩\u200d🚀👍🏽🇫🇷🇩🇪") == ["👩\u200d🚀", "👍🏽", "🇫🇷", "🇩🇪"]
    assert clusters_of("क्षि") == ["क्", "षि"]
    assert clusters_of("\u1100\u1161\u11a8") == ["\u1100\u1161\u11a8"]
