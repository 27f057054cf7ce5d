"""What the pages of the site show, in JSON: the site's source, and open to everybody."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from blog.api.public_json import missing, public_json, whole_number
from blog.api.schemas import COUNT, TEXT, TIME, array, or_null, table, whole
from blog.database import Connection
from blog.endpoint import Access, Call, Endpoint
from blog.posts import posts
from blog.posts.markdown import beginning_of
from blog.posts.post import Author, Post, PostList, Span
from blog.refusal import RefusalError

NAME = re.compile("[a-z0-9-]{1,100}")
"""A user, a slug or a tag."""

_FIELDS = {
    "user": TEXT,
    "name": TEXT,
    "slug": TEXT,
    "title": TEXT,
    "description": TEXT,
    "tags": array(TEXT),
    "published_at": TIME,
    "edited_at": or_null(TIME),
    "reads": COUNT,
}
_POST = table(**_FIELDS, markdown=TEXT)
_ITEMS = array(table(["markdown"], **_FIELDS, markdown=TEXT))
_AUTHOR = table(user=TEXT, name=TEXT, about=TEXT, joined_at=TIME, posts=COUNT)

_LIMIT = whole(1, 100, 20)
_LIMIT_OF_MOST_READ = whole(1, 1000, 300)
_OFFSET = whole(0, 10_000_000, 0)
_FULL = whole(0, 1, 0)
MAX_TEXTS = 20
"""The number of posts that an answer has with their texts."""


def _post(call: Call) -> Response:
    user, slug = _name(call, "user", "post"), _name(call, "slug", "post")
    with call.platform.database.reading() as connection:
        found = posts.post(connection, user, slug)
    if found is None:
        raise _not_there("post")
    return public_json(call, _post_value(*found))


def _user(call: Call) -> Response:
    with call.platform.database.reading() as connection:
        author = _author(connection, call)
    return public_json(call, _author_value(author))


def _posts_by_user(call: Call) -> Response:
    span = _span(call)
    with call.platform.database.reading() as connection:
        author = _author(connection, call)
        found = posts.by_author(connection, author, span)
    return public_json(call, {"user": _author_value(author), **_list_value(found)})


def _posts_by_tag(call: Call) -> Response:
    tag = _name(call, "tag", "tag")
    with call.platform.database.reading() as connection:
        found = posts.by_tag(connection, tag, _span(call))
    if not found.total:
        raise _not_there("tag")
    return public_json(call, {"tag": tag, **_list_value(found)})


def _newest(call: Call) -> Response:
    with call.platform.database.reading() as connection:
        found = posts.newest(connection, _span(call))
    return public_json(call, {"items": _items_value(found)})


def _popular(call: Call) -> Response:
    limit = whole_number(call, "limit", _LIMIT_OF_MOST_READ)
    with call.platform.database.reading() as connection:
        found = posts.most_read(connection, Span(limit))
    return public_json(call, {"items": _items_value(found)})


def _name(call: Call, parameter: str, what: str) -> str:
    """A placeholder of the path, in small letters. What cannot be a name is not looked for."""
    name = call.parameters[parameter].lower()
    if not NAME.fullmatch(name):
        raise _not_there(what)
    return name


def _not_there(what: str) -> RefusalError:
    return missing(f"There is no such {what}.")


def _author(connection: Connection, call: Call) -> Author:
    author = posts.author(connection, _name(call, "user", "user"))
    if author is None:
        raise _not_there("user")
    return author


def _span(call: Call) -> Span:
    """The part of a list that a query asks for. With texts it is shorter."""
    full = bool(whole_number(call, "full", _FULL))
    limit = whole_number(call, "limit", _LIMIT)
    offset = whole_number(call, "offset", _OFFSET)
    return Span(min(limit, MAX_TEXTS) if full else limit, offset, full)


def _author_value(author: Author) -> dict[str, Any]:
    return {
        "user": author.user,
        "name": author.name,
        "about": author.about,
        "joined_at": author.joined_at,
        "posts": author.posts,
    }


def _post_value(post: Post, text: str | None) -> dict[str, Any]:
    value = {
        "user": post.user,
        "name": post.name,
        "slug": post.slug,
        "title": post.title,
        "description": post.description,
        "tags": post.tags,
        "published_at": post.published_at,
        "edited_at": post.edited_at,
        "reads": post.reads,
    }
    return value if text is None else {**value, "markdown": text}


def _items_value(items: Iterable[tuple[Post, str | None]]) -> list[dict[str, Any]]:
    return [_post_value(post, None if text is None else beginning_of(text)) for post, text in items]


def _list_value(found: PostList) -> dict[str, Any]:
    return {"items": _items_value(found.items), "total": found.total}


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/posts/{user}/{slug}",
        Access.PUBLIC,
        _post,
        "A published post. At an address that it had before, too, with its present `slug`.",
        answer=_POST,
    ),
    Endpoint("GET", "/api/users/{user}", Access.PUBLIC, _user, "An author.", answer=_AUTHOR),
    Endpoint(
        "GET",
        "/api/users/{user}/posts",
        Access.PUBLIC,
        _posts_by_user,
        "The posts of an author, the newest first; `full=1` adds the beginnings of their texts.",
        query={"limit": _LIMIT, "offset": _OFFSET, "full": _FULL},
        answer=table(user=_AUTHOR, items=_ITEMS, total=COUNT),
    ),
    Endpoint(
        "GET",
        "/api/tags/{tag}/posts",
        Access.PUBLIC,
        _posts_by_tag,
        "The posts with a tag, the newest first.",
        query={"limit": _LIMIT, "offset": _OFFSET, "full": _FULL},
        answer=table(tag=TEXT, items=_ITEMS, total=COUNT),
    ),
    Endpoint(
        "GET",
        "/api/newest",
        Access.PUBLIC,
        _newest,
        "The posts that were published last.",
        query={"limit": _LIMIT, "full": _FULL},
        answer=table(items=_ITEMS),
    ),
    Endpoint(
        "GET",
        "/api/popular",
        Access.PUBLIC,
        _popular,
        "The posts with the most readers.",
        query={"limit": _LIMIT_OF_MOST_READ},
        answer=table(items=_ITEMS),
    ),
)
