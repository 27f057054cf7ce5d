"""Plural categories: which form of a message belongs to a number.

Categories and rules are those of CLDR, "Language Plural Rules", for whole numbers
(https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ssg.model.language import without_region

OTHER = "other"
CATEGORIES = ("zero", "one", "two", "few", "many", OTHER)

_MILLION = 1_000_000


def _always(_: int) -> str:
    return OTHER


def _one(n: int) -> str:
    return "one" if n == 1 else OTHER


def _zero_or_one(n: int) -> str:
    return "one" if n in {0, 1} else OTHER


def _one_million(n: int) -> str:
    return "one" if n == 1 else "many" if n and n % _MILLION == 0 else OTHER


def _zero_or_one_million(n: int) -> str:
    return "one" if n in {0, 1} else "many" if n and n % _MILLION == 0 else OTHER


def _one_or_two(n: int) -> str:
    return {1: "one", 2: "two"}.get(n, OTHER)


def _east_slavic(n: int) -> str:
    if n % 10 == 1 and n % 100 != 11:
        return "one"
    return "few" if n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14} else "many"


def _south_slavic(n: int) -> str:
    found = _east_slavic(n)
    return OTHER if found == "many" else found


def _polish(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14} else "many"


def _czech(n: int) -> str:
    return "one" if n == 1 else "few" if n in {2, 3, 4} else OTHER


def _slovenian(n: int) -> str:
    return {1: "one", 2: "two", 3: "few", 4: "few"}.get(n % 100, OTHER)


def _lithuanian(n: int) -> str:
    if 11 <= n % 100 <= 19 or n % 10 == 0:
        return OTHER
    return "one" if n % 10 == 1 else "few"


def _latvian(n: int) -> str:
    if n % 10 == 0 or 11 <= n % 100 <= 19:
        return "zero"
    return "one" if n % 10 == 1 else OTHER


def _romanian(n: int) -> str:
    if n == 1:
        return "one"
    return "few" if n == 0 or 1 <= n % 100 <= 19 else OTHER


def _icelandic(n: int) -> str:
    return "one" if n % 10 == 1 and n % 100 != 11 else OTHER


def _filipino(n: int) -> str:
    return OTHER if n % 10 in {4, 6, 9} else "one"


def _arabic(n: int) -> str:
    if n in {0, 1, 2}:
        return ("zero", "one", "two")[n]
    if 3 <= n % 100 <= 10:
        return "few"
    return "many" if n % 100 >= 11 else OTHER


def _irish(n: int) -> str:
    if n in {1, 2}:
        return _one_or_two(n)
    return "few" if 3 <= n <= 6 else "many" if 7 <= n <= 10 else OTHER


def _scottish(n: int) -> str:
    if n in {1, 11}:
        return "one"
    if n in {2, 12}:
        return "two"
    return "few" if 3 <= n <= 19 else OTHER


def _welsh(n: int) -> str:
    return {0: "zero", 1: "one", 2: "two", 3: "few", 6: "many"}.get(n, OTHER)


def _maltese(n: int) -> str:
    if n in {1, 2}:
        return _one_or_two(n)
    if n == 0 or 3 <= n % 100 <= 10:
        return "few"
    return "many" if 11 <= n % 100 <= 19 else OTHER


_RULES: Mapping[Callable[[int], str], str] = {
    _always: "bo dz id ig ii in ja jbo jv jw kde kea km ko lkt lo ms my nqo osa sah ses sg su th "
    "to tpi vi wo yo yue zh",
    _zero_or_one: "ak am as bn bho doi fa ff gu guw hi hy kab kn ln mg nso pa pcm si ti wa zu",
    _zero_or_one_million: "fr pt",
    _one_million: "ca es it lld scn vec",
    _one_or_two: "he iu iw naq sat se sma smi smj smn sms",
    _east_slavic: "be ru uk",
    _south_slavic: "bs hr sh sr",
    _polish: "pl",
    _czech: "cs sk",
    _slovenian: "dsb hsb sl",
    _lithuanian: "lt",
    _latvian: "lv prg",
    _romanian: "mo ro",
    _icelandic: "is mk",
    _filipino: "ceb fil tl",
    _arabic: "ar ars",
    _irish: "ga",
    _scottish: "gd",
    _welsh: "cy",
    _maltese: "mt",
}
"""All other languages follow the rule of English."""
_BY_LANGUAGE = {code: rule for rule, codes in _RULES.items() for code in codes.split()}
_PORTUGUESE, _BRAZILIAN = "pt-", "pt-BR"


def category_of(count: object, language: str) -> str:
    """Return the category of a number: `one`, `few`, `other`. Fractions are `other`."""
    if type(count) is not int:
        return OTHER
    return _rule(language)(abs(count))


def categories_of(language: str) -> frozenset[str]:
    """Return the categories of the whole numbers up to 100."""
    return frozenset(map(_rule(language), range(101)))


def _rule(language: str) -> Callable[[int], str]:
    if language.startswith(_PORTUGUESE) and not language.startswith(_BRAZILIAN):
        return _one_million
    return _BY_LANGUAGE.get(without_region(language).lower(), _one)
