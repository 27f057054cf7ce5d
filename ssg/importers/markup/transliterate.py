"""Texts in ASCII letters, as generators spell names in addresses."""

from __future__ import annotations

import unicodedata

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l",
     "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "þ": "th", "ı": "i", "–": "-", "—": "-", "’": "'"}
)  # fmt: skip


def to_ascii(text: str) -> str:
    """`Größe` -> `Grosse`. What is in no Latin script is left out."""
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return apart.encode("ascii", "ignore").decode()


def is_latin(text: str) -> bool:
    """Whether no letter of a text gets lost that way."""
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return all(char.isascii() for char in apart if char.isalpha())
