"""Splits the sitemap of a site again when known paths of live pages make it longer."""

from __future__ import annotations

import sqlite3
from itertools import count

from ssg.content.structure.generated_pages import sitemap_rows
from ssg.model import database
from ssg.model.page import LISTED_KINDS, NO_TEMPLATE

_KINDS = ", ".join(f"'{kind}'" for kind in sorted(LISTED_KINDS))
_TOTAL = f"""
    SELECT (SELECT count(*) FROM page WHERE kind IN ({_KINDS}) AND template <> '{NO_TEMPLATE}')
    + (SELECT count(*) FROM live_path)
"""  # noqa: S608 our own names
_HAS_SITEMAP = "SELECT 1 FROM page WHERE path = '/sitemap.xml' AND kind = 'sitemap'"
_OTHERS = "SELECT path FROM page WHERE kind <> 'sitemap' AND path LIKE '/sitemap-%'"


def split_sitemaps(connection: sqlite3.Connection, max_urls: int, files: frozenset[str]) -> None:
    """Replace the rows of sitemaps by those for all pages and known paths.

    A site with a sitemap of its own keeps it.
    """
    if not connection.execute(_HAS_SITEMAP).fetchone():
        return
    (total,) = connection.execute(_TOTAL).fetchone()
    taken = {path for (path,) in connection.execute(_OTHERS)} | {f"/{name}" for name in files}
    connection.execute("DELETE FROM page WHERE kind = 'sitemap'")
    (last_id,) = connection.execute("SELECT max(id) FROM page").fetchone()
    rows = sitemap_rows(count(last_id + 1), total, max_urls)
    database.insert_pages(connection, (one for one in rows if one.path not in taken))
