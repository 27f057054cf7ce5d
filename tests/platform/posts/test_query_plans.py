"""The queries of the public lists read indexes only, in both databases."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from blog.database import Connection, Database
from blog.migrate import migrate
from blog.posts import own_posts, posts, schedule
from blog.posts.post import Span
from tests.platform.posts.stored import fill
from tests.services import running_postgres

MOST_SECONDS = 0.05
"""An answer takes a few milliseconds; reading all rows takes longer than this."""


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("many")
    yield from _filled(f"sqlite:///{folder / 'blog.db'}")


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Database]:
    with running_postgres() as service:
        yield from _filled(service.url)


def _filled(url: str) -> Iterator[Database]:
    database = Database(url)
    migrate(database)
    fill(database)
    with database.writing() as connection:
        connection.change("ANALYZE")
    yield database
    database.close()


def _ask_everything(database: Database) -> None:
    with database.reading() as connection:
        author = posts.author(connection, "user0")
        assert author is not None
        assert author.posts > 1500
        for span in (Span(20), Span(20, 40), Span(20, 0, has_texts=True)):
            assert len(posts.by_author(connection, author, span).items) == 20
            assert len(posts.by_tag(connection, "tag0", span).items) == 20
            assert len(posts.newest(connection, span)) == 20
        assert len(posts.most_read(connection, Span(300))) == 300
        assert posts.post(connection, "user1", "post-1") is not None
        assert posts.post(connection, "user0", "old-50") is not None
        _ask_what_authors_ask(connection, author.id)


def _ask_what_authors_ask(connection: Connection, author: str) -> None:
    """What writing and the list of one's own posts ask, and the schedule."""
    assert len(posts.on_home(connection)) >= 30
    assert posts.visible(connection, "id-user0/post-10")
    # For more rows PostgreSQL rather reads drafts as short as these are in one go.
    assert len(own_posts.all_of(connection, author, 10, 100)) == 10
    first = own_posts.after(connection, author, ("", ""), 20)
    last = (first[-1].created_at, first[-1].id)
    assert len({post.id for post in [*first, *own_posts.after(connection, author, last, 20)]}) == 40
    assert own_posts.old_slugs(connection, [first[0].id])
    assert own_posts.find(connection, author, "id-user0/post-10")
    assert own_posts.id_of(connection, author, "post-10")
    assert not own_posts.is_free(connection, author, "post-10")
    assert schedule.due(connection, "2028", 10) == []
    assert schedule.next_time(connection) is None


def _statements(database: Database) -> list[tuple[str, Any]]:
    """What the database is asked for all public answers."""
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        asked.append((statement, values))

    engine = database._engine
    event.listen(engine, "before_cursor_execute", note)
    _ask_everything(database)
    event.remove(engine, "before_cursor_execute", note)
    return [(statement, values) for statement, values in asked if "SELECT" in statement]


def _plans(database: Database, explain: str) -> Iterator[str]:
    for statement, values in _statements(database):
        with database._engine.connect() as connection:
            rows = connection.exec_driver_sql(f"{explain} {statement}", values).all()
        yield f"{statement}\n" + "\n".join(str(row) for row in rows)


def test_sqlite_searches_indexes(sqlite: Database) -> None:
    plans = list(_plans(sqlite, "EXPLAIN QUERY PLAN"))
    assert len(plans) >= 7
    for plan in plans:
        assert "USING" in plan
        derived = {"t", *re.findall(r"CO-ROUTINE (\w+)", plan)}
        assert {*re.findall(r"SCAN (\w+)", plan)} <= derived, plan


@pytest.mark.postgres
def test_postgresql_searches_indexes(postgresql: Database) -> None:
    plans = list(_plans(postgresql, "EXPLAIN"))
    assert len(plans) >= 7
    for plan in plans:
        assert "Index" in plan
        assert "Seq Scan" not in plan, plan


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def test_all_answers_together_are_fast(sqlite: Database) -> None:
    assert min(_seconds(lambda: _ask_everything(sqlite)) for _ in range(5)) < MOST_SECONDS
