"""Writes batches as the files of an index, of which a browser fetches only what a search needs.

`search/en.json` is the table of contents: the folder of the other files, the first word of each
file of words, and the first page of each batch. `search/en/HASH/w7.json` has the words of one
range, each with the pages that contain it: the number of a batch and the letters of its pages, then
the next batch. `p3.json` has what results show of 16 pages. To find a word, a browser fetches one
file of words and the files of the pages that it shows.

The folder is named by the hash of its content. So a page that was opened before a deploy never
mixes old parts with new ones, and a cache may keep the files for ever. Very common words tell pages
apart badly and would be large: of these only the pages that have them in their title are kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from ssg.search.batch import FIRST_LETTER, LEVELS, MOST_PAGES, Batch, ResultCard

FOLDER = "search"
"""Where the files are, in the publish folder."""

SHARD_LETTERS = 8 * 1024
"""The size of a file of words: about 10 KB when compressed."""
CARDS = 16
"""Pages in one file of what results show."""
COMMON, COMMON_SHARE = 1000, 5
"""A word in more pages than this, and in more than one page of five, is common: only the pages that
have it in their title are kept."""

IndexFiles = Iterator[tuple[str, bytes]]
"""Names in the publish folder, and contents."""

_Occurrences = list[int | str]
"""The number of a batch, the letters of its pages, the number of the next batch, ..."""
_WordEntry = _Occurrences | dict[str, Any]
"""For a common word: the number of `pages`, and the occurrences in `titles`."""


def make_index_files(language: str, batches: Iterable[Batch]) -> IndexFiles:
    """The files for one language."""
    words: dict[str, _Occurrences] = {}
    cards: list[ResultCard] = []
    starts: list[int] = []
    for number, batch in enumerate(batches):
        starts.append(len(cards))
        cards.extend(batch.cards)
        for word, letters in batch.words.items():
            words.setdefault(word, []).extend((number, letters))
    shards = list(_shards(words, len(cards)))
    parts = {f"w{number}.json": _json(shard) for number, shard in enumerate(shards)}
    for number, place in enumerate(range(0, len(cards), CARDS)):
        parts[f"p{number}.json"] = _json(cards[place : place + CARDS])
    folder = f"{language}/{_digest(parts)}/"
    about = {
        "folder": folder, "pages": len(cards), "batches": starts, "cards": CARDS,
        "words": [next(iter(shard)) for shard in shards],
    }  # fmt: skip
    yield f"{FOLDER}/{language}.json", _json(about)
    for name, data in parts.items():
        yield f"{FOLDER}/{folder}{name}", data


def _shards(words: Mapping[str, _Occurrences], pages: int) -> Iterator[dict[str, _WordEntry]]:
    """The words file by file, in the order in which JavaScript compares texts."""
    shard: dict[str, _WordEntry] = {}
    size = 0
    limit = max(COMMON, pages // COMMON_SHARE)
    for word in sorted(words, key=_utf16):
        entry: _WordEntry = words[word]
        occurrences, count = words[word], _letters(words[word])
        more = len(word) + 2 * len(occurrences) + count
        if count > limit:
            occurrences = _in_titles(occurrences)
            entry = {"pages": count, "titles": occurrences}
            more = len(word) + 2 * len(occurrences) + _letters(occurrences)
        if shard and size + more > SHARD_LETTERS:
            yield shard
            shard, size = {}, 0
        shard[word] = entry
        size += more
    if shard:
        yield shard


def _letters(occurrences: _Occurrences) -> int:
    return sum(map(len, occurrences[1::2]))  # type: ignore[arg-type]  # every second item is a text


def _in_titles(occurrences: _Occurrences) -> _Occurrences:
    """The occurrences in titles."""
    title_letters, kept = _title_letters(), list[int | str]()
    for number, letters in zip(occurrences[::2], occurrences[1::2], strict=True):
        strong = "".join(title_letters.findall(str(letters)))
        if strong:
            kept += (number, strong)
    return kept


@cache
def _title_letters() -> re.Pattern[str]:
    """A pattern for letters of the upper half of levels; many times as fast as a loop."""
    half = LEVELS // 2
    firsts = range(FIRST_LETTER + half, FIRST_LETTER + MOST_PAGES * LEVELS, LEVELS)
    return re.compile(
        "[" + "".join(f"{chr(first)}-{chr(first + half - 1)}" for first in firsts) + "]+"
    )


def _utf16(word: str) -> bytes:
    return word.encode("utf-16-be")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _digest(parts: Mapping[str, bytes]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for name, data in parts.items():
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return digest.hexdigest()
