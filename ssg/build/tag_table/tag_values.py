"""The value of every tag of a site: a hash of what it stands for.

This is the counterpart of `ssg.render.dependencies.tags`, which says what each tag stands for. Each
value is computed from the site database with a few queries over whole tables, not by asking the
questions of pages. Sound means: where the answer to a question differs between two databases, the
value of a tag of the question differs. Precise means that few others differ.

A tag that a site does not have, such as that of a page that does not exist, has no value. So what
appears or disappears differs, too.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ssg.build.tag_table.list_values import Value, list_values
from ssg.build.tag_table.page_values import PageValues, page_values, term_rows, value_of
from ssg.fingerprint.tag_table.table_file import TagTable
from ssg.model.database import open_readonly
from ssg.model.images.picture import Picture
from ssg.render.dependencies.tags import (
    ALL,
    ANY,
    KINDS,
    MENUS,
    NOW,
    SITE,
    Dependency,
    bucket_of,
    folder_of,
    name_hash,
)

_BUILD_ID = "SELECT value FROM meta WHERE key = 'build_id'"
_TEMPLATES = "SELECT name, layer, text FROM template ORDER BY name, layer"
_PICTURE_COLUMNS = ", ".join(Picture._fields)
_FILES = {
    "data": "SELECT name, json FROM data ORDER BY name",
    "file": "SELECT path, json FROM file ORDER BY path",
    "messages": "SELECT language, json_array(key, text) FROM message ORDER BY language, key",
    "query": "SELECT name, text FROM query ORDER BY name",
    "schema": "SELECT name, code FROM schema ORDER BY name",
}
_BUCKETS = {
    "source": """
        SELECT source, source || char(10) || path FROM page WHERE source IS NOT NULL UNION ALL
        SELECT asset.source, json_array(asset.source, path, name) FROM asset
        JOIN page ON page.id = page_id
    """,
    "published": """
        SELECT path, json_array(path, sha384, fingerprinted) FROM published ORDER BY path
    """,
    "picture": f"""
        SELECT path, json_array({_PICTURE_COLUMNS}) FROM picture UNION ALL
        SELECT name, json_array(name, format) FROM recipe ORDER BY 1, 2
    """,  # noqa: S608 our own names
}
_IN_FOLDERS = frozenset({"page", "row"})
"""Kinds of which the folders, `pages` and `rows`, have a value for all."""
_WITHOUT_SUM = frozenset(one.kind for one in (SITE, MENUS, NOW, ANY))
"""Kinds of which no page depends on everything under their own name."""
_OF_SITE = ("settings", "setups")
"""Keys of `meta` that every page depends on."""


def tag_table(database: Path, code: str, header_rules: Iterable[object] = ()) -> TagTable:
    """The tags of a finished site database, with their values.

    `code` is the fingerprint of the code that renders; `header_rules` are those of the host.
    """
    with contextlib.closing(open_readonly(database)) as connection:
        pages = page_values(connection)
        values: dict[str, dict[bytes, bytes]] = {kind: {} for kind in KINDS}
        values["page"] = {pages.names[one]: value for one, value in pages.pages.items()}
        values["row"], folders = _rows(connection, pages)
        values["pages"], values["rows"] = _folded(pages, folders, values)
        (build_id,) = connection.execute(_BUILD_ID).fetchone()
        rest = (
            *list_values(connection, pages),
            *_templates(connection),
            *_files(connection),
            *_whole(connection, code, header_rules),
        )
        for (kind, name), value in rest:
            values[kind][name_hash(name)] = value
    _add_all(values)
    return TagTable.of(values, build_id)


def tag_names(database: Path) -> dict[str, str]:
    """What each tag of a site stands for, in words."""
    with contextlib.closing(open_readonly(database)) as connection:
        pages = page_values(connection)
        paths = [*pages.paths.values(), *(path for path, _ in term_rows(connection))]
        found = [Dependency(kind, path) for path in paths for kind in ("page", "row")]
        folders = {ALL, *map(folder_of, paths)}
        found += [Dependency(kind, folder) for folder in folders for kind in ("pages", "rows")]
        found += [Dependency(kind, ALL) for kind in KINDS if kind not in _WITHOUT_SUM]
        for values in (list_values(connection, pages), _templates(connection), _files(connection)):
            found += [dependency for dependency, _ in values]
    return {one.tag: f"{one.kind} {one.name}" for one in found}


def _rows(
    connection: sqlite3.Connection, pages: PageValues
) -> tuple[dict[bytes, bytes], dict[str, list[bytes]]]:
    """The values of `row`: of pages, and of terms, which may have no page. And their folders."""
    rows = {pages.names[one]: value for one, value in pages.rows.items()}
    folders: dict[str, list[bytes]] = {}
    for path, text in term_rows(connection):
        name = name_hash(path)
        rows[name] = value_of(rows.get(name, b"") + text)
        folders.setdefault(folder_of(path), []).append(name)
    return rows, folders


def _folded(
    pages: PageValues, terms: Mapping[str, list[bytes]], values: Mapping[str, dict[bytes, bytes]]
) -> tuple[dict[bytes, bytes], dict[bytes, bytes]]:
    """The values of `pages` and `rows`: of each folder, and of the whole site."""
    folders = {folder: list(names) for folder, names in terms.items()}
    for page_id, path in pages.paths.items():
        folders.setdefault(folder_of(path), []).append(pages.names[page_id])
    found = []
    for kind in ("page", "row"):
        own = values[kind]
        wider = {
            name_hash(folder): value_of(b"".join([own.get(one, b"") for one in names]))
            for folder, names in folders.items()
        }
        found.append(wider)
    return found[0], found[1]


def _templates(connection: sqlite3.Connection) -> Iterator[Value]:
    """The nearest template for each name and layer."""
    found: dict[str, dict[int, str]] = {}
    for name, layer, text in connection.execute(_TEMPLATES):
        found.setdefault(name, {})[layer] = text
    for name, layers in found.items():
        for layer in range(max(layers) + 1):
            nearest = min(one for one in layers if one >= layer)
            value = value_of(f"{nearest} {layers[nearest]}".encode())
            yield Dependency("template", f"{name}@{layer}"), value


def _files(connection: sqlite3.Connection) -> Iterator[Value]:
    for kind, query in _FILES.items():
        yield from _grouped(kind, connection.execute(query))
    for kind, query in _BUCKETS.items():
        rows = ((bucket_of(name), text) for name, text in connection.execute(query))
        yield from _grouped(kind, rows)


def _grouped(kind: str, rows: Iterable[tuple[str, str]]) -> Iterator[Value]:
    """A value for all texts of each name."""
    found: dict[str, list[str]] = {}
    for name, text in rows:
        found.setdefault(name, []).append(text)
    for name, texts in found.items():
        yield Dependency(kind, name), value_of("\n".join(texts).encode())


def _whole(
    connection: sqlite3.Connection, code: str, header_rules: Iterable[object]
) -> Iterator[Value]:
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    modules = connection.execute("SELECT name, text, is_package FROM module ORDER BY name")
    site = [code, *map(meta.get, _OF_SITE), modules.fetchall(), list(map(repr, header_rules))]
    yield SITE, value_of(json.dumps(site).encode())
    yield MENUS, value_of(meta["menus"].encode())
    yield NOW, value_of(f"{meta['build_id']} {meta['build_time']}".encode())


def _add_all(values: dict[str, dict[bytes, bytes]]) -> None:
    """Add the values of everything of a kind, and of everything."""
    sums = {kind: _sum(own) for kind, own in values.items() if kind not in _IN_FOLDERS}
    for kind in sums.keys() - _WITHOUT_SUM:
        values[kind][name_hash(ALL)] = sums[kind]
    values[ANY.kind] = {name_hash(ANY.name): value_of(b"".join(sums.values()))}


def _sum(own: Mapping[bytes, bytes]) -> bytes:
    """One value for all names of a kind."""
    return value_of(b"".join([name + own[name] for name in sorted(own)]))
