"""Finds the variants of pictures that a page shows, and other picture files that it names.

A name is found wherever it is written: in `srcset`, in a style, in a feed, in JSON with `\\/`. So
nothing else has to tell which variants a build must make.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from ssg.model.images.picture import SUFFIXES
from ssg.model.images.variant import VARIANTS_FOLDER

_FOLDER = VARIANTS_FOLDER.encode()
_NAMES = re.compile(
    _FOLDER + rb"\\?/([0-9a-f]{16}-[0-9a-z.-]{1,60}\.(?:avif|webp|jpg|png|gif|svg|bmp|tiff))"
)

_LETTER = "[A-Za-z0-9_~+@.-]"
_SUFFIX = "|".join(map(re.escape, sorted(SUFFIXES)))
_FILE_WORDS = re.compile(rf"(?<!{_LETTER}){_LETTER}*(?:{_SUFFIX})(?![A-Za-z0-9_])", re.I)


def file_words(text: str) -> frozenset[str]:
    """The last words of names of picture files that a text may contain, in small letters.

    `boat.jpg` of `a/My%20Boat.jpg`.
    """
    plain = f"{text} {unquote(text)}" if "%" in text else text
    return frozenset(word.lower() for word in _FILE_WORDS.findall(plain))


def shown_variants(data: bytes) -> frozenset[str]:
    """The file names of variants and originals that some bytes name."""
    if _FOLDER not in data:
        return frozenset()
    return frozenset(name.decode() for name in _NAMES.findall(data))


def shown_in_files(files: Iterable[Path | None]) -> set[str]:
    """The file names of variants and originals that some files name."""
    return set().union(*(shown_variants(file.read_bytes()) for file in files if file))
