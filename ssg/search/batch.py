"""Some consecutive pages -> their words, as a part of the index.

A batch hangs on its pages alone, so it can be made in any process and kept between builds. Each
page has a number in its batch, and each word a string: a letter for every page that has it, which
says which page that is and how much the page is about the word.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ssg.search.plain_text import excerpt, headings, plain
from ssg.search.words import LONGEST, count_words

LEVELS = 16
"""How much a page is about a word, from 0; from half of it on, the word is in the title."""
_HALF = LEVELS // 2
FIRST_LETTER = ord("#")
MOST_PAGES = 1024
"""In one batch: all letters lie below the surrogates, which are no letters of JSON."""

_OFTEN = 10
"""A word that stands in a page so often cannot count for more."""
_PIVOT = 400
"""Words of an ordinary page; those of a longer one count for less."""
_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b of BM25 (Robertson, Zaragoza 2009, section 3.5)
_AS_HEADING = 3
"""A word of a heading or of the description counts as so many in the text."""

ResultCard = tuple[str, str, str, str]
"""What a result shows of a page: its link, its title, a text, and the title of its section."""


@dataclass(frozen=True, slots=True)
class IndexedPage:
    """A page that can be found."""

    url: str
    title: str
    description: str
    section: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The words of some pages, and what results show of them."""

    words: Mapping[str, str]
    cards: Sequence[ResultCard]

    def to_json(self) -> str:
        return json.dumps([self.words, self.cards], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Batch:
        """Raises ValueError."""
        words, cards = json.loads(text)
        return cls(words, cards)


def make_batch(pages: Sequence[tuple[IndexedPage, str]]) -> Batch:
    """Read the texts of pages."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    cards: list[ResultCard] = []
    for number, (entry, markdown) in enumerate(pages):
        text = plain(markdown)
        start = FIRST_LETTER + number * LEVELS
        _enter(found, entry, text, [chr(start + level) for level in range(LEVELS)])
        shown = entry.description or excerpt(text)
        cards.append((entry.url, entry.title, shown, entry.section))
    return Batch({word: "".join(of) for word, of in found.items() if len(word) <= LONGEST}, cards)


def _enter(
    found: defaultdict[str, list[str]], entry: IndexedPage, text: str, letters: Sequence[str]
) -> None:
    """Give each word of a page one of its letters. The loop runs for most words of a site."""
    counts = count_words(text)
    levels = _levels(sum(counts.values()))
    for word in (*count_words(headings(text)), *count_words(entry.description)):
        counts[word] = counts.get(word, 0) + _AS_HEADING
    title = count_words(entry.title)
    for word in title:  # more, the more of the title it is
        level = levels[min(counts.pop(word, 0), _OFTEN)] // 2
        found[word].append(letters[_HALF + _HALF // 2 // len(title) + level])
    usual = [letters[level] for level in levels]
    most = usual[_OFTEN]
    for word, count in counts.items():
        found[word].append(usual[count] if count < _OFTEN else most)


def _levels(length: int) -> list[int]:
    """The level of a word by how often it is in a text of that length: below half of them."""
    weight = _SATURATION * (1 - _LENGTH + _LENGTH * length / _PIVOT)
    return [int(_HALF * count / (count + weight)) for count in range(_OFTEN + 1)]
