"""Attribute lists of headings and code blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.render.markdown.attributes import split_heading, split_info


@pytest.mark.parametrize(
    ("text", "rest", "attributes"),
    [
        ("A {#b}", "A", {"id": "b"}),
        ("A{#b}", "A", {"id": "b"}),
        ("{#b}", "", {"id": "b"}),
        ("A {.b .c x=1 y='2 3' z=\"\"}", "A", {"class": "b c", "x": "1", "y": "2 3", "z": ""}),
        ("A {#é.b}", "A", {"id": "é", "class": "b"}),
        ("A {b}", "A {b}", {}),
        ("A {}", "A {}", {}),
        ("A \\{#b}", "A \\{#b}", {}),
        ("A {{#b}}", "A {{#b}}", {}),
        ("A {#b} c", "A {#b} c", {}),
        ('A {#b"}', 'A {#b"}', {}),
        ("A {x=1y=2}", "A {x=1y=2}", {}),
    ],
)
def test_a_heading_ends_with_its_attributes(
    text: str, rest: str, attributes: dict[str, str]
) -> None:
    assert split_heading(text) == (rest, attributes)


@pytest.mark.parametrize(
    ("info", "language", "attributes"),
    [
        ("python", "python", {}),
        ("python {linenos=true}", "python", {"linenos": "true"}),
        ("python{linenos=true,hl_lines=[1,\"3-5\"]}", "python",
         {"linenos": "true", "hl_lines": '1,"3-5"'}),
        ("python title=\"a b.py\" linenos", "python", {"title": "a b.py", "linenos": "true"}),
        ('title="x"', "", {"title": "x"}),
        ("{linenos=1}", "", {"linenos": "1"}),
        ("c++", "c++", {}),
        ("rust,ignore", "rust", {"ignore": "true"}),
        ("x {.a #b ?! c=1}", "x", {"class": "a", "id": "b", "c": "1"}),
        ('py linenums="5"', "py", {"linenos": "true", "linenostart": "5", "linenums": "5"}),
        ("rust,linenos,name=mod.rs", "rust", {"linenos": "true", "name": "mod.rs"}),
        ("", "", {}),
    ],
)  # fmt: skip
def test_a_language_is_followed_by_attributes(
    info: str, language: str, attributes: dict[str, str]
) -> None:
    assert split_info(info) == (language, attributes)


@given(st.text() | st.text(st.sampled_from("{}[]#.=,'\" ab1")))
def test_any_text_can_be_read(text: str) -> None:
    language, attributes = split_info(text)
    assert text.startswith(language)
    rest, more = split_heading(text)
    assert text.startswith(rest)
    assert all(attributes) and all(more)
