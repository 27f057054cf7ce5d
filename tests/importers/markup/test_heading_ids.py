"""Headings keep their ids."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.importers.markup.heading_ids import (
    github_id,
    keep_ids,
    known_ids,
    python_markdown_id,
    zola_id,
)

TITLES = st.lists(
    st.text(st.sampled_from("aB é&+_.-`*[](){}#ß漢"), max_size=12), max_size=6
).map(lambda titles: "".join(f"## {title}\n\ntext\n\n" for title in titles))  # fmt: skip


@pytest.mark.parametrize(
    ("make", "text", "expected"),
    [
        (github_id, "Hello, Wörld & you!", "hello-wörld--you"),
        (github_id, "snake_case", "snake_case"),
        (python_markdown_id, "Hello, Wörld & you!", "hello-world-you"),
        (zola_id, "snake_case & ß", "snake-case-ss"),
        (zola_id, "漢字 Kanji", ""),
    ],
)
def test_ids_equal_those_of_the_old_generator(
    make: Callable[[str], str], text: str, expected: str
) -> None:
    assert make(text) == expected


def test_only_an_id_that_differs_is_written() -> None:
    text = "# One\n\n## R&D *now*\n\n## One\n\nTwo, too\n---\n"
    assert keep_ids(text, github_id) == (
        "# One\n\n## R&D *now* {#rd-now}\n\n## One {#one-1}\n\nTwo, too\n---\n"
    )


def test_an_explicit_id_stays() -> None:
    assert keep_ids("## R&D {#lab .x}\n", github_id) == "## R&D {#lab .x}\n"
    assert keep_ids("## R&D {.x}\n", github_id) == "## R&D {#rd .x}\n"


def test_headings_in_code_are_ignored() -> None:
    text = "```\n## R&D\n```\n"
    assert keep_ids(text, github_id) == text
    assert known_ids(text) == set()


@pytest.mark.parametrize(
    ("make", "joiner"), [(github_id, "-"), (python_markdown_id, "_"), (zola_id, "-")]
)
@given(text=TITLES)
def test_converting_twice_changes_nothing_more(
    make: Callable[[str], str], joiner: str, text: str
) -> None:
    once = keep_ids(text, make, joiner)
    assert keep_ids(once, make, joiner) == once


def test_ids_that_a_text_has() -> None:
    text = '# A b\n\n> ## In a quote\n\n<a id="here"></a>\n\nUnder\n=====\n'
    assert known_ids(text) == {"a-b", "in-a-quote", "here", "under"}
