"""Expressions of `where` with which a visitor could keep a server busy."""

from __future__ import annotations

import pytest

from ssg.config.live.slow_expressions import slow_value
from ssg.model.live.route_pattern import MAX_VALUE_LENGTH


@pytest.mark.parametrize(
    "expression",
    [
        "(a+)+",
        "([a-z]+-?)*",
        r"(\w+\s?)*x",
        "a*a*a*a*b",
        "post-([a-z]+-?)*",
        "(ab|ab?)+c",
        r"(\d+|\w+)*",
        "(a|b|ab)*c",
        r"(\w+\.?)+",
    ],
)
def test_a_slow_expression_is_found(expression: str) -> None:
    value = slow_value(expression)
    assert value
    assert len(value) <= MAX_VALUE_LENGTH + 2


@pytest.mark.parametrize(
    "expression",
    [
        "[a-z0-9]+(-[a-z0-9]+)*",
        "[a-z0-9-]{1,40}",
        r"\w+-\w+",
        "[0-9]{4}-[0-9]{2}",
        "[a-z]+(?:[._-][a-z]+)*@[a-z]+",
        "(en|fr|de)-[a-z]*[0-9]*",
        ".*=.*",
    ],
)
def test_a_usual_expression_is_not(expression: str) -> None:
    assert slow_value(expression) is None
