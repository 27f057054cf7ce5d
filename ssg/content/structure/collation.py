"""Collation keys: sort titles and names as readers expect.

A key is made once, by the build, and stored in the site database. SQLite compares texts by bytes
and Python by code points, which gives the same order in UTF-8. The order is the same for all
languages. It is simpler than the Unicode Collation Algorithm
(https://www.unicode.org/reports/tr10/) and needs no locale tables, so it does not depend on the
machine.
"""

from __future__ import annotations

import re
import unicodedata

_ACCENT = re.compile("[\u0300-\u036f]")
"""Accents of Latin, Greek and Cyrillic. In other scripts such marks are letters of their own."""
_LEADING_PUNCTUATION = re.compile(r"[\W_]+(?=\w)")
_NUMBER = re.compile(r"\d+")


def collation_key(text: str) -> str:
    """The key by which a text sorts.

    Case, accents and leading punctuation do not count, and numbers sort by value: `Éclair` before
    `“Part 2”` before `part 10`.
    """
    bare = _ACCENT.sub("", unicodedata.normalize("NFKD", text).casefold())
    leading = _LEADING_PUNCTUATION.match(bare)
    return _NUMBER.sub(_by_value, bare[leading.end() :] if leading else bare)


def _by_value(number: re.Match[str]) -> str:
    """A number after its length, so that shorter numbers come first: `2` -> `12`, `10` -> `210`.

    A length of nine or more is written as one 9 for each nine, and the rest.
    """
    digits = number[0].lstrip("0")
    nines, rest = divmod(len(digits), 9)
    return f"{'9' * nines}{rest}{digits}"
