"""Markdown without its markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.search.plain_text import EXCERPT, excerpt, headings, plain, shortened
from ssg.search.words import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a [link](@/docs/page.md#part) b", "a link b"),
        ('![a boat](boat.png "Title") b', "a boat b"),
        ("[one]\n\n[one]: https://example.org/path", "one"),
        ("a[^1]\n\n[^1]: the note", "a 1 1 the note"),
        ('{{ figure(src="a.png", alt="x") }} b', "b"),
        ('{% note(kind="tip") %}\nbody\n{% end %}', "body"),
        ("## Head {#id .class}", "head"),
        ('<a class="x" href="/y">text</a> <!-- more --> b', "text b"),
        ("fish &amp; chips &eacute;", "fish chips e"),
        ("`<b>` and `{{ code() }}`", "b and code"),
        ("a < b and c > d", "a b and c d"),
        ("```html\n<div> {{ x }}\n```\n<p>b", "html div x b"),
        ("Vec<String>\n\n```rust\nVec<String>\n```", "vec rust vec string"),
    ],
)
def test_words_that_show(text: str, found: str) -> None:
    assert words(plain(text)) == found.split()


def test_headings_are_not_those_of_code() -> None:
    text = "# One\ntext\n```sh\n# no heading\n```\n\n## Two *three*\n"
    assert words(headings(plain(text))) == ["one", "two", "three"]


def test_an_excerpt_is_the_first_text() -> None:
    text = (
        "# Title\n\nSome *text* with [a link](x.md)[^1], `code_x`, a_b.\n\n- one\n\n```\ncode\n```"
    )
    assert excerpt(plain(text)) == "Some text with a link, code_x, a_b. one"


def test_an_excerpt_is_short() -> None:
    assert shortened("word " * 100).endswith("word…")
    assert len(shortened("word " * 100)) <= EXCERPT + 1
    assert len(shortened("字" * 500)) == EXCERPT + 1
    assert shortened("short") == "short"


@given(st.text(st.characters(codec="utf-8", exclude_characters="[]<>{}&`()")))
def test_a_text_without_markup_keeps_its_words(text: str) -> None:
    assert words(plain(text)) == words(text)


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    shown = plain(text)
    assert len(excerpt(shown)) <= EXCERPT + 1
    assert set(words(headings(shown))) <= set(words(shown))
