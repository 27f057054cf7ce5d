"""How many pages a list takes, and where they stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.pagination import page_count, pager_path


@given(st.integers(0, 1000), st.integers(1, 50))
def test_every_item_has_a_place_and_no_page_is_empty(total: int, size: int) -> None:
    count = page_count(total, size)
    assert count * size >= total
    assert (count - 1) * size < max(total, 1)


def test_no_size_means_one_page() -> None:
    assert page_count(10_000, 0) == 1


@pytest.mark.parametrize(
    ("number", "path"), [(1, "/blog/"), (2, "/blog/page/2/"), (10, "/blog/page/10/")]
)
def test_the_first_page_is_the_list_itself(number: int, path: str) -> None:
    assert pager_path("/blog/", number) == path
