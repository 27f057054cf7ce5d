"""Reports of readers: somebody says what is wrong with a post."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from blog.clock import text_of_time
from blog.database import Connection, Row

MAX_REASON_CHARACTERS = 1000
MAX_OPEN = 100
"""The number of reports that a list has."""
MAX_OF_POST = 10
"""The number of them that are about one post, so that nobody can fill the list with one."""
MAX_TEXT_CHARACTERS = 10_000
"""How much of the text of each post a list has."""

_VISIBLE = """
    SELECT p.id, p.title, a.name AS user_name, p.slug FROM account a CROSS JOIN post p
    WHERE a.name = :user AND p.author = a.id AND p.slug = :slug
      AND p.status = 'published' AND p.hidden = 0 AND a.suspended = 0 AND a.deleted = 0"""

_OPEN = """
    SELECT r.id, r.reason, r.reported_at, r.post, p.slug, p.title, p.hidden,
        substr(p.text, 1, :characters) AS text,
        a.name AS user_name, a.display_name, a.suspended, b.name AS reporter
    FROM (SELECT id, post, reporter, reason, reported_at,
              MIN(reported_at) OVER (PARTITION BY post) AS first,
              ROW_NUMBER() OVER (PARTITION BY post ORDER BY reported_at, id) AS number
          FROM report WHERE closed_at IS NULL) r
    JOIN post p ON p.id = r.post JOIN account a ON a.id = p.author
    LEFT JOIN account b ON b.id = r.reporter
    WHERE r.number <= :of_post ORDER BY r.first, r.post, r.number LIMIT :limit"""


@dataclass(frozen=True, slots=True)
class Report:
    """What a reader says."""

    id: str
    reason: str
    reported_at: str
    reporter: str | None
    """The name of an account, or none."""


@dataclass(frozen=True, slots=True)
class ReportedPost:
    """A post, and its reports that nobody has decided yet."""

    user: str
    name: str
    slug: str
    title: str
    text: str
    is_hidden: bool
    is_suspended: bool
    """Whether its author is."""
    reports: tuple[Report, ...]


def visible_post(connection: Connection, user: str, slug: str) -> Row | None:
    """The post that a reader sees at an address."""
    return connection.row(_VISIBLE, user=user, slug=slug)


def add(connection: Connection, post: str, reporter: str | None, reason: str, now: float) -> None:
    """Keep a report, unless the same has been said already: by this account, or by a visitor."""
    found = connection.rows(
        """SELECT id FROM report WHERE post = :post AND COALESCE(reporter, '') = :reporter
           AND reason = :reason AND closed_at IS NULL""",
        post=post,
        reporter=reporter or "",
        reason=reason,
    )
    if not found:
        connection.change(
            """INSERT INTO report (id, post, reporter, reason, reported_at)
               VALUES (:id, :post, :reporter, :reason, :now)""",
            id=secrets.token_urlsafe(12),
            post=post,
            reporter=reporter,
            reason=reason,
            now=text_of_time(now),
        )


def open_reports(connection: Connection) -> list[ReportedPost]:
    """The posts with open reports; those that were reported first come first."""
    rows = connection.rows(
        _OPEN, limit=MAX_OPEN, of_post=MAX_OF_POST, characters=MAX_TEXT_CHARACTERS
    )
    return [_reported(list(group)) for _, group in groupby(rows, lambda row: row["post"])]


def _reported(rows: Sequence[Row]) -> ReportedPost:
    post = rows[0]
    reports = tuple(
        Report(row["id"], row["reason"], row["reported_at"], row["reporter"]) for row in rows
    )
    return ReportedPost(
        post["user_name"],
        post["display_name"],
        post["slug"],
        post["title"],
        post["text"],
        bool(post["hidden"]),
        bool(post["suspended"]),
        reports,
    )


def close(connection: Connection, report: str, now: float) -> bool:
    """Close a report; whether it was open."""
    return bool(
        connection.change(
            "UPDATE report SET closed_at = :now WHERE id = :id AND closed_at IS NULL",
            id=report,
            now=text_of_time(now),
        )
    )


def close_all(connection: Connection, post: str, now: float) -> None:
    """Close the open reports of a post, about which there is a decision."""
    connection.change(
        "UPDATE report SET closed_at = :now WHERE post = :post AND closed_at IS NULL",
        post=post,
        now=text_of_time(now),
    )
