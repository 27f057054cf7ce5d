"""The site database as a file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.model.database import create, open_readonly
from tests.conftest import Built


def test_a_finished_database_cannot_be_written(site: Callable[..., Built]) -> None:
    connection = open_readonly(site().report.database)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM page")


def test_a_folder_may_have_any_name(site: Callable[..., Built], tmp_path: Path) -> None:
    odd = tmp_path / "a #1 100%?" / "site.db"
    odd.parent.mkdir()
    odd.write_bytes(site().report.database.read_bytes())
    assert open_readonly(odd).execute("SELECT count(*) FROM page").fetchone()[0] > 0


def test_two_pages_cannot_have_one_path(site: Callable[..., Built]) -> None:
    indexes = open_readonly(site().report.database).execute("PRAGMA index_list('page')").fetchall()
    assert ("page_path", 1) in [(row[1], row[2]) for row in indexes]


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        ("SELECT * FROM page WHERE path = '/a/'", "page_path"),
        ("SELECT * FROM page WHERE source = 'a.md'", "page_source"),
        (
            "SELECT page.* FROM page JOIN listing ON page_id = page.id WHERE section_id = 61 "
            "ORDER BY listing.sort_key, page_id",
            "listing USING PRIMARY KEY",
        ),
        (
            "SELECT * FROM page WHERE parent_id = 1 AND kind = 'section' ORDER BY sort_key, id",
            "page_sections",
        ),
        (
            "SELECT * FROM page WHERE parent_id = 1 AND kind = 'feed' ORDER BY template",
            "page_feeds",
        ),
        (
            "SELECT * FROM page WHERE kind = 'page' AND language = '' "
            "ORDER BY date_key, id LIMIT 5",
            "page_newest",
        ),
        (
            "SELECT page.* FROM translation AS own "
            "JOIN translation AS other ON other.group_id = own.group_id "
            "JOIN page ON page.id = other.page_id WHERE own.page_id = 1 AND other.language = 'fr'",
            "translation_language",
        ),
        ("SELECT name FROM asset WHERE page_id = 1 ORDER BY name", "asset_page"),
    ],
)
def test_a_question_is_one_indexed_look_up(
    site: Callable[..., Built], sql: str, index: str
) -> None:
    files = {f"content/b/{n}.md": "x" for n in range(60)}
    connection = open_readonly(site(files).report.database)
    plan = " ".join(row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + sql))
    assert index in plan
    assert "TEMP B-TREE" not in plan


def test_a_new_database_is_open_for_writing(tmp_path: Path) -> None:
    connection = create(tmp_path / "site.db")
    connection.execute("INSERT INTO meta VALUES ('a', 'b')")
    assert connection.in_transaction
    connection.close()
