"""Filling in the placeholders of new files."""

from __future__ import annotations

import tomllib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.errors import ScaffoldError
from ssg.scaffold.placeholders import fill, quoted


def test_line_ends_and_html_signs_stay() -> None:
    assert fill("{{ title }}\n\n", "x", {"title": "<&>"}) == "<&>\n\n"


@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\x7f\ufeff\u2028\u2029")
    )
)
def test_a_quoted_text_is_itself_in_yaml_and_toml(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)}") == {"a": text}
    assert yaml.safe_load(f"a: {quoted(text)}") == {"a": text}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a\n{% if %}", r"^f\.md:2: Jinja: Expected an expression"),
        ("a\n\n{{ titel }}", r"^f\.md:3: 'titel' is undefined. Did you mean \"title\"\?$"),
        ("{{ 1 // 0 }}", r"^f\.md:1: integer division or modulo by zero$"),
    ],
)
def test_an_error_has_its_line(text: str, words: str) -> None:
    with pytest.raises(ScaffoldError, match=words):
        fill(text, "f.md", {"title": "x"})
