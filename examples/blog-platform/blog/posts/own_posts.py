"""The posts of an author, as the author sees them: with drafts. All queries are for one account."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from blog.database import Connection, Row
from blog.posts.content import PostContent

_OWN = """
    SELECT p.*, d.slug AS draft_slug, d.title AS draft_title, d.description AS draft_description,
        d.text AS draft_text, d.tags AS draft_tags, d.saved_at
    FROM post p LEFT JOIN draft d ON d.post = p.id
    WHERE p.author = :author AND p.id = :id"""

_AFTER = """
    SELECT p.*, d.slug AS draft_slug, d.title AS draft_title, d.description AS draft_description,
        d.text AS draft_text, d.tags AS draft_tags, d.saved_at
    FROM post p LEFT JOIN draft d ON d.post = p.id
    WHERE p.author = :author AND (p.created_at, p.id) > (:time, :id)
    ORDER BY p.created_at, p.id LIMIT :limit"""

_LIST = """
    SELECT p.id, p.status, p.hidden, p.revision, p.created_at, p.publish_at, p.published_at,
        p.edited_at, p.reads, p.slug, p.title, p.description, p.tags, '' AS text,
        d.slug AS draft_slug, d.title AS draft_title, d.description AS draft_description,
        '' AS draft_text, d.tags AS draft_tags, d.saved_at
    FROM (SELECT * FROM post WHERE author = :author
          ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :offset) p
    LEFT JOIN draft d ON d.post = p.id
    ORDER BY p.created_at DESC, p.id DESC"""

_SAVE_DRAFT = """
    INSERT INTO draft (post, slug, title, description, text, tags, saved_at)
    VALUES (:post, :slug, :title, :description, :text, :tags, :now)
    ON CONFLICT (post) DO UPDATE SET slug = excluded.slug, title = excluded.title,
        description = excluded.description, text = excluded.text, tags = excluded.tags,
        saved_at = excluded.saved_at"""

_MOVE = """
    INSERT INTO old_address (author, slug, post) VALUES (:author, :slug, :post)
    ON CONFLICT (author, slug) DO UPDATE SET post = excluded.post"""


@dataclass(frozen=True, slots=True)
class OwnPost:
    """A post, as its author sees it."""

    id: str
    status: str
    """`draft`, `scheduled`, `published` or `unpublished`."""
    is_hidden: bool
    """By moderation: nobody else sees it."""
    revision: int
    """The number of changes. A request that changes a post names the one it has seen."""
    content: PostContent
    """What is published, or is going to be."""
    draft: PostContent | None
    """What the editor shows, if it differs."""
    created_at: str
    saved_at: str | None
    publish_at: str | None
    published_at: str | None
    edited_at: str | None
    reads: int

    @property
    def shown(self) -> PostContent:
        """What the editor shows."""
        return self.draft or self.content


def find(connection: Connection, author: str, post: str) -> OwnPost | None:
    """The post with an id, if it is this author's."""
    row = connection.row(_OWN, author=author, id=post)
    return _own_post(row) if row else None


def id_of(connection: Connection, author: str, slug: str) -> str:
    """The id of the post at an address of an author; '' if there is none."""
    row = connection.row(
        "SELECT id FROM post WHERE author = :author AND slug = :slug", author=author, slug=slug
    )
    return str(row["id"]) if row else ""


def all_of(connection: Connection, author: str, limit: int, offset: int) -> Sequence[OwnPost]:
    """The posts of an author without their texts, those that were begun last first."""
    rows = connection.rows(_LIST, author=author, limit=limit, offset=offset)
    return [_own_post(row) for row in rows]


def after(
    connection: Connection, author: str, last: tuple[str, str], limit: int
) -> Sequence[OwnPost]:
    """The posts of an author with their texts, after the one with this time and id."""
    rows = connection.rows(_AFTER, author=author, time=last[0], id=last[1], limit=limit)
    return [_own_post(row) for row in rows]


def old_slugs(connection: Connection, posts: Sequence[str]) -> dict[str, list[str]]:
    """The earlier addresses of posts, by their ids."""
    found: dict[str, list[str]] = {}
    for post in posts:
        rows = connection.rows("SELECT slug FROM old_address WHERE post = :post", post=post)
        found[post] = sorted(row["slug"] for row in rows)
    return found


def count(connection: Connection, author: str) -> int:
    """The number of posts of an author."""
    row = connection.row("SELECT COUNT(*) AS total FROM post WHERE author = :author", author=author)
    return row["total"] if row else 0


