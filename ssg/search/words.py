"""Splits a text into the words of the search index.

The browser splits a query in the same way, in `themes/default/static/search-index.js`; a test
compares the two. The characters between words are listed here, so that the result does not depend
on a version of Unicode.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

LONGEST = 64
"""Nobody types longer words, such as hashes and embedded images."""

_GAP = re.compile(
    "[\x00-/:-@\\[-`{-\xbf\xd7\xf7\u02b9-\u02df\u055a-\u055f\u0589\u058a\u05be\u05c0\u05c3\u05c6"
    "\u05f3\u05f4\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4\u0700-\u070d\u0964\u0965\u0970"
    "\u0df4\u0e2f\u0e3f\u0e4f\u0e5a\u0e5b\u0f04-\u0f14\u0f3a-\u0f3d\u104a-\u104f\u10fb"
    "\u1360-\u1368\u1400\u166e\u1680\u17d4-\u17db\u1800-\u180e\u2000-\u206f\u20a0-\u20cf"
    "\u2100-\u214f\u2190-\u2bff\u2e00-\u2e7f\u2ff0-\u3004\u3008-\u3020\u3030\u303d-\u303f"
    "\u30a0\u30fb\ue000-\uf8ff\ufd3e-\ufd4f\ufe10-\ufe6f\ufff0-\uffff"
    "\U0001f000-\U0001faff\U000e0000-\U0010ffff]+"
)
"""Characters between words: punctuation, symbols, arrows, pictures."""

_MARK = re.compile(
    "[\xad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u200b-\u200f\u2060"
    "\u20d0-\u20ff\ufe00-\ufe0f\ufeff]+"
)
"""Marks that people may leave out when they type: accents, vowel points, soft hyphens."""

_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i",
        "ł": "l", "ŋ": "n", "þ": "th", "ς": "σ", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك",
    }
)  # fmt: skip

_UNSPACED = re.compile(
    "[\u0e01-\u0e4e\u0e81-\u0ede\u1000-\u1049\u1780-\u17d3\u2e80-\u2fdf\u3005-\u3007"
    "\u3021-\u3029\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]+"
)
"""Scripts without spaces between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer."""

_ASCII = str.maketrans({chr(n): chr(n).lower() if chr(n).isalnum() else " " for n in range(128)})
_TYPOGRAPHIC = "‘’“”–—…\xa0"
"""Often the only characters of a text that are not ASCII."""


def words(text: str) -> list[str]:
    """The words of a query: `Café au lait` -> `cafe`, `au`, `lait`."""
    return text.translate(_ASCII).split() if text.isascii() else list(_fold(text))


def count_words(text: str) -> dict[str, int]:
    """The number of times that each word is in a text.

    Words of a script without spaces are pairs of characters, and the last character of each run, so
    that every character begins a word.
    """
    if not text.isascii():
        for character in _TYPOGRAPHIC:
            text = text.replace(character, " ")
    if text.isascii():
        return Counter(text.translate(_ASCII).split())
    counts: dict[str, int] = {}
    for chunk, number in Counter(text.split()).items():
        for word in _folded(chunk):
            counts[word] = counts.get(word, 0) + number
    return counts


@lru_cache(maxsize=1 << 17)
def _folded(chunk: str) -> tuple[str, ...]:
    return tuple(_fold(chunk, ends=True))


def _fold(text: str, *, ends: bool = False) -> Iterator[str]:
    bare = _MARK.sub("", unicodedata.normalize("NFKD", text).lower())
    for word in _GAP.split(unicodedata.normalize("NFC", bare).translate(_LETTERS)):
        start = 0
        for run in _UNSPACED.finditer(word):
            if start < run.start():
                yield word[start : run.start()]
            yield from _pairs(run[0], ends)
            start = run.end()
        if start < len(word):
            yield word[start:]


def _pairs(run: str, ends: bool) -> Iterator[str]:
    yield from (run[place : place + 2] for place in range(len(run) - 1))
    if ends or len(run) == 1:
        yield run[-1]
