"""Plural categories: which form of a message belongs to a number.

The rules are texts of CLDR in `plural_rules.py`, such as `one: i = 1 and v = 0`. A rule is parsed
when a page first needs its language. It compares the operands of a number, which depend on its
digits: `1`, `1.0` and `1.50` may have different forms.
Source: https://www.unicode.org/reports/tr35/tr35-numbers.html#Language_Plural_Rules
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from ssg.model.language import without_region
from ssg.render.templates.plural_rules import RULES

OTHER = "other"
CATEGORIES = ("zero", "one", "two", "few", "many", OTHER)

_BY_LANGUAGE = {code: rule for rule, codes in RULES.items() for code in codes.split()}
_USUAL = _BY_LANGUAGE["en"]
"""For languages that CLDR does not list."""

_RELATION = re.compile(r"(\w)(?: % (\d+))? (!?=) (\S+)")

_Operands = Mapping[str, float]


class _Relation(NamedTuple):
    """`i % 100 != 12..14`: whether the operand is in one of the ranges, or in none."""

    operand: str
    modulus: int | None
    is_inside: bool
    ranges: tuple[tuple[int, int], ...]

    def holds(self, operands: _Operands) -> bool:
        value = operands[self.operand]
        if self.modulus:
            value %= self.modulus
        found = any(low <= value <= high for low, high in self.ranges)
        return found is self.is_inside


_Condition = tuple[tuple[_Relation, ...], ...]
"""Alternatives. All relations of one of them must hold."""


def category_of(count: object, language: str) -> str:
    """Return the category of a number: `one`, `few`, `other`. Of anything else: `other`."""
    if isinstance(count, bool | str):
        return OTHER
    return _category(str(count).lstrip("-"), language)


def categories_of(language: str) -> frozenset[str]:
    """Return the categories of the whole numbers up to 100."""
    return frozenset(category_of(number, language) for number in range(101))


@lru_cache(maxsize=4096)
def _category(number: str, language: str) -> str:
    whole, _, decimals = number.partition(".")
    if not f"{whole}{decimals}".isdecimal():  # an infinity, 1e+16
        return OTHER
    operands = _operands(int(whole or 0), decimals)
    for category, condition in _rule(language):
        if any(all(one.holds(operands) for one in relations) for relations in condition):
            return category
    return OTHER


def _operands(whole: int, decimals: str) -> _Operands:
    """The operands of a number.

    `n` is the value, `i` its whole part, `v` the number of decimals, `f` the decimals, and `t` the
    decimals without zeros at the end. A fraction is in no range, so its `n` is not a number.
    """
    short = decimals.rstrip("0")
    return {
        "n": math.nan if short else whole, "i": whole, "v": len(decimals), "f": int(decimals or 0),
        "t": int(short or 0),
    }  # fmt: skip


@cache
def _rule(language: str) -> tuple[tuple[str, _Condition], ...]:
    code = language.lower()
    text = _BY_LANGUAGE.get(code) or _BY_LANGUAGE.get(without_region(code), _USUAL)
    parts = (part.partition(": ") for part in text.split("; ") if part)
    return tuple((category, _condition(condition)) for category, _, condition in parts)


def _condition(text: str) -> _Condition:
    return tuple(
        tuple(_Relation(*_fields(*found)) for found in _RELATION.findall(alternative))
        for alternative in text.split(" or ")
    )


def _fields(
    operand: str, modulus: str, sign: str, ranges: str
) -> tuple[str, int | None, bool, tuple[tuple[int, int], ...]]:
    ends = (part.partition("..") for part in ranges.split(","))
    pairs = tuple((int(low), int(high or low)) for low, _, high in ends)
    return operand, int(modulus) if modulus else None, sign == "=", pairs
