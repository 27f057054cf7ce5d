"""Reading unknown values with care."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.config.table import Table, describe
from ssg.model.errors import Location, Problem


def _table(values: dict[str, Any]) -> tuple[Table, list[Problem]]:
    problems: list[Problem] = []
    return Table(values, problems, lambda keys: Location(".".join(map(str, keys)))), problems


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ("a, b,, c ", ["a", "b", "c"]),
        (["a", " b ", "", 2024, 1.5], ["a", "b", "2024", "1.5"]),
        (["a, b"], ["a, b"]),
        ([], []),
        (None, []),
    ],
)
def test_a_list_of_texts_may_be_one_text(value: object, texts: list[str]) -> None:
    table, problems = _table({"k": value})
    assert table.texts("k") == texts
    assert problems == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([True], "contains true"),
        ([dt.date(2024, 1, 1)], "contains a date"),
        ([["x"]], "contains a list"),
        ([None], "contains nothing"),
        (2024, "not the number 2024"),
        (True, "not true"),
        ({"a": 1}, "not a table"),
    ],
)
def test_what_is_no_text_in_a_list_is_told(value: object, words: str) -> None:
    table, problems = _table({"k": value})
    assert table.texts("k") == []
    assert words in str(problems[0])


def test_an_unread_key_is_refused_with_a_near_one() -> None:
    table, problems = _table({"a": {"titel": 1, "other": 2}})
    below = table.table("a")
    below.text("title")
    below.refuse_unread()
    assert [str(problem) for problem in problems] == [
        'a.titel: unknown key "titel". Did you mean "title"?',
        'a.other: unknown key "other"',
    ]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(values)
def test_no_value_raises_and_a_wrong_one_gives_the_default(value: object) -> None:
    table, problems = _table({"k": value})
    wrong = {
        "text": table.text("k", "d") if not isinstance(value, str) else "d",
        "boolean": table.boolean("k", True) if not isinstance(value, bool) else True,
    }
    assert wrong == {"text": "d", "boolean": True}
    assert isinstance(table.whole("k", 3), int)
    assert table.seconds("k", 60) is None or table.seconds("k", 60) >= 60  # type: ignore[operator]
    assert all(isinstance(text, str) for text in table.texts("k"))
    assert isinstance(table.mapping("k"), dict)
    for below in table.tables("k"):
        below.refuse_unread()
    assert all(str(problem) for problem in problems)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true"),
        (3, "the number 3"),
        ("x", 'the text "x"'),
        ([], "a list"),
        ({}, "a table"),
        (None, "nothing"),
        (dt.date(2024, 1, 1), "a date"),
        (dt.datetime(2024, 1, 1), "a date"),
        (dt.time(7), "a time of day"),
        (b"", "something else"),
    ],
)
def test_a_value_is_described(value: object, words: str) -> None:
    assert describe(value) == words
