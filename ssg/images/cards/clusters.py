"""Characters that stay together: a letter with its marks, an emoji of several code points.

This is the part of Unicode's text segmentation (UAX 29) that needs no tables beyond those of the
standard library.
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_JOINS = frozenset("\u200c\u200d\ufe0e\ufe0f\u20e3")
_MARKS = frozenset({"Mn", "Me", "Mc"})
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp"})


def clusters_of(text: str) -> list[str]:
    """Split a text between characters that a reader sees as two."""
    found: list[str] = []
    for character in text:
        if found and _continues(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _continues(cluster: str, character: str) -> bool:
    number = ord(character)
    if number < 0x300:
        return False
    if character in _JOINS or unicodedata.category(character) in _MARKS:
        return True
    if number in _SKIN_TONES or number in _TAGS or _is_jamo(cluster[-1], number):
        return True
    if cluster[-1] == _JOINER:  # an emoji of several; in other scripts, letters may be parted here
        return number > 0x2000
    return number in _FLAG_LETTERS and len(cluster) == 1 and ord(cluster) in _FLAG_LETTERS


def _is_jamo(before: str, number: int) -> bool:
    """Whether it is a vowel or a last consonant of a Korean syllable in parts."""
    return 0x1160 <= number < 0x1200 and 0x1100 <= ord(before) < 0x1200


def is_visible(character: str) -> bool:
    """Whether a font must have the character: not for joiners, marks of direction and the like."""
    if character in _JOINS or character == "\u034f" or "\ufe00" <= character <= "\ufe0f":
        return character == "\u20e3"
    return unicodedata.category(character) not in _INVISIBLE and not character.isspace()
