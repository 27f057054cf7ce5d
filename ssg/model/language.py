"""Languages: their codes, their writing direction, and how file names state them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

PAGE_SUFFIX = ".md"

NO_LANGUAGE = ""
"""The language of messages that are shown if no other language has one."""

_CODE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_SCRIPT = re.compile(r"-([A-Za-z]{4})(?=-|\Z)")

LEFT_TO_RIGHT, RIGHT_TO_LEFT = "ltr", "rtl"
DIRECTIONS = (LEFT_TO_RIGHT, RIGHT_TO_LEFT)
"""The values of the HTML attribute `dir`."""

_RTL_SCRIPTS = frozenset(
    {
        "adlm", "arab", "aran", "hebr", "mand", "mend", "nkoo", "rohg", "samr", "syrc", "thaa",
        "yezi",
    }
)  # fmt: skip
_RTL_LANGUAGES = frozenset(
    {
        "aeb", "ar", "arc", "arq", "ary", "arz", "azb", "bal", "bqi", "ckb", "dv", "fa", "glk",
        "he", "iw", "ji", "khw", "ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "rhg", "sd", "sdh",
        "skr", "syr", "ug", "ur", "yi",
    }
)  # fmt: skip
"""Languages that are written in one of these scripts by default (CLDR, "Likely Subtags")."""


def is_language(code: str) -> bool:
    """Whether a text has the form of a language tag: `fr`, `pt-BR`, `zh-Hant` (RFC 5646)."""
    return bool(_CODE.fullmatch(code))


def direction_of(code: str) -> str:
    """`rtl` or `ltr`, by the script in the code, or else by the usual script of the language."""
    if script := _SCRIPT.search(code):
        return RIGHT_TO_LEFT if script[1].lower() in _RTL_SCRIPTS else LEFT_TO_RIGHT
    language = code.partition("-")[0].lower()
    return RIGHT_TO_LEFT if language in _RTL_LANGUAGES else LEFT_TO_RIGHT


def without_region(code: str) -> str:
    """`pt-BR` -> `pt`."""
    return code.partition("-")[0]


class SourceName(NamedTuple):
    """The name of a source without its language: `post.fr.md` and `fr/post.md` are `post.md`.

    `language` is '' for the default language. `folder` is the language that the top folder states,
    and `suffix` the language that the file name states.
    """

    language: str
    name: str
    folder: str = ""
    suffix: str = ""


class SourceNames:
    """Finds the languages in the names of source files."""

    def __init__(self, languages: Collection[str] = (), default: str = "") -> None:
        self._languages = frozenset(languages)
        self._default = default

    def __bool__(self) -> bool:
        """Whether names can state a language."""
        return bool(self._languages)

    def read(self, source: str) -> SourceName:
        """Split the language off a path below the content folder."""
        if not self._languages:
            return SourceName("", source)
        folder, slash, name = source.partition("/")
        if not slash or folder not in self._languages:
            folder, name = "", source
        stem, _, suffix = name.removesuffix(PAGE_SUFFIX).rpartition(".")
        if name.endswith(PAGE_SUFFIX) and suffix in self._languages and stem[-1:] not in {"", "/"}:
            name = stem + PAGE_SUFFIX
        else:
            suffix = ""
        language = folder or suffix
        return SourceName("" if language == self._default else language, name, folder, suffix)
