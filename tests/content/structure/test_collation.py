"""Titles and names in the order in which people look for them."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.content.structure.collation import collation_key
from tests.conftest import Built


@pytest.mark.parametrize(
    "ordered",
    [
        ["apple", "Banana", "cherry"],
        ["Apple", "Éclair", "Zebra"],
        ["Ana", "Änderung", "Anker"],
        ["Part 1", "Part 2", "Part 10", "Part 101", "Part a"],
        ["1.2", "1.10", "2"],
        ["part 9", "Part 0010", "part 11"],
        ["10 boats", "a boat"],
        ["a boat", "“A buoy”", "(a dock)", "_cable_"],
        [".gitignore", "Go"],
        ["Straße", "Strasse b", "STRASSE C"],
        ["ﬁg", "fin"],
        ["Part ２", "Part 10"],
        ["Ёлка", "ель", "жук"],
        ["가", "가나", "각"],
        ["かき", "さけ"],
        ["!", "!!", "a"],
        ["a", "a b", "ab"],
    ],
    ids=lambda ordered: ordered[0],
)
def test_titles_stand_as_a_reader_looks_for_them(ordered: list[str]) -> None:
    backwards = ordered[::-1]
    assert sorted(backwards, key=collation_key) == ordered


@pytest.mark.parametrize(
    ("one", "other"),
    [("apple", "Apple"), ("résumé", "Resume"), ("Part 7", "part 007"), ("e\u0301", "\u00e9")],
)
def test_what_reads_alike_is_alike(one: str, other: str) -> None:
    assert collation_key(one) == collation_key(other)


def test_vowel_signs_of_other_scripts_count() -> None:
    assert collation_key("कि") != collation_key("कु")


@given(st.lists(st.integers(min_value=0), min_size=2))
def test_numbers_of_any_length_go_by_what_they_are_worth(numbers: list[int]) -> None:
    keyed = sorted(numbers, key=lambda number: collation_key(f"Part {number}"))
    assert keyed == sorted(numbers)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_sqlite_and_python_agree(titles: list[str]) -> None:
    keys = [collation_key(title) for title in titles]
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE one (key)")
    connection.executemany("INSERT INTO one VALUES (?)", [(key,) for key in keys])
    rows = connection.execute("SELECT key FROM one ORDER BY key").fetchall()
    connection.close()
    assert [key for (key,) in rows] == sorted(keys)


@given(st.text())
def test_it_does_not_matter_how_a_letter_is_composed(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert collation_key(composed) == collation_key(apart)


def test_a_section_a_list_of_sections_and_terms_have_that_order(
    site: Callable[..., Built],
) -> None:
    head = "---\ntitle: {}\ntags: [Part 10, éclair, Zebra, part 2]\n---\n"
    titles = ["Part 10", "Éclair", "Zebra", "Part 2"]
    files = {f"content/s/{place}.md": head.format(name) for place, name in enumerate(titles)}
    below = {
        f"content/s/below-{place}/_index.md": f"---\ntitle: {name}\n---\n"
        for place, name in enumerate(titles)
    }
    shown = "{{ page.%s | map(attribute='title') | join(', ') }}"
    templates = {
        "templates/section.html": f"{shown % 'pages'}; {shown % 'sections'}",
        "templates/taxonomy.html": "{{ taxonomy.terms | map(attribute='name') | join(', ') }}",
        "templates/page.html": "{{ page.tags | map(attribute='name') | join(', ') }}",
    }
    index = {"content/s/_index.md": "---\nsort_by: title\n---\n"}
    built = site(files | below | index | templates)
    assert built.read("s/index.html") == "; ".join(["Éclair, Part 2, Part 10, Zebra"] * 2)
    assert built.read("tags/index.html") == "éclair, part 2, Part 10, Zebra"
    assert built.read("s/0/index.html") == "éclair, part 2, Part 10, Zebra"
