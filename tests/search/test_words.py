"""The words of a text, as an index knows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.search.words import count_words, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hello, World!", "hello world"),
        ("front-matter auto_summary v1.2", "front matter auto summary v1 2"),
        ("don’t l’été", "don t l ete"),
        ("Café naïve Ångström Łódź", "cafe naive angstrom lodz"),
        ("Straße GROẞ æther Œuvre Þór", "strasse gross aether oeuvre thor"),
        ("ΟΔΟΣ Ἀθῆναι", "οδοσ αθηναι"),
        ("İstanbul ıslak", "istanbul islak"),
        ("Ёлка й", "елка и"),
        ("العَرَبِيَّة إلى مكتبة", "العربيه الي مكتبه"),
        ("שָׁלוֹם־עולם", "שלום עולם"),
        ("हिन्दी।", "हिन्दी"),
        ("soft\xadhyphen", "softhyphen"),
        ("ﬁne ²³ ™ １２", "fine 23 tm 12"),
        ("🎉 → ★", ""),
        ("港口町です", "港口 口町 町で です"),
        ("ガイドv2", "ガイ イド v2"),
        ("猫", "猫"),
        ("한국어 학교", "한국어 학교"),
        ("ภาษา", "ภา าษ ษา"),
    ],
)
def test_words_of_many_scripts(text: str, found: str) -> None:
    assert words(text) == found.split()


def test_words_are_counted() -> None:
    assert count_words("A boat, a Boat.") == {"a": 2, "boat": 2}
    assert count_words("Ein Café — das Café") == {"ein": 1, "cafe": 2, "das": 1}


def test_every_sign_of_a_script_without_spaces_begins_a_word() -> None:
    assert count_words("港口町") == {"港口": 1, "口町": 1, "町": 1}


@given(st.text())
def test_what_is_counted_is_what_is_looked_for(text: str) -> None:
    assert set(words(text)) <= set(count_words(text))


@given(st.text())
def test_words_are_found_again_as_they_are(text: str) -> None:
    for word in words(text):
        assert words(word) == [word]


@given(st.text(st.characters(max_codepoint=127)))
def test_the_short_way_for_ascii_leads_where_the_long_one_does(text: str) -> None:
    assert [word for word in words(text + " é") if word != "e"] == [
        word for word in words(text) if word != "e"
    ]
