"""The last part of the address of a post, and tags: small Latin letters, digits and dashes."""

from __future__ import annotations

import re
import unicodedata

MAX_LENGTH = 100
MAX_TAG_LENGTH = 40
RESERVED = frozenset({"posts", "page", "after", "feed", "feed-xml", "index", "tags"})
"""The site has pages of its own below the address of an author, or may have them."""

PATTERN = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
_LATIN = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
        "ı": "i", "ŋ": "n", "ħ": "h", "ĸ": "k", "ŧ": "t", "’": "", "'": "",
    }
)  # fmt: skip
"""Letters that are not a letter with an accent."""


def slug_of(text: str, length: int = MAX_LENGTH) -> str:
    """`Hello, Wörld!` -> `hello-world`; '' if there is neither a Latin letter nor a digit."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(_LATIN))
    ascii_letters = "".join(one for one in letters if not unicodedata.combining(one))
    words = re.findall("[a-z0-9]+", ascii_letters)
    return _shortened("-".join(words), length)


def _shortened(slug: str, length: int) -> str:
    """Cut a slug between words, if there are any within the length."""
    if len(slug) <= length:
        return slug
    return slug[: length + 1].rpartition("-")[0] or slug[:length]


def slug_problem(slug: str) -> str | None:
    """Why a text cannot be a slug, or none."""
    if len(slug) > MAX_LENGTH:
        return f"An address has at most {MAX_LENGTH} characters."
    if not PATTERN.fullmatch(slug):
        return "An address has small letters, digits, and single dashes between them."
    if slug in RESERVED:
        return f"“{slug}” is an address of the site."
    return None
