"""Heading texts -> ids.

An id reaches the bytes of a page, and links to it from other pages. Pages are rendered by more than
one version of Python, each with its own version of Unicode: what counts as a letter, and what its
small form is, must not come from there. So all is decided by the tables of Unicode 3.2, which every
Python carries unchanged for domain names (RFC 3454). A character that is newer stays as it is,
unless it lies in the blocks of pictures.
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
    """`Hello, Wörld!` -> `hello-wörld`. Letters of every script stay; '' if nothing is left."""
    if text.isascii():
        return _ASCII_GAP.sub("-", text.lower()).strip("-.")
    composed = ucd_3_2_0.normalize("NFC", text)
    small = ucd_3_2_0.normalize("NFC", "".join(map(_small, composed)))
    words = "".join(char if _is_kept(char) else " " for char in small).split(" ")
    return "-".join(filter(None, words)).strip("-.")


@lru_cache(maxsize=1024)
def _small(char: str) -> str:
    return char.lower() if ucd_3_2_0.category(char) in {"Lu", "Lt"} else char


@lru_cache(maxsize=1024)
def _is_kept(char: str) -> bool:
    if char in "_.":
        return True
    category = ucd_3_2_0.category(char)
    if category == "Cn":  # newer than the tables
        return not _PICTURES.match(char)
    return category[0] in "LMN" and not _PICTURES.match(char)
