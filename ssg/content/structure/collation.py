"""Titles and names in the order in which people look for them.

The key is made once, by the build, and kept in the site database: SQLite compares texts byte by
byte, and Python by code points, which is the same order in UTF-8. It is one for all languages,
simpler than the Unicode Collation Algorithm (https://www.unicode.org/reports/tr10/), and needs no
tables of a locale, so the order never hangs on the machine.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENT = re.compile("[\u0300-\u036f]")
"""Marks over Latin, Greek and Cyrillic letters. Those of other scripts are letters of their own."""
_SIGNS_AHEAD = re.compile(r"[\W_]+(?=\w)")
_NUMBER = re.compile(r"\d+")


def collation_key(text: str) -> str:
    """What sorts `text`, by code points: without case, accents and signs ahead of the first letter,
    and with numbers by what they are worth: `Éclair` before `“Part 2”` before `part 10`."""
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", text).casefold())
    ahead = _SIGNS_AHEAD.match(bare)
    return _NUMBER.sub(_by_worth, bare[ahead.end() :] if ahead else bare)


def _by_worth(number: re.Match[str]) -> str:
    """A number behind its length, so that short ones come first: `2` is `12`, `10` is `210`.

    A length of nine or more is a 9 for each nine and the rest, which keeps that order.
    """
    digits = number[0].lstrip("0")
    nines, rest = divmod(len(digits), 9)
    return f"{'9' * nines}{rest}{digits}"
