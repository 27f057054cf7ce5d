"""Plural forms of numbers, as CLDR has them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from ssg.render.templates.plural_rules import RULES
from ssg.render.templates.plurals import CATEGORIES, categories_of, category_of
from tests.render.templates.plural_table import CLDR, MODULE, ROOT, cldr, table

needs_cldr = pytest.mark.skipif(
    not CLDR.is_dir(), reason="cldr-core is not installed: npm install --prefix tests/e2e/checks"
)

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


FRACTIONS = {
    "en": "1.0 other, 1.5 other",
    "fr": "0.5 one, 1.5 one, 2.0 other",
    "cs": "1.0 many, 2.5 many",
    "da": "0.5 one, 1.0 one, 2.5 other",
    "lv": "0.1 one, 1.11 zero, 1.21 one",
    "br": "2.0 two, 2.5 other",
}


@pytest.mark.parametrize(("language", "cases"), FRACTIONS.items())
def test_a_fraction_has_the_category_of_its_digits(language: str, cases: str) -> None:
    for case in cases.split(", "):
        number, category = case.split()
        assert category_of(float(number), language) == category, case


def test_what_is_not_a_number_is_other() -> None:
    values = ("1", True, None, [1], float("inf"), float("nan"), 1e300, "")
    assert {category_of(value, "lv") for value in values} == {"other"}


def test_the_sign_of_a_number_does_not_matter() -> None:
    assert category_of(-1, "en") == "one"
    assert category_of(-1.5, "fr") == "one"


def test_the_case_of_a_language_does_not_matter() -> None:
    assert category_of(0, "PT-pt") == category_of(0, "pt-AO") == "other"


def test_a_language_has_the_categories_that_texts_need() -> None:
    assert categories_of("en") == {"one", "other"}
    assert categories_of("ja") == {"other"}
    assert categories_of("fr") == {"one", "other"}
    assert categories_of("pl") == {"one", "few", "many"}
    assert categories_of("ar") == set(CATEGORIES)


# -- all languages -------------------------------------------------------------------------------


@needs_cldr
def test_the_table_is_that_of_cldr() -> None:
    assert MODULE.read_text("utf-8") == table()


@needs_cldr
def test_all_samples_of_cldr_have_their_category() -> None:
    languages = cldr("plurals")["plurals-type-cardinal"]
    wrong = [
        (language, category, sample)
        for language, forms in languages.items()
        if language != ROOT
        for category, sample in _samples(forms)
        if category_of(sample, language) != category
    ]
    assert len(languages) > 220
    assert wrong == []


SAMPLE = re.compile(r"(?<= )([\d.]+)(?:~([\d.]+))?(?=,|$| @)")


def _samples(forms: Mapping[str, str]) -> Iterator[tuple[str, int | Decimal]]:
    """The numbers that CLDR lists for each category, without those with an exponent (`1c6`)."""
    for key, text in forms.items():
        for first, last in SAMPLE.findall(text.partition("@")[2]):
            for value in _range(first, last or first):
                yield key.rpartition("-")[2], value if "." in first else int(value)


def _range(first: str, last: str) -> Iterator[Decimal]:
    """`0.0~1.5` counts in tenths."""
    value, step = Decimal(first), Decimal(10) ** Decimal(first).as_tuple().exponent  # type: ignore[operator]  # a finite number
    while value <= Decimal(last):
        yield value
        value += step


NUMBERS = [*range(1002), 10_000, 100_000, 1_000_000, 1_000_001, 2_000_000, 0.5, 1.5, 2.11, 3.1]


@pytest.mark.node
def test_all_languages_agree_with_node() -> None:
    """With a Node of the same version of CLDR. ICU does not know that pt-AO follows pt-PT."""
    version = re.search(r"CLDR (\d+)", MODULE.read_text("utf-8"))
    assert version
    codes = [code for codes in RULES.values() for code in codes.split()]
    languages = [code for code in codes if code == "pt-pt" or not code.startswith("pt-")]
    theirs = _ask_node(languages)
    if theirs["version"] != version[1]:
        pytest.skip(f"Node has CLDR {theirs['version']}, the table has {version[1]}")
    wrong = [
        (language, number, category)
        for language, categories in theirs["categories"].items()
        for number, category in zip(NUMBERS, categories, strict=True)
        if category_of(number, language) != category
    ]
    assert len(theirs["categories"]) > 220
    assert wrong == []


def _ask_node(languages: list[str]) -> dict[str, Any]:
    """The categories of NUMBERS, for each language that Node knows."""
    script = """
      const { languages, numbers } = JSON.parse(require("fs").readFileSync(0));
      const select = (rules) => numbers.map((number) => rules.select(number));
      const known = languages.filter((code) => Intl.PluralRules.supportedLocalesOf(code).length);
      const categories = Object.fromEntries(
        known.map((code) => [code, select(new Intl.PluralRules(code))]));
      const version = process.versions.cldr.split(".")[0];
      console.log(JSON.stringify({ version, categories }));
    """
    asked = json.dumps({"languages": languages, "numbers": NUMBERS})
    done = subprocess.run(["node", "-e", script], input=asked, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
