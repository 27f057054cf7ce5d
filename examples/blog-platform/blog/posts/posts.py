"""Finds what visitors can see: posts that are published and not hidden, and their authors.

Each query reads as many rows of an index as it returns. `CROSS JOIN` is what SQLite takes as the
order of a join; to PostgreSQL it is a join like another.
"""

from __future__ import annotations

from collections.abc import Sequence

from blog.database import Connection, Row
from blog.posts.post import MAX_AT_ONCE, MAX_ON_HOME, Author, Post, PostList, Span

_COLUMNS = """a.name AS user_name, a.display_name, p.slug, p.title, p.description, p.tags,
    p.published_at, p.edited_at, p.reads"""
_VISIBLE_POST = "p.status = 'published' AND p.hidden = 0"
_VISIBLE_AUTHOR = "a.suspended = 0 AND a.deleted = 0"

_AUTHOR = f"""
    SELECT a.id, a.name, a.display_name, a.about, a.joined_at,
        (SELECT COUNT(*) FROM post p WHERE p.author = a.id AND {_VISIBLE_POST}) AS posts
    FROM account a WHERE a.name = :user AND {_VISIBLE_AUTHOR}"""  # noqa: S608 the words are above

_POST = f"""
    SELECT {_COLUMNS}, p.text FROM account a CROSS JOIN post p
    WHERE a.name = :user AND p.author = a.id AND p.slug = :slug
      AND {_VISIBLE_POST} AND {_VISIBLE_AUTHOR}"""  # noqa: S608 the words are above

_POST_OF_OLD_ADDRESS = f"""
    SELECT {_COLUMNS}, p.text FROM post p CROSS JOIN account a
    WHERE p.id = (SELECT post FROM old_address WHERE slug = :slug
                  AND author = (SELECT id FROM account WHERE name = :user))
      AND a.id = p.author AND {_VISIBLE_POST} AND {_VISIBLE_AUTHOR}"""  # noqa: S608 the words are above

_BY_AUTHOR = f"""
    FROM post p CROSS JOIN account a
    WHERE p.author = :author AND {_VISIBLE_POST} AND a.id = p.author
    ORDER BY p.published_at DESC, p.id DESC LIMIT :limit OFFSET :offset"""

_BY_TAG = f"""
    FROM (SELECT post FROM post_tag WHERE tag = :tag
          ORDER BY published_at DESC, post DESC LIMIT :limit OFFSET :offset) t
    CROSS JOIN post p CROSS JOIN account a
    WHERE p.id = t.post AND a.id = p.author AND {_VISIBLE_POST} AND {_VISIBLE_AUTHOR}
    ORDER BY p.published_at DESC, p.id DESC"""  # noqa: S608 the words are above

_NEWEST = f"""
    FROM post p CROSS JOIN account a
    WHERE a.id = p.author AND {_VISIBLE_POST} AND {_VISIBLE_AUTHOR}
    ORDER BY p.published_at DESC, p.id DESC LIMIT :limit OFFSET :offset"""

_MOST_READ = f"""
    FROM post p CROSS JOIN account a
    WHERE a.id = p.author AND {_VISIBLE_POST} AND {_VISIBLE_AUTHOR}
    ORDER BY p.reads DESC, p.published_at DESC, p.id DESC LIMIT :limit OFFSET :offset"""

_VISIBLE = f"""
    SELECT {_COLUMNS}, p.text FROM post p CROSS JOIN account a
    WHERE p.id = :id AND a.id = p.author
      AND {_VISIBLE_POST} AND {_VISIBLE_AUTHOR}"""  # noqa: S608 the words are above

_ON_HOME = f"""SELECT p.id FROM post p CROSS JOIN account a
    WHERE a.id = p.author AND {_VISIBLE_POST} AND {_VISIBLE_AUTHOR}"""  # noqa: S608 the words are above

_COUNT_OF_TAG = "SELECT COUNT(*) AS total FROM post_tag WHERE tag = :tag"


def author(connection: Connection, user: str) -> Author | None:
    """The author of a name."""
    row = connection.row(_AUTHOR, user=user)
    if row is None:
        return None
    return Author(
        row["id"], row["name"], row["display_name"], row["about"], row["joined_at"], row["posts"]
    )


def post(connection: Connection, user: str, slug: str) -> tuple[Post, str] | None:
    """The post at an address, with its text. A post at its present address goes before others."""
    values = {"user": user, "slug": slug}
    row = connection.row(_POST, **values) or connection.row(_POST_OF_OLD_ADDRESS, **values)
    return (_post(row), row["text"]) if row else None


def by_author(connection: Connection, author: Author, span: Span) -> PostList:
    """The posts of an author, the newest first."""
    return PostList(_items(connection, _BY_AUTHOR, span, author=author.id), author.posts)


def by_tag(connection: Connection, tag: str, span: Span) -> PostList:
    """The posts that have a tag, the newest first."""
    count = connection.row(_COUNT_OF_TAG, tag=tag)
    return PostList(_items(connection, _BY_TAG, span, tag=tag), count["total"] if count else 0)


def newest(connection: Connection, span: Span) -> Sequence[tuple[Post, str | None]]:
    """The posts that were published last."""
    return _items(connection, _NEWEST, span)


def most_read(connection: Connection, span: Span) -> Sequence[tuple[Post, str | None]]:
    """The posts with the most readers."""
    return _items(connection, _MOST_READ, span)


def visible(connection: Connection, post: str) -> tuple[Post, str] | None:
    """The post with an id and its text, if everybody can see it."""
    row = connection.row(_VISIBLE, id=post)
    return (_post(row), row["text"]) if row else None


def on_home(connection: Connection) -> frozenset[str]:
    """The ids of the newest and of the most read posts, and of some that may be soon.

    At the same moment others may unpublish what comes before them.
    """
    limit = MAX_ON_HOME + MAX_AT_ONCE
    newest = f"{_ON_HOME} ORDER BY p.published_at DESC, p.id DESC LIMIT :limit"
    most_read = f"{_ON_HOME} ORDER BY p.reads DESC, p.published_at DESC, p.id DESC LIMIT :limit"
    rows = [*connection.rows(newest, limit=limit), *connection.rows(most_read, limit=limit)]
    return frozenset(row["id"] for row in rows)


def tags_by_post(connection: Connection, author: str) -> dict[str, tuple[str, ...]]:
    """The tags of the visible posts of an author, by the ids of the posts."""
    rows = connection.rows(
        f"SELECT p.id, p.tags FROM post p WHERE p.author = :author AND {_VISIBLE_POST}",  # noqa: S608 the words are above
        author=author,
    )
    return {row["id"]: tuple(row["tags"].split()) for row in rows}


def _items(
    connection: Connection, query: str, span: Span, **values: object
) -> tuple[tuple[Post, str | None], ...]:
    text = "p.text" if span.has_texts else "NULL AS text"
    places = (
        {"limit": span.limit, "offset": span.offset}
        if ":offset" in query
        else {"limit": span.limit}
    )
    rows = connection.rows(f"SELECT {_COLUMNS}, {text} {query}", **values, **places)
    return tuple((_post(row), row["text"]) for row in rows)


def _post(row: Row) -> Post:
    return Post(
        row["user_name"],
        row["display_name"],
        row["slug"],
        row["title"],
        row["description"],
        tuple(row["tags"].split()),
        row["published_at"],
        row["edited_at"],
        row["reads"],
    )
