"""What authors do with their posts: each is one transaction, with the purges of what it changes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from blog.account import Account
from blog.accounts.accounts import check_active
from blog.clock import text_of_time
from blog.database import Connection
from blog.platform import Platform
from blog.posts import markdown, own_posts
from blog.posts.changes import lock_author, post_change
from blog.posts.content import PostContent, is_visible
from blog.posts.own_posts import OwnPost
from blog.posts.slug import MAX_LENGTH, RESERVED, slug_of
from blog.refusal import RefusalError, invalid, not_found

MAX_POSTS = 10_000
"""The number of posts of an account."""
MAX_SCHEDULE_SECONDS = 5 * 366 * 24 * 3600
_TRIES = 20

TAKEN = "Another post of yours has this address."


def own_post(
    platform: Platform, account: Account, post: str, revision: int | None = None
) -> OwnPost:
    """A post of an account. Raises RefusalError if it is not theirs."""
    with platform.database.reading() as connection:
        return _find(connection, account, post, revision)


def own_post_at(platform: Platform, account: Account, slug: str) -> OwnPost:
    """The post of an account at an address. Raises RefusalError if there is none."""
    with platform.database.reading() as connection:
        return _find(connection, account, own_posts.id_of(connection, account.id, slug))


def create(platform: Platform, account: Account, content: PostContent, key: str = "") -> OwnPost:
    """Begin a post. What was sent twice, with the same key and content, begins one post."""
    with platform.database.writing() as connection:
        check_active(connection, account.id)
        post = own_posts.new_id(account.id, key)
        if found := own_posts.find(connection, account.id, post):
            if _is_shown(connection, account, content, found):
                return found
            post = own_posts.new_id(account.id)
        if own_posts.count(connection, account.id) >= MAX_POSTS:
            raise RefusalError(409, f"An account has at most {MAX_POSTS:,} posts.")
        content = _with_slug(connection, account, content, None)
        now = text_of_time(platform.clock())
        own_posts.create(connection, account.id, post, content.slug, now)
        own_posts.save_draft(connection, _find(connection, account, post), content, now)
        return _find(connection, account, post)


def save_draft(
    platform: Platform, account: Account, post: str, content: PostContent, revision: int
) -> OwnPost:
    """Store what the editor shows. Nobody else sees it."""
    with platform.database.writing() as connection:
        lock_author(connection, account.id)
        found = _find(connection, account, post)
        if _is_shown(connection, account, content, found):
            return found  # also at an old revision: a request that was sent twice
        _check_revision(found, revision)
        content = _with_slug(connection, account, content, found)
        draft = None if _is_same(content, found) else content
        own_posts.save_draft(connection, found, draft, text_of_time(platform.clock()))
        return _find(connection, account, post)


def publish(
    platform: Platform, account: Account, post: str, revision: int, at: float | None = None
) -> OwnPost:
    """Publish what the editor shows, or schedule it. Later edits are a draft until published."""
    _check_publishable(own_post(platform, account, post, revision).shown)
    now = platform.clock()
    is_later = at is not None and at > now

    def change(connection: Connection, found: OwnPost) -> None:
        content = _with_slug(connection, account, found.shown, found)
        after = _scheduled(found, at, now) if is_later else None
        after = after or own_posts.published(found, content, text_of_time(now))
        own_posts.store(connection, account.id, found, content)
        own_posts.set_status(connection, after)

    return _changed(platform, account, post, change, revision)


def unpublish(platform: Platform, account: Account, post: str) -> OwnPost:
    """Take a post away from visitors, or from the schedule. Its author keeps it."""

    def change(connection: Connection, found: OwnPost) -> None:
        status = "unpublished" if found.published_at else "draft"
        own_posts.set_status(connection, replace(found, status=status, publish_at=None))

    return _changed(platform, account, post, change)


def delete(platform: Platform, account: Account, post: str) -> None:
    """Delete a post. Its addresses are free again."""
    with platform.database.writing() as connection, post_change(connection, platform, post):
        own_posts.delete(connection, _find(connection, account, post).id)


def _changed(
    platform: Platform,
    account: Account,
    post: str,
    change: Callable[[Connection, OwnPost], None],
    revision: int | None = None,
) -> OwnPost:
    with platform.database.writing() as connection, post_change(connection, platform, post):
        change(connection, _find(connection, account, post, revision))
        return _find(connection, account, post)


def _find(
    connection: Connection, account: Account, post: str, revision: int | None = None
) -> OwnPost:
    """A post of an account, at the revision that its author has seen. Raises RefusalError."""
    found = own_posts.find(connection, account.id, post)
    if found is None:
        raise not_found("You have no such post.")
    if revision is not None:
        _check_revision(found, revision)
    return found


def _check_revision(found: OwnPost, revision: int) -> None:
    """Raises RefusalError if somebody has changed a post since this revision."""
    if revision != found.revision:
        raise RefusalError(
            409,
            "This post was changed in another window. Nothing is lost: what you wrote is here, "
            "and what was saved there is in the list of your posts.",
            {"revision": str(found.revision)},
        )


def _is_shown(
    connection: Connection, account: Account, content: PostContent, post: OwnPost
) -> bool:
    """Whether the editor shows this content already."""
    shown = post.shown
    if replace(content, slug=shown.slug) != shown:
        return False
    return content.slug == shown.slug or _with_slug(connection, account, content, post) == shown


def _is_same(content: PostContent, post: OwnPost) -> bool:
    """Whether there is nothing to publish: visitors see this, or will at the time set."""
    return post.status != "draft" and content == post.content


def _with_slug(
    connection: Connection, account: Account, content: PostContent, post: OwnPost | None
) -> PostContent:
    """The content with a slug that no other post of its author has. Raises RefusalError.

    A post that visitors have seen keeps its slug, unless its author writes another one.
    """
    own = post.id if post else ""
    if content.slug:
        if not own_posts.is_free(connection, account.id, content.slug, own):
            raise invalid({"slug": TAKEN})
        return content
    if post and post.published_at:
        return replace(content, slug=post.content.slug)
    wanted = slug_of(content.title) or "post"
    names = [wanted] if wanted not in RESERVED else []
    names += [_numbered(wanted, str(number)) for number in range(2, _TRIES)]
    names += [_numbered(wanted, secrets.token_hex(4))]
    free = (one for one in names if own_posts.is_free(connection, account.id, one, own))
    return replace(content, slug=next(free))


def _numbered(slug: str, number: str) -> str:
    return f"{slug[: MAX_LENGTH - 1 - len(number)].rstrip('-')}-{number}"


def _check_publishable(content: PostContent) -> None:
    """Raises RefusalError if a content cannot be a page."""
    if not is_visible(content.title):
        raise invalid({"title": "A post needs a title."})
    if not content.text.strip():
        raise invalid({"text": "There is no text yet."})
    markdown.html_of(content.text)


def _scheduled(post: OwnPost, at: float | None, now: float) -> OwnPost | None:
    if at is None:
        return None
    if post.status == "published":
        raise invalid({"at": "This post is published already."})
    if at > now + MAX_SCHEDULE_SECONDS:
        raise invalid({"at": "This is too far in the future."})
    return replace(post, status="scheduled", publish_at=text_of_time(at))