def is_free(connection: Connection, author: str, slug: str, post: str = "") -> bool:
    """Whether no other post of an author has a slug."""
    row = connection.row(
        "SELECT 1 AS one FROM post WHERE author = :author AND slug = :slug AND id <> :post",
        author=author,
        slug=slug,
        post=post,
    )
    return row is None


def new_id(author: str, key: str = "") -> str:
    """The id of a new post: always the same one for the same key of an author, if there is one."""
    if not key:
        return secrets.token_hex(10)
    return hashlib.sha256(f"{author} {key}".encode()).hexdigest()[:20]


def create(connection: Connection, author: str, post: str, slug: str, now: str) -> None:
    """Begin the post with an id."""
    connection.change(
        """INSERT INTO post (id, author, slug, status, created_at)
           VALUES (:id, :author, :slug, 'draft', :now)""",
        id=post,
        author=author,
        slug=slug,
        now=now,
    )


def save_draft(connection: Connection, post: OwnPost, draft: PostContent | None, now: str) -> None:
    """Store what the editor shows. None is what is published."""
    if draft:
        connection.change(_SAVE_DRAFT, post=post.id, now=now, **_columns(draft))
    else:
        connection.change("DELETE FROM draft WHERE post = :id", id=post.id)
    if draft and not post.published_at and post.status == "draft":
        _reserve(connection, post.id, draft.slug)
    connection.change("UPDATE post SET revision = revision + 1 WHERE id = :id", id=post.id)


def _reserve(connection: Connection, post: str, slug: str) -> None:
    connection.change("UPDATE post SET slug = :slug WHERE id = :id", id=post, slug=slug)


def store(connection: Connection, author: str, post: OwnPost, content: PostContent) -> None:
    """Store what is published, or is going to be. An address that visitors know leads to it."""
    connection.change(
        """UPDATE post SET slug = :slug, title = :title, description = :description,
               text = :text, tags = :tags, revision = revision + 1 WHERE id = :id""",
        id=post.id,
        **_columns(content),
    )
    connection.change("DELETE FROM draft WHERE post = :id", id=post.id)
    connection.change(
        "DELETE FROM old_address WHERE author = :author AND slug = :slug AND post = :post",
        author=author,
        slug=content.slug,
        post=post.id,
    )
    if post.published_at and content.slug != post.content.slug:
        connection.change(_MOVE, author=author, slug=post.content.slug, post=post.id)


def set_status(connection: Connection, post: OwnPost) -> None:
    """Store the status of a post and its times."""
    connection.change(
        """UPDATE post SET status = :status, publish_at = :publish_at,
               published_at = :published_at, edited_at = :edited_at WHERE id = :id""",
        id=post.id,
        status=post.status,
        publish_at=post.publish_at,
        published_at=post.published_at,
        edited_at=post.edited_at,
    )


def delete(connection: Connection, post: str) -> None:
    """Delete a post with its draft, tags, earlier addresses and reports."""
    connection.change("DELETE FROM post WHERE id = :id", id=post)


def _columns(content: PostContent) -> dict[str, str]:
    return {
        "slug": content.slug,
        "title": content.title,
        "description": content.description,
        "text": content.text,
        "tags": " ".join(content.tags),
    }


def _own_post(row: Row) -> OwnPost:
    draft = _content(row, "draft_") if row["draft_slug"] is not None else None
    return OwnPost(
        row["id"],
        row["status"],
        bool(row["hidden"]),
        row["revision"],
        _content(row, ""),
        draft,
        row["created_at"],
        row["saved_at"],
        row["publish_at"],
        row["published_at"],
        row["edited_at"],
        row["reads"],
    )


def _content(row: Row, prefix: str) -> PostContent:
    return PostContent(
        row[f"{prefix}title"],
        row[f"{prefix}description"],
        row[f"{prefix}text"],
        tuple(row[f"{prefix}tags"].split()),
        row[f"{prefix}slug"],
    )


def published(post: OwnPost, content: PostContent, now: str) -> OwnPost:
    """The post as it is when visitors see this content from now on."""
    is_edit = post.published_at is not None and content != post.content
    return replace(
        post,
        status="published",
        publish_at=None,
        published_at=post.published_at or now,
        edited_at=now if is_edit else post.edited_at,
    )


def id_of_slug(connection: Connection, author: str, slug: str) -> str | None:
    """The id of an author's post at an address."""
    row = connection.row(
        "SELECT id FROM post WHERE author = :author AND slug = :slug", author=author, slug=slug
    )
    return row["id"] if row else None
