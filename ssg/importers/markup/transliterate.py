"""Spells text in ASCII letters, as generators do in addresses."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l",
     "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i", "–": "-", "—": "-", "’": "'"}
)  # fmt: skip


def to_ascii(text: str) -> str:
    """`Größe` -> `Grosse`. Letters of other scripts are dropped."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return decomposed.encode("ascii", "ignore").decode()


def is_latin(text: str) -> bool:
    """Whether `to_ascii` drops no letter of a text."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return all(char.isascii() for char in decomposed if char.isalpha())
