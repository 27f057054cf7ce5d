"""The values of tags of lists: what a list contains, in order."""

from __future__ import annotations

import json
import sqlite3
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile

from ssg.build.tag_table.page_values import PageValues, in_groups, value_of
from ssg.model.page import LISTED_KINDS, UNDATED, PageKind
from ssg.model.queries.live_paths import LIVE_ADDRESSES
from ssg.render.dependencies import tags
from ssg.render.dependencies.tags import Dependency, list_name

_PAGES = "SELECT language, id FROM page WHERE kind = 'page' ORDER BY language, date_key, id"
_PAGES_IN = "SELECT section_id, page_id FROM listing ORDER BY section_id, sort_key, page_id"
_PAGES_WITH = "SELECT term_id, page_id FROM page_term ORDER BY term_id, sort_key, page_id"
_SECTIONS_IN = """
    SELECT parent_id, id FROM page WHERE kind = 'section' AND parent_id IS NOT NULL
    ORDER BY parent_id, sort_key, id
"""
_FEED_OF = """
    SELECT parent_id, id FROM page WHERE kind = 'feed' AND parent_id IS NOT NULL
    ORDER BY parent_id, template
"""
_FEEDS = "SELECT language, id FROM page WHERE kind = 'feed' ORDER BY language, path"
_ARCHIVES = """
    SELECT language, id FROM page WHERE kind = 'archive'
    ORDER BY language, parent_id IS NOT NULL, date_key, id
"""
_YEARS = "SELECT language, front FROM page WHERE kind = 'archive' AND instr(front, '\"after\"')"
_TERM_PATHS = "SELECT id, path FROM term"
_TERMS = """
    SELECT taxonomy, language, json_array(path, taxonomy, name, slug) FROM term
    ORDER BY taxonomy, language, {order}
"""
_KINDS = ", ".join(f"'{kind}'" for kind in sorted(LISTED_KINDS))
_ALL = f"""
    SELECT 'all_pages', group_concat(path, char(10)) FROM
        (SELECT path FROM page WHERE template <> '' ORDER BY path)
    UNION ALL SELECT 'addresses', group_concat(json_array(path, changed)) FROM
        (SELECT path, coalesce(updated, date) AS changed FROM page
        WHERE kind IN ({_KINDS}) AND template <> '' UNION ALL {LIVE_ADDRESSES} ORDER BY path)
    UNION ALL SELECT 'sitemaps', group_concat(path, char(10)) FROM
        (SELECT path FROM page WHERE kind = 'sitemap' AND parent_id IS NOT NULL ORDER BY number)
    UNION ALL SELECT 'error_paths', group_concat(path, char(10)) FROM
        (SELECT path FROM page WHERE kind = '404' ORDER BY path)
"""  # noqa: S608 our own names
"""Lists of the whole site, as one text each."""

Value = tuple[Dependency, bytes]


def list_values(connection: sqlite3.Connection, pages: PageValues) -> Iterator[Value]:
    """The values of all lists of a site database."""
    paths = pages.paths
    terms = dict(connection.execute(_TERM_PATHS))
    dated = dict(in_groups(connection.execute(_PAGES)))
    for language, ids in dated.items():
        yield from _slices(list_name("pages", language), ids, pages)
    for section, ids in in_groups(connection.execute(_PAGES_IN)):
        yield from _slices(list_name("pages_in", paths[int(section)]), ids, pages)
    for term, ids in in_groups(connection.execute(_PAGES_WITH)):
        yield from _slices(list_name("pages_with", terms[term]), ids, pages)
    yield from _years(connection, dated, pages)
    for question, query in (("sections_in", _SECTIONS_IN), ("feed_of", _FEED_OF)):
        for section, ids in in_groups(connection.execute(query)):
            yield _list(list_name(question, paths[int(section)]), _names(ids, pages))
    for question, query in (("feeds", _FEEDS), ("archives", _ARCHIVES)):
        for language, ids in in_groups(connection.execute(query)):
            yield _list(list_name(question, language), _names(ids, pages))
    yield from _terms(connection)
    for question, text in connection.execute(_ALL):
        yield _list(question, [(text or "").encode()])


def _slices(name: str, ids: Sequence[int], pages: PageValues) -> Iterator[Value]:
    """The values of a list of which pages ask slices."""
    members = [pages.members[one] for one in ids]
    entries = [pages.entries[one] for one in ids]
    yield _list(name, members)
    yield Dependency("count", name), value_of(b"%d" % len(ids))
    yield Dependency("first", name), value_of(b"".join(members[: tags.FIRST]))
    yield Dependency("newest", name), value_of(_newest(ids, pages))
    yield Dependency("shown", name), value_of(b"".join(entries))
    for number, start in enumerate(range(0, len(ids), tags.PART)):
        part = b"".join(entries[start : start + tags.PART])
        yield Dependency("part", f"{name}/{number}"), value_of(part)


def _newest(ids: Sequence[int], pages: PageValues) -> bytes:
    """The newest dated pages of a list."""
    dates, kinds = pages.date_keys, pages.kinds
    keys = [dates[one] for one in ids]
    newest_first = ids if keys == sorted(keys) else sorted(ids, key=lambda one: (dates[one], one))
    dated = takewhile(lambda one: dates[one] < UNDATED, newest_first)
    own = (pages.names[one] for one in dated if kinds[one] == PageKind.PAGE)
    return b"".join(islice(own, tags.FIRST))


def _years(
    connection: sqlite3.Connection, dated: Mapping[int | str, Sequence[int]], pages: PageValues
) -> Iterator[Value]:
    """The pages of each year of an archive."""
    for language, front in connection.execute(_YEARS):
        year, ids = json.loads(front), dated.get(language, ())
        after, until = year["after"], year["until"]
        dates = [pages.date_keys[one] for one in ids]
        own = ids[bisect_right(dates, after) : bisect_right(dates, until)]
        name = list_name("pages_between", language, after, until)
        yield _list(name, [pages.members[one] for one in own])
        yield Dependency("shown", name), value_of(b"".join([pages.entries[one] for one in own]))


def _terms(connection: sqlite3.Connection) -> Iterator[Value]:
    """The terms of each taxonomy and language, in both orders."""
    for question, order in (("terms", "id"), ("terms_by_count", "page_count DESC, id")):
        found: dict[tuple[str, str], list[bytes]] = {}
        for taxonomy, language, text in connection.execute(_TERMS.format(order=order)):
            found.setdefault((taxonomy, language), []).append(text.encode())
        for of, texts in found.items():
            yield _list(list_name(question, *of), texts)


def _names(ids: Iterable[int], pages: PageValues) -> Iterator[bytes]:
    return (pages.names[one] for one in ids)


def _list(name: str, members: Iterable[bytes]) -> Value:
    return Dependency("list", name), value_of(b"".join(members))
