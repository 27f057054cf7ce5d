"""Ids of headings.

An id is part of a page and of the links to it. Pages are rendered by different versions of Python,
each with its own version of Unicode, which must not decide what a letter is and what its lower case
is. So the tables of Unicode 3.2 decide, which every version of Python contains unchanged for domain
names (RFC 3454). A newer character is kept as it is, unless it is in a block of pictures.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import ucd_3_2_0

_ASCII_GAP = re.compile(r"[^a-z0-9_.]+")
_PICTURES = re.compile(
    "[\u2190-\u2bff\u3000-\u303f\ufe00-\ufe0f\U0001f000-\U0001faff\U000e0000-\U000e0fff]"
)


def heading_id(text: str) -> str:
    """Return the id for a heading: `Hello, Wörld!` -> `hello-wörld`; '' if nothing is left.

    Letters of every script are kept.
    """
    if text.isascii():
        return _ASCII_GAP.sub("-", text.lower()).strip("-.")
    composed = ucd_3_2_0.normalize("NFC", text)
    lower = ucd_3_2_0.normalize("NFC", "".join(map(_lower, composed)))
    words = "".join(char if _is_kept(char) else " " for char in lower).split(" ")
    return "-".join(filter(None, words)).strip("-.")


@lru_cache(maxsize=1024)
def _lower(char: str) -> str:
    return char.lower() if ucd_3_2_0.category(char) in {"Lu", "Lt"} else char


@lru_cache(maxsize=1024)
def _is_kept(char: str) -> bool:
    if char in "_.":
        return True
    category = ucd_3_2_0.category(char)
    if category == "Cn":  # newer than the tables
        return not _PICTURES.match(char)
    return category[0] in "LMN" and not _PICTURES.match(char)
