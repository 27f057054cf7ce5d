"""Writes batches as the files of an index, of which a browser fetches only what a search needs.

`search/en.json` is the table of contents: the first word of each file of words, and the names of
all other files. A file of words contains one range of them, each with the pages that contain it:
the number of a batch and the letters of its pages, then the next batch. A file of cards has what
results show of 16 pages of a batch. To find a word, a browser fetches one file of words and the
files of the pages that it shows.

A file is named by the hash of its content, so a cache may keep it for ever, and a page that was
opened before a deploy never mixes old files with new ones. A small edit changes few files, because
no file depends on the size of those before it: files of cards begin anew with each batch, and files
of words end at words that their own hash selects (content-defined chunking: Muthitacharoen, Chen,
Mazières 2001). Very common words tell pages apart badly and would be large: of these only the pages
that have them in their title are kept.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from ssg.search.batch import FIRST_LETTER, LEVELS, MOST_PAGES, Batch
from ssg.search.paths import contents_path, parts_folder

SHARD_LETTERS, MOST_SHARD_LETTERS = 7 * 1024, 14 * 1024
"""The least and the greatest size of a file of words: mostly about 10 KB when compressed."""
_CUT = 16
"""A large enough file ends before a word whose hash is a multiple of this."""
CARDS = 16
"""Pages in one file of what results show."""
_NAME_BYTES = 5
"""Of a hash: 8 letters. The table of contents of 100,000 pages has 7,500 names, or 45 KB."""
COMMON, COMMON_SHARE = 1000, 5
"""A word in more pages than this, and in more than one page of five, is common: only the pages that
have it in their title are kept."""

IndexFiles = Iterator[tuple[str, bytes]]
"""Names in the publish folder, and contents."""

_Occurrences = list[int | str]
"""The number of a batch, the letters of its pages, the number of the next batch, ..."""
_WordEntry = _Occurrences | dict[str, _Occurrences]
"""For a common word: the occurrences in `titles`."""


def make_index_files(language: str, batches: Iterable[Batch]) -> IndexFiles:
    """The files for one language, the table of contents last."""
    parts = _Parts()
    words: dict[str, _Occurrences] = {}
    cards: list[str] = []
    pages = 0
    for number, batch in enumerate(batches):
        pages += len(batch.cards)
        starts = range(0, len(batch.cards), CARDS)
        cards.append("".join(parts.add(batch.cards[start : start + CARDS]) for start in starts))
        for word, letters in batch.words.items():
            words.setdefault(word, []).extend((number, letters))
    shards = {next(iter(shard)): parts.add(shard) for shard in _shards(words, pages)}
    for name, data in parts.files.items():
        yield f"{parts_folder(language)}/{name}.json", data
    contents = {
        "pages": pages, "batches": cards, "cards": CARDS,
        "words": list(shards), "shards": "".join(shards.values()),
    }  # fmt: skip
    yield contents_path(language), _json(contents)


class _Parts:
    """Files by the hash of their content."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def add(self, value: Any) -> str:
        """Return the name of a file. Two files that differ never have the same name."""
        data = digest = _json(value)
        while True:
            digest = hashlib.blake2b(digest, digest_size=16).digest()
            name = base64.b32encode(digest[:_NAME_BYTES]).decode().lower()
            if self.files.setdefault(name, data) == data:
                return name


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
            entry = {"titles": occurrences}
            more = len(word) + 2 * len(occurrences) + _letters(occurrences)
        if _begins_shard(word, size, more):
            yield shard
            shard, size = {}, 0
        shard[word] = entry
        size += more
    if shard:
        yield shard


def _begins_shard(word: str, size: int, more: int) -> bool:
    """Whether a word of size `more` begins a file after one of `size`."""
    if size < SHARD_LETTERS:
        return False
    return size + more > MOST_SHARD_LETTERS or zlib.crc32(word.encode()) % _CUT == 0


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
