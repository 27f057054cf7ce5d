"""HTML of text tokens: escaping, bare URLs, abbreviations, typographic punctuation.

These work on parsed text and are not parser rules: a rule would be tried at each letter that may
begin a URL or an abbreviation, which takes a third of the time of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import groupby
from posixpath import commonprefix

from mistune.util import unescape

from ssg.render.markdown.page_state import ParserEnv

_URL = re.compile(r"""((?<![A-Za-z0-9_/:])https?://[^\s<]*[^\s<.,:;!?"'*_~)\]])""")
_WORD = "A-Za-z0-9_\u00c0-\u024f\u0370-\u1fff"  # the same in every version of Unicode

QUOTES: Mapping[str, tuple[str, str, str, str]] = {
    "en": ("“", "”", "‘", "’"),
    "de": ("„", "“", "‚", "‘"),
    "fr": ("«\u202f", "\u202f»", "“", "”"),
}
"""Opening and closing quotation marks by language, double and single."""

_OPENS_BEFORE = frozenset(" \t\n\r\f\u00a0\u202f([{<-–—/“‘„‚«‹=|")
"""A quotation mark after one of these opens a quotation."""

_DIGITS = frozenset("0123456789")
_LETTER = re.compile(f"[{_WORD}]")
_MAX_BRANCHINGS = 30
"""How deep patterns for abbreviations branch: the pattern compiler takes some stack for each."""
_MARKS = re.compile(r"---?|\.\.\.|[\"']")


def escape(text: str) -> str:
    """Escape a text. References such as `&copy;` become their characters."""
    if "&" in text:
        text = unescape(text).replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    return text.replace(">", "&gt;").replace('"', "&quot;")


class PunctuationState:
    """The state of typographic punctuation within a paragraph, cell or heading."""

    __slots__ = ("before", "in_single")

    def __init__(self) -> None:
        self.before = " "
        """The character before the next text."""
        self.in_single = False
        """Whether single quotation marks are open."""


class SmartPunctuation:
    """Replaces plain punctuation by typographic characters of a language."""

    def __init__(self, language: str) -> None:
        self._quotes = QUOTES.get(language.partition("-")[0].lower(), QUOTES["en"])

    def __call__(self, text: str, state: PunctuationState) -> str:
        """Convert a text that continues a paragraph, cell or heading."""
        if not text:
            return text
        result = _MARKS.sub(lambda mark: self._sign(mark, state), text)
        state.before = text[-1]
        return result

    def _sign(self, mark: re.Match[str], state: PunctuationState) -> str:
        if mark[0][0] in "-.":
            return {"---": "—", "--": "–", "...": "…"}[mark[0]]
        start, text = mark.start(), mark.string
        opens = (text[start - 1] if start else state.before) in _OPENS_BEFORE
        if mark[0] == '"':
            return self._quotes[0 if opens else 1]
        return self._single(opens, text[mark.end() : mark.end() + 1], state)

    def _single(self, opens: bool, following: str, state: PunctuationState) -> str:
        if opens and following not in _DIGITS:
            state.in_single = True
            return self._quotes[2]
        if not opens and state.in_single and not _LETTER.match(following):
            state.in_single = False
            return self._quotes[3]
        return "’"  # it’s, the ’90s


def split_urls(text: str) -> list[str]:
    """Split a text into text, URL, text, ... (GFM, "Autolinks (extension)")."""
    return _URL.split(text)


def mark_abbreviations(text: str, env: ParserEnv, finish: Callable[[str], str]) -> str:
    """Put `<abbr>` around words that the page defines: `*[HTML]: HyperText Markup Language`.

    `finish` converts the text between them.
    """
    titles: Mapping[str, str] = env["ref_abbrs"]
    pattern = env.get("abbrs_re") or env.setdefault("abbrs_re", _pattern(titles))
    parts = pattern.split(text)
    for index, part in enumerate(parts):
        if index % 2:
            title = f' title="{escape(titles[part])}"' if titles[part] else ""
            parts[index] = f"<abbr{title}>{escape(part)}</abbr>"
        else:
            parts[index] = finish(part)
    return "".join(parts)


def _pattern(titles: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(f"(?<![{_WORD}])({_any_of(list(titles), _MAX_BRANCHINGS)})(?![{_WORD}])")


def _any_of(words: list[str], depth: int) -> str:
    """Return a pattern for the longest of words, which shares what they have in common.

    A plain list of thousands of words would be tried word by word at each place of a text.
    """
    if len(words) < 3 or not depth:
        return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    branches = []
    for _, same in groupby(sorted(words, reverse=True), lambda word: word[:1]):
        group = list(same)
        shared = commonprefix(group)
        rests = [word[len(shared) :] for word in group]
        branches.append(
            re.escape(shared) + (f"(?:{_any_of(rests, depth - 1)})" if rests[1:] else "")
        )
    return "|".join(branches)
