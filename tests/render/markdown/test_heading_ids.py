"""Ids of headings: the same from every version of Python."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.urls import slugify
from ssg.render.markdown.heading_ids import heading_id

NEWER = "\u1c89\ua7cb\U00010d50\U00016d40"
"""Letters of Unicode 16, which Python has since 3.14: three of them capital."""


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("Hello, Wörld!", "hello-wörld"),
        ("Version 1.2", "version-1.2"),
        ("snake_case  and -- more", "snake_case-and-more"),
        ("A\u030angstrom", "ångstrom"),
        ("İstanbul", "i̇stanbul"),
        ("日本、語", "日本-語"),
        ("🎉 Party ❤️", "party"),
        ("...", ""),
        (NEWER, NEWER),
    ],
)
def test_an_id_is_made_of_words(text: str, identifier: str) -> None:
    assert heading_id(text) == identifier


@given(st.text(st.characters(max_codepoint=0x17F)))
def test_it_is_a_slug(text: str) -> None:
    """In Latin; elsewhere only characters that a slug drops or keeps by its Unicode may differ."""
    if not any(unicodedata.category(char) in {"Mn", "No", "Cf"} for char in text):
        assert heading_id(text) == slugify(text).strip("-.")


@given(st.text())
def test_it_is_valid_in_an_attribute_and_in_a_link(text: str) -> None:
    identifier = heading_id(text)
    assert not set(" \t\n\r\f\"'<>&#%?/") & set(identifier)
    assert heading_id(identifier) == identifier
