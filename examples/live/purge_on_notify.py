"""Purges pages when PostgreSQL notifies of a change: `pg_notify('ssg_purge', 'post:ana/hello')`.

    DATABASE_URL=postgresql://... SSG_PURGE_SECRET=... \
    python purge_on_notify.py --source db --host https://www.example.org/

Each notification is the text of a tag. Those of one transaction are purged together. What is
notified while nobody listens is lost: so all pages of the source are purged after each connection.
Needs `ssg[postgres]`. Ends at Ctrl-C or SIGTERM, and tries again after every failure.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence

import psycopg
from psycopg.sql import SQL, Identifier

SECONDS_BETWEEN_TRIES = 1.0
SECONDS_BETWEEN_CHECKS = 30.0
"""A connection that is silent for so long is asked whether it is still there."""
TAGS_AT_ONCE = 100


def purge(tags: Iterable[str], hosts: Sequence[str]) -> None:
    """Purge tags, in several commands if there are many. Raises CalledProcessError."""
    wanted = sorted(tags)
    options = [word for host in hosts for word in ("--host", host)]
    for start in range(0, len(wanted), TAGS_AT_ONCE):
        batch = wanted[start : start + TAGS_AT_ONCE]
        words = [word for tag in batch for word in ("--tag", tag)]
        command = [sys.executable, "-m", "ssg", "purge", "--quiet", *words, *options]
        subprocess.run(command, check=True)
        print("purged", *batch, flush=True)


def listen(url: str, channel: str, source: str, hosts: Sequence[str]) -> None:
    """Purge what is notified, until the connection breaks or a purge fails."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL("LISTEN {}").format(Identifier(channel)))
        purge([f"source:{source}"], hosts)
        while True:
            found = connection.notifies(timeout=SECONDS_BETWEEN_CHECKS, stop_after=1)
            if tags := {one.payload for one in found}:
                purge(tags, hosts)
            else:
                connection.execute("SELECT 1")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--source", required=True, help="the name of the source: [sources.NAME]")
    parser.add_argument("--host", action="append", default=[], help="as in ssg purge")
    parser.add_argument("--channel", default="ssg_purge")
    options = parser.parse_args()
    while True:
        try:
            listen(os.environ["DATABASE_URL"], options.channel, options.source, options.host)
        except (psycopg.Error, subprocess.CalledProcessError) as error:
            print(f"trying again: {type(error).__name__}", file=sys.stderr, flush=True)
            time.sleep(SECONDS_BETWEEN_TRIES)


if __name__ == "__main__":
    main()
