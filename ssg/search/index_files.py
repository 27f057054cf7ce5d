"""Batches -> the files of an index, which a browser fetches piece by piece.

`search/en.json` says what there is. `search/en/DIGEST/w7.json` holds the words from one to the
next in its list, `p3.json` what results show of some pages. A folder is named after its content,
so a page that was opened before a deploy never mixes an old part with a new one.
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
"""So much of the words goes into one file: about 10 KB once it is compressed."""
CARDS = 16
"""Pages whose cards share a file."""
COMMON, COMMON_SHARE = 1000, 5
"""A word that is in more pages than this, and in one of so many, parts none from the others: of
its pages only those are kept that have it in their title."""

IndexFiles = Iterator[tuple[str, bytes]]
"""Names in the publish folder, and what is in the files."""

_Places = list[int | str]
"""Number of a batch, letters of its pages, number of the next, ..."""
_Entry = _Places | dict[str, Any]
"""Of a common word: in how many `pages` it is, and where those are that have it in their titles."""


def make_index_files(language: str, batches: Iterable[Batch]) -> IndexFiles:
    """The files of one language."""
    words: dict[str, _Places] = {}
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


def _shards(words: Mapping[str, _Places], pages: int) -> Iterator[dict[str, _Entry]]:
    """The words in the order in which JavaScript compares texts, file by file."""
    shard: dict[str, _Entry] = {}
    size = 0
    limit = max(COMMON, pages // COMMON_SHARE)
    for word in sorted(words, key=_utf16):
        entry: _Entry = words[word]
        places, count = words[word], _letters(words[word])
        more = len(word) + 2 * len(places) + count
        if count > limit:
            places = _titles(places)
            entry = {"pages": count, "titles": places}
            more = len(word) + 2 * len(places) + _letters(places)
        if shard and size + more > SHARD_LETTERS:
            yield shard
            shard, size = {}, 0
        shard[word] = entry
        size += more
    if shard:
        yield shard


def _letters(places: _Places) -> int:
    return sum(map(len, places[1::2]))  # type: ignore[arg-type]  # every other one is a text


def _titles(places: _Places) -> _Places:
    """The pages that have a word in their title."""
    of_titles, kept = _of_titles(), list[int | str]()
    for number, letters in zip(places[::2], places[1::2], strict=True):
        strong = "".join(of_titles.findall(str(letters)))
        if strong:
            kept += (number, strong)
    return kept


@cache
def _of_titles() -> re.Pattern[str]:
    """Finds letters of pages that have a word in their title: many times as fast as a loop."""
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
