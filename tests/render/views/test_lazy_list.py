"""Lists over a query behave as lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.render.views.lazy_list import ListView


class Rows:
    """A table that counts the rows read from it."""

    def __init__(self, size: int) -> None:
        self.items = list(range(size))
        self.calls: list[object] = []

    def fetch(self, offset: int, limit: int) -> Sequence[int]:
        self.calls.append((offset, limit))
        return self.items[offset : None if limit < 0 else offset + limit]

    def count(self) -> int:
        self.calls.append("count")
        return len(self.items)

    def collection(self) -> ListView[int]:
        return ListView(self.fetch, self.count)


bounds = st.none() | st.integers(-12, 12)


@given(st.integers(0, 10), bounds, bounds, st.none() | st.integers(1, 4))
def test_a_slice_is_that_of_a_list(
    size: int, start: int | None, stop: int | None, step: int | None
) -> None:
    rows = Rows(size)
    assert list(rows.collection()[start:stop:step]) == rows.items[start:stop:step]


@given(st.integers(0, 6), st.integers(-8, 8))
def test_an_item_is_that_of_a_list(size: int, index: int) -> None:
    rows = Rows(size)
    try:
        expected = rows.items[index]
    except IndexError:
        with pytest.raises(IndexError):
            rows.collection()[index]
    else:
        assert rows.collection()[index] == expected


@given(st.integers(0, 6))
def test_it_counts_iterates_and_reverses_as_a_list(size: int) -> None:
    rows = Rows(size)
    collection = rows.collection()
    assert (len(collection), bool(collection)) == (size, size > 0)
    assert list(collection) == rows.items
    assert list(reversed(collection)) == rows.items[::-1]
    assert (3 in collection) == (3 in rows.items)


@pytest.mark.parametrize("step", [0, -1])
def test_a_negative_step_is_an_error(step: int) -> None:
    with pytest.raises(ValueError, match="reverse filter"):
        Rows(3).collection()[::step]


@pytest.mark.parametrize(
    ("ask", "calls"),
    [
        (lambda c: c[:5], [(0, 5)]),
        (lambda c: c[10:20], [(10, 10)]),
        (lambda c: c[3], [(3, 1)]),
        (bool, [(0, 1)]),
        (set, [(0, -1)]),
        (lambda c: list(reversed(c)), [(0, -1)]),
        (lambda c: [len(c), len(c)], ["count"]),
    ],
)
def test_it_reads_no_more_than_it_must(
    ask: Callable[[ListView[int]], object], calls: list[object]
) -> None:
    rows = Rows(100)
    ask(rows.collection())
    assert rows.calls == calls
