"""Values as JSON: nothing is lost silently."""

from __future__ import annotations

import json
from decimal import Decimal
from ipaddress import ip_address
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.sources.sql.database import QueryError
from ssg.sources.sql.json_rows import json_rows

ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"


def _value(value: Any) -> Any:
    return json.loads(json_rows(["a"], [(value,)], 10_000))[0]["a"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("é\0", "é\0"), (True, True), (None, None), (2**80, 2**80), (0.1, 0.1),
        (float("nan"), None), (float("-inf"), None),
        (Decimal("1.50"), 1.5), (Decimal("5"), 5), (Decimal("5.00"), 5.0), (Decimal("-0.1"), -0.1),
        (Decimal("1E+3"), 1000.0), (Decimal("NaN"), None), (Decimal("Infinity"), None),
        (Decimal("12345678901234567.89"), "12345678901234567.89"),
        (Decimal("0.1234567890123456789"), "0.1234567890123456789"),
        (Decimal("9" * 40), int("9" * 40)), (Decimal("9" * 5000), "9" * 5000),
        (Decimal("1E-400"), f"{Decimal('1E-400'):f}"),
        (UUID(ID), ID), (ip_address("::1"), "::1"),
        ([1, [float("inf"), "a"]], [1, [None, "a"]]), ((1, None), [1, None]),
        ({"a": [1, {"b": float("nan")}]}, {"a": [1, {"b": None}]}),
        ("\ud800", "?"),
    ],
)  # fmt: skip
def test_a_value_is_what_json_has_for_it(value: Any, expected: Any) -> None:
    found = _value(value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (b"x", "bytes; write it as text, such as encode(…, 'base64') or hex(…)"),
        ([memoryview(b"x")], "bytes; write it as text, such as encode(…, 'base64') or hex(…)"),
        ({1, 2}, "values of the type set; write them as text"),
    ],
)
def test_a_value_that_json_cannot_hold_is_told_with_its_column(value: Any, problem: str) -> None:
    with pytest.raises(QueryError) as caught:
        json_rows(["a", "b"], [(1, value)], 1000)
    assert str(caught.value) == f'the column "b" has {problem}'


def test_a_value_that_is_nested_without_end_is_told() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(QueryError, match="nested too deeply"):
        json_rows(["a"], [(nested,)], 1_000_000)


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_decimal_is_exact(value: Decimal) -> None:
    assert Decimal(str(_value(value))) == value


def test_rows_are_read_until_they_are_too_many() -> None:
    read = []

    def rows() -> Any:
        for number in range(1000):
            read.append(number)
            yield (number,)

    with pytest.raises(QueryError, match="larger than 100 bytes"):
        json_rows(["n"], rows(), 100)
    assert len(read) < 20
    assert len(json_rows(["n"], [(1,)], 10)) == 9
    with pytest.raises(QueryError, match="larger than 9 bytes"):
        json_rows(["n"], [(1,)], 9)


def test_no_rows_are_an_empty_list() -> None:
    assert json_rows(["a"], [], 10) == b"[]"
