"""The values of tags of pages: `row` and `page`, and what lists need of each page.

A page is one step of a loop over all of them, so each query returns what is to be hashed as one
text. Pages are named by 5 bytes of the hash of their path, never by ids, which are numbers of one
build.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from ssg.fingerprint.tag_table.table_file import VALUE_BYTES
from ssg.model.database import PAGE_COLUMNS
from ssg.render.dependencies.tags import HASH_BYTES, name_hash

NONE = bytes(HASH_BYTES)
"""In place of a page that does not exist."""

_UNSEEN = frozenset(
    {"id", "parent_id", "term_id", "sort_key", "date_key", "reason"}
    | {"deferred", "ttl_seconds", "stale_seconds", "cache_tags"}
)
"""Columns that other pages do not show. The last four decide how the page itself is answered."""
_SEEN = ", ".join(f"page.{name}" for name in PAGE_COLUMNS.split(", ") if name not in _UNSEEN)
_ROWS = f"""
    SELECT page.id, page.path, page.kind, page.date_key, page.source, page.terms,
        json_array({_SEEN}, parent.path),
        json_array(page.deferred, page.ttl_seconds, page.stale_seconds, page.cache_tags,
            text_hash, words)
    FROM page LEFT JOIN page AS parent ON parent.id = page.parent_id
    LEFT JOIN body ON body.page_id = page.id ORDER BY page.id
"""  # noqa: S608 our own names
_TERMS = "SELECT id, path, json_array(path, taxonomy, name, slug) FROM term ORDER BY id"
_LISTING = "SELECT section_id, page_id FROM listing ORDER BY section_id, sort_key, page_id"
_DATES = "SELECT language, id FROM page WHERE kind = 'page' ORDER BY language, date_key, id"
_TRANSLATIONS = """
    SELECT group_id, page_id, json_array(language, is_fallback) FROM translation
    ORDER BY group_id, language
"""
_ASSETS = "SELECT page_id, json_array(name, source) FROM asset ORDER BY page_id, name"


def value_of(data: bytes) -> bytes:
    """The value of a tag that stands for these bytes."""
    return hashlib.blake2b(data, digest_size=VALUE_BYTES).digest()


@dataclass(slots=True)
class PageValues:
    """Values by id of the page, and paths of pages."""

    paths: dict[int, str] = field(default_factory=dict)
    names: dict[int, bytes] = field(default_factory=dict)
    """Hashes of the paths."""
    rows: dict[int, bytes] = field(default_factory=dict)
    pages: dict[int, bytes] = field(default_factory=dict)
    members: dict[int, bytes] = field(default_factory=dict)
    """What a list says of a page: which page it is, and all that decides its place."""
    entries: dict[int, bytes] = field(default_factory=dict)
    """The same, and its row."""
    date_keys: dict[int, int] = field(default_factory=dict)
    kinds: dict[int, str] = field(default_factory=dict)


def page_values(connection: sqlite3.Connection) -> PageValues:
    """The values of all pages of a site database."""
    values, own, terms = PageValues(), dict[int, list[bytes]](), _term_texts(connection)
    known: set[str | None] = set()
    for page_id, path, kind, date_key, source, term_ids, row, caching in connection.execute(_ROWS):
        name = name_hash(path)
        values.paths[page_id], values.names[page_id] = path, name
        values.kinds[page_id], values.date_keys[page_id] = kind, date_key
        values.members[page_id] = member = b"%b%d %b\n" % (name, date_key, (source or "").encode())
        is_first = source not in known
        known.add(source)
        values.rows[page_id] = row_value = value_of(
            b"%d%b" % (is_first or not source, row.encode())
        )
        values.entries[page_id] = member + row_value
        own[page_id] = [row_value, caching.encode()]
        if term_ids:
            own[page_id] += [terms[one] for one in term_ids.split()]
    _add_places(connection, values.names, own)
    values.pages = {one: value_of(b"".join(pieces)) for one, pieces in own.items()}
    return values


def term_rows(connection: sqlite3.Connection) -> Iterator[tuple[str, bytes]]:
    """The path of each term, and what other pages show of it."""
    for _, path, text in connection.execute(_TERMS):
        yield path, text.encode()


def in_groups(rows: Iterable[tuple[int | str, int]]) -> Iterator[tuple[int | str, Sequence[int]]]:
    """Lists of ids by what they are of, from sorted rows."""
    for of, group in groupby(rows, itemgetter(0)):
        yield of, [page_id for _, page_id in group]


def _term_texts(connection: sqlite3.Connection) -> dict[str, bytes]:
    return {str(term_id): text.encode() for term_id, _, text in connection.execute(_TERMS)}


def _add_places(
    connection: sqlite3.Connection, names: Mapping[int, bytes], own: Mapping[int, list[bytes]]
) -> None:
    """Add what belongs to a page besides its row: neighbours, translations, assets."""
    for section, ids in in_groups(connection.execute(_LISTING)):
        _add_neighbours(b"in" + names[int(section)], ids, names, own)
    for _, ids in in_groups(connection.execute(_DATES)):
        _add_neighbours(b"of", ids, names, own)
    for _, group in groupby(connection.execute(_TRANSLATIONS), itemgetter(0)):
        members = [(page_id, names[page_id] + text.encode()) for _, page_id, text in group]
        whole = b"".join([text for _, text in members])
        for page_id, _ in members:
            own[page_id].append(whole)
    for page_id, text in connection.execute(_ASSETS):
        own[page_id].append(text.encode())


def _add_neighbours(
    of: bytes, ids: Sequence[int], names: Mapping[int, bytes], own: Mapping[int, list[bytes]]
) -> None:
    around = [NONE, *[names[one] for one in ids], NONE]
    for page_id, before, after in zip(ids, around, around[2:], strict=False):
        own[page_id] += (of, before, after)
