"""A batch: the words of some consecutive pages, as a part of the index.

A batch depends only on its pages, so it can be made in any process and kept between builds. Each
page has a number in its batch. Each word has a string with one letter for each page that contains
it: the letter encodes the number of the page, and how relevant the word is to it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ssg.search.plain_text import excerpt, headings, plain
from ssg.search.words import LONGEST, count_words

LEVELS = 16
"""Levels of relevance. In the upper half are words of the title."""
_HALF = LEVELS // 2
FIRST_LETTER = ord("#")
MOST_PAGES = 1024
"""In one batch. So all letters are below the surrogates, which JSON cannot hold alone."""

_OFTEN = 10
"""More occurrences of a word in a page do not raise its level."""
_PIVOT = 400
"""The length of an average page in words; words of longer pages count for less."""
_SATURATION, _LENGTH = 1.2, 0.75  # k1 and b of BM25 (Robertson, Zaragoza 2009, section 3.5)
_AS_HEADING = 3
"""A word of a heading or of the description counts as this many in the text."""

ResultCard = tuple[str, str, str, str]
"""What a search result shows: link, title, excerpt, and title of the section."""


@dataclass(frozen=True, slots=True)
class IndexedPage:
    """The facts of a page in the index."""

    url: str
    title: str
    description: str
    section: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The words of some pages, and what search results show of them."""

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
    """Index pages, each with its Markdown."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    cards: list[ResultCard] = []
    for number, (page, markdown) in enumerate(pages):
        text = plain(markdown)
        start = FIRST_LETTER + number * LEVELS
        _add_words(found, page, text, [chr(start + level) for level in range(LEVELS)])
        shown = page.description or excerpt(text)
        cards.append((page.url, page.title, shown, page.section))
    return Batch({word: "".join(of) for word, of in found.items() if len(word) <= LONGEST}, cards)


def _add_words(
    found: defaultdict[str, list[str]], page: IndexedPage, text: str, letters: Sequence[str]
) -> None:
    """Add the letter of a page to each of its words."""
    counts = count_words(text)
    levels = _levels(sum(counts.values()))
    for word in (*count_words(headings(text)), *count_words(page.description)):
        counts[word] = counts.get(word, 0) + _AS_HEADING
    title = count_words(page.title)
    for word in title:  # a word of a short title counts for more
        level = levels[min(counts.pop(word, 0), _OFTEN)] // 2
        found[word].append(letters[_HALF + _HALF // 2 // len(title) + level])
    usual = [letters[level] for level in levels]
    most = usual[_OFTEN]
    for word, count in counts.items():
        found[word].append(usual[count] if count < _OFTEN else most)


def _levels(length: int) -> list[int]:
    """Levels of the lower half, by the number of occurrences in a text of this length."""
    weight = _SATURATION * (1 - _LENGTH + _LENGTH * length / _PIVOT)
    return [int(_HALF * count / (count + weight)) for count in range(_OFTEN + 1)]
