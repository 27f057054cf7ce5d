"""Plural forms of whole numbers, as CLDR has them."""

from __future__ import annotations

import pytest

from ssg.render.templates.plurals import CATEGORIES, categories_of, category_of

CASES = {
    "en": "0 other, 1 one, 2 other, 21 other",
    "de": "0 other, 1 one, 2 other",
    "ja": "0 other, 1 other, 2 other",
    "zh-Hant": "1 other",
    "fr": "0 one, 1 one, 2 other, 1000000 many, 1000001 other",
    "es": "0 other, 1 one, 2 other, 1000000 many",
    "pt": "0 one, 1 one, 2 other, 2000000 many",
    "pt-BR": "0 one",
    "pt-PT": "0 other, 1 one",
    "hi": "0 one, 1 one, 2 other",
    "he": "1 one, 2 two, 3 other, 20 other",
    "ru": "0 many, 1 one, 2 few, 4 few, 5 many, 11 many, 12 many, 21 one, 22 few, 111 many",
    "uk": "21 one, 25 many",
    "sr": "1 one, 3 few, 5 other, 11 other, 21 one",
    "pl": "1 one, 2 few, 5 many, 12 many, 21 many, 22 few",
    "cs": "1 one, 2 few, 4 few, 5 other",
    "sl": "1 one, 2 two, 3 few, 4 few, 5 other, 101 one, 102 two",
    "hsb": "103 few, 105 other",
    "lt": "0 other, 1 one, 2 few, 10 other, 11 other, 21 one, 22 few",
    "lv": "0 zero, 1 one, 2 other, 10 zero, 11 zero, 21 one, 30 zero",
    "ro": "0 few, 1 one, 2 few, 19 few, 20 other, 101 few, 120 other",
    "is": "1 one, 11 other, 21 one, 111 other",
    "fil": "1 one, 4 other, 5 one, 6 other, 19 other",
    "ar": "0 zero, 1 one, 2 two, 3 few, 10 few, 11 many, 99 many, 100 other, 102 other, 103 few",
    "ga": "1 one, 2 two, 3 few, 7 many, 11 other",
    "gd": "1 one, 11 one, 2 two, 12 two, 3 few, 19 few, 20 other",
    "cy": "0 zero, 1 one, 2 two, 3 few, 4 other, 6 many, 7 other",
    "mt": "0 few, 1 one, 2 two, 3 few, 10 few, 11 many, 19 many, 20 other, 103 few",
    "xx": "1 one, 2 other",
}


@pytest.mark.parametrize(("language", "cases"), CASES.items())
def test_a_number_has_its_category(language: str, cases: str) -> None:
    for case in cases.split(", "):
        number, category = case.split()
        assert category_of(int(number), language) == category, case


def test_a_fraction_is_other() -> None:
    assert {category_of(value, "en") for value in (1.0, "1", True, None)} == {"other"}
    assert category_of(-1, "en") == "one"


def test_a_language_has_the_categories_that_texts_need() -> None:
    assert categories_of("en") == {"one", "other"}
    assert categories_of("ja") == {"other"}
    assert categories_of("fr") == {"one", "other"}
    assert categories_of("pl") == {"one", "few", "many"}
    assert categories_of("ar") == set(CATEGORIES)
