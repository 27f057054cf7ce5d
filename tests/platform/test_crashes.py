"""Parts of the platform are killed while people write and read.

What was acknowledged is never lost. A part that is started again, as systemd or a container does
that, needs no help. After it is back, nobody sees what is older than its purge.
"""

from __future__ import annotations

import threading
import time

import pytest

from blog.database import Database
from tests.platform.cluster import Stack
from tests.platform.writers import Acknowledged, Reader, Writer, looking
from tests.services import Service, wait_until

WRITERS = 3
SECONDS_BEFORE, SECONDS_DOWN = 1.0, 0.7
HEALING_SECONDS = 20.0
"""Within this time after the last part is back, everything works."""
PARTS = ("api", "server1", "server2", "redis", "postgres", "varnish")


@pytest.mark.xdist_group("platform")
@pytest.mark.timeout(180)
def test_one_process_is_killed_while_people_write(sqlite_stack: Stack) -> None:
    crash(sqlite_stack, [sqlite_stack.api, sqlite_stack.api], "one")


@pytest.mark.postgres
@pytest.mark.redis
@pytest.mark.varnish
@pytest.mark.xdist_group("platform-production")
@pytest.mark.timeout(240)
def test_each_part_of_production_is_killed_while_people_write(production_stack: Stack) -> None:
    services = production_stack.services()
    crash(production_stack, [services[name] for name in PARTS], "prod")


def crash(stack: Stack, parts: list[Service], name: str) -> None:
    """Kill parts one after the other, while people write and read; then look at everything."""
    known, stop = Acknowledged(), threading.Event()
    writers = [Writer(stack.url, f"{name}-{'w' * n}", known, stop) for n in range(1, 1 + WRITERS)]
    reader = Reader(stack.url, known, stop)
    for writer in writers:
        writer.sign_up()
    for thread in (*writers, reader):
        thread.start()
    try:
        for part in parts:
            before = len(known.versions)
            time.sleep(SECONDS_BEFORE)
            part.kill()
            time.sleep(SECONDS_DOWN)
            part.start()
            assert wait_until(lambda b=before: len(known.versions) > b, HEALING_SECONDS), (  # type: ignore[misc]
                f"nobody can publish after {part.command[:3]} was killed"
            )
    finally:
        stop.set()
        for thread in (*writers, reader):
            thread.join(30)
    assert [failure for writer in writers for failure in writer.failures] == []
    assert wait_until(lambda: purges(stack) == 0, HEALING_SECONDS), "purges are never sent"
    look = looking(stack.url)
    seen = [look(path) for path in known.versions]
    assert len(seen) >= WRITERS
    assert reader.glances
    assert [glance for glance in seen if known.older(glance)] == []
    assert lost(stack, known) == []


def purges(stack: Stack) -> int:
    """The number of purges that some cache has not taken yet."""
    database = Database(stack.database_url)
    try:
        with database.reading() as connection:
            return len(connection.rows("SELECT id FROM purge"))
    finally:
        database.close()


def lost(stack: Stack, known: Acknowledged) -> list[str]:
    """The acknowledged posts that the database does not have, or only as they were before."""
    database = Database(stack.database_url)
    try:
        with database.reading() as connection:
            rows = connection.rows(
                """SELECT a.name, p.slug, p.text FROM post p JOIN account a ON a.id = p.author
                   WHERE p.status = 'published'"""
            )
    finally:
        database.close()
    stored = {f"/{row['name']}/{row['slug']}/": row["text"] for row in rows}
    versions = known.versions.items()
    return [
        path
        for path, (_, version) in versions
        if int(stored.get(path, "version=-1;").partition("=")[2].rstrip(";")) < version
    ]
