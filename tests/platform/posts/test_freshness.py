"""What is purged is what changes: random histories, with the pages of the site as a model.

After each change all pages are compared with those before it. Each page that differs has a tag
that was purged, and each tag that was purged is one of a page that differs.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from blog.account import Account
from blog.clock import text_of_time
from blog.database import Connection, Database
from blog.migrate import migrate
from blog.platform import Platform
from blog.posts import posts, schedule, writing
from blog.posts.changes import author_change, delete_all_of, note, post_change
from blog.posts.content import PostContent
from blog.posts.freshness import (
    VisibleAuthor,
    VisiblePost,
    tags_of_author_change,
    tags_of_change,
)
from blog.posts.post import Post, Span
from blog.refusal import RefusalError
from blog.settings import Settings
from tests.platform.client import SECRET, SITE_URL, SetClock
from tests.platform.posts.stored import store_account

USERS = ("ana", "ben")
SLUGS = ("a", "b", "c")
TAGS = ("sea", "sun", "sky")
ON_HOME = 2
ALL = Span(100)

Pages = Mapping[str, tuple[frozenset[str], object]]
"""The tags and the content of each page, by its path."""


def _pages(connection: Connection) -> Pages:
    return dict(_all_pages(connection))


def _all_pages(connection: Connection) -> Iterator[tuple[str, tuple[frozenset[str], object]]]:
    for user in USERS:
        author = posts.author(connection, user)
        texts = Span(100, has_texts=True)
        listed = author and (author, posts.by_author(connection, author, texts))
        yield f"/{user}/", (frozenset({f"user:{user}", f"posts-by:{user}"}), listed)
        for slug in SLUGS:
            yield f"/{user}/{slug}/", _post_page(connection, user, slug)
    for tag in TAGS:
        yield f"/tags/{tag}/", (frozenset({f"tag:{tag}"}), posts.by_tag(connection, tag, ALL))
    home = Span(ON_HOME, has_texts=True)
    both = posts.newest(connection, home), posts.most_read(connection, home)
    yield "/", (frozenset({"newest"}), both)


def _post_page(connection: Connection, user: str, slug: str) -> tuple[frozenset[str], object]:
    """The page of a post, the redirect to it, or that there is none; as the route says."""
    tags = {f"user:{user}", f"post:{user}/{slug}"}
    found = posts.post(connection, user, slug)
    if found is None:
        return frozenset(tags), None
    present = found[0].slug
    return frozenset({*tags, f"post:{user}/{present}"}), found if present == slug else present


class History:
    """A platform whose authors do something again and again."""

    def __init__(self, folder: Path) -> None:
        self.clock = SetClock()
        url = f"sqlite:///{folder / 'blog.db'}"
        chosen = Settings(url, SITE_URL, SECRET, SECRET, (SITE_URL,))
        self.platform = Platform(chosen, Database(url), self.clock)
        migrate(self.platform.database)
        with self.platform.database.writing() as connection:
            self.accounts = [
                Account(store_account(connection, name), name, name.title()) for name in USERS
            ]

    def check(self, change: Callable[[], object]) -> None:
        """Make a change, and compare what it has purged with what it has changed."""
        before = self._look()
        with suppress(RefusalError):
            change()
        after, purged = self._look(), self._purged()
        changed = [path for path in before if before[path][1] != after[path][1]]
        for path in changed:
            assert before[path][0] & purged, f"{path} is old; purged: {purged}"
        named = {tag for path in changed for tag in before[path][0] | after[path][0]}
        assert purged <= named, f"purged in vain: {purged - named}; changed: {changed}"

    def _look(self) -> Pages:
        with self.platform.database.reading() as connection:
            return _pages(connection)

    def _purged(self) -> frozenset[str]:
        with self.platform.database.writing() as connection:
            tags = frozenset(row["tag"] for row in connection.rows("SELECT tag FROM purge"))
            connection.change("DELETE FROM purge")
        return tags

    def post(self, number: int) -> tuple[Account, str, int] | None:
        """One of the posts there are, with its author and its revision."""
        with self.platform.database.reading() as connection:
            rows = connection.rows("SELECT id, author, revision FROM post ORDER BY created_at, id")
        if not rows:
            return None
        row = rows[number % len(rows)]
        account = next(one for one in self.accounts if one.id == row["author"])
        return account, row["id"], row["revision"]


def _create(history: History, who: int, number: int, content: PostContent) -> None:
    del number
    writing.create(history.platform, history.accounts[who], content)


def _of_post(
    action: Callable[[Platform, Account, str, int, PostContent], object],
) -> Callable[[History, int, int, PostContent], None]:
    def change(history: History, who: int, number: int, content: PostContent) -> None:
        del who
        if found := history.post(number):
            action(history.platform, *found, content)

    return change


def _edit(
    platform: Platform, account: Account, post: str, revision: int, content: PostContent
) -> None:
    saved = writing.save_draft(platform, account, post, content, revision)
    writing.publish(platform, account, post, saved.revision)


def _hide(platform: Platform, _: Account, post: str, __: int, content: PostContent) -> None:
    with platform.database.writing() as connection, post_change(connection, platform, post):
        hidden = int("sea" in content.tags)
        connection.change("UPDATE post SET hidden = :hidden WHERE id = :id", hidden=hidden, id=post)


def _set_author(column: str) -> Callable[[History, int, int, PostContent], None]:
    def change(history: History, who: int, number: int, content: PostContent) -> None:
        value: object = number % 2 if column == "suspended" else content.title
        account = history.accounts[who]
        with _changing(history, account) as connection:
            connection.change(
                f"UPDATE account SET {column} = :value WHERE id = :id",  # noqa: S608 a column below
                value=value,
                id=account.id,
            )

    return change


@contextmanager
def _changing(history: History, account: Account) -> Iterator[Connection]:
    platform = history.platform
    with (
        platform.database.writing() as connection,
        author_change(connection, platform, account.id),
    ):
        yield connection


def _delete_all(history: History, who: int, number: int, content: PostContent) -> None:
    del number, content
    account = history.accounts[who]
    with history.platform.database.writing() as connection:
        tags = delete_all_of(connection, account.id)
        connection.change("UPDATE account SET deleted = 1 WHERE id = :id", id=account.id)
        note(connection, history.platform, tags)


def _later(history: History, who: int, number: int, content: PostContent) -> None:
    del who, content
    history.clock.advance(1 + number)
    schedule.publish_due(history.platform)


CHANGES: Mapping[str, Callable[[History, int, int, PostContent], None]] = {
    "create": _create,
    "save": _of_post(lambda p, a, i, r, c: writing.save_draft(p, a, i, c, r)),
    "publish": _of_post(lambda p, a, i, r, _: writing.publish(p, a, i, r)),
    "edit": _of_post(_edit),
    "schedule": _of_post(lambda p, a, i, r, _: writing.publish(p, a, i, r, p.clock() + 5)),
    "unpublish": _of_post(lambda p, a, i, _, __: writing.unpublish(p, a, i)),
    "delete": _of_post(lambda p, a, i, _, __: writing.delete(p, a, i)),
    "hide": _of_post(_hide),
    "later": _later,
    "name": _set_author("display_name"),
    "about": _set_author("about"),
    "suspend": _set_author("suspended"),
    "delete all": _delete_all,
}
_OFTEN = ("create", "edit", "edit", "edit", "publish", "publish", "later", "unpublish")

_contents = st.builds(
    PostContent,
    title=st.sampled_from(["One", "Two"]),
    description=st.just(""),
    text=st.sampled_from(["A", "B"]),
    tags=st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple),
    slug=st.sampled_from(SLUGS),
)
_steps = st.tuples(
    st.sampled_from([*CHANGES, *_OFTEN]), st.integers(0, 1), st.integers(0, 5), _contents
)


def _history(*steps: str) -> list[tuple[str, int, int, PostContent]]:
    """Steps of the first author, written `edit SLUG`. The post is the last one of the history."""
    words = [step.split() for step in steps]
    created = [sum(name == "create" for name, _ in words[:end]) for end in range(len(words))]
    return [
        (name, 0, max(count - 1, 0), PostContent("One", "", "A", ("sea",), slug))
        for (name, slug), count in zip(words, created, strict=True)
    ]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(_steps, min_size=5, max_size=16))
@example(_history("create a", "publish a", "edit b", "unpublish b", "publish b"))
@example(_history("create a", "publish a", "edit b", "schedule b", "unpublish b", "later b"))
@example(_history("create a", "publish a", "edit b", "create a", "publish a", "delete b"))
def test_what_is_purged_is_what_changes(
    monkeypatch: pytest.MonkeyPatch, steps: list[tuple[str, int, int, PostContent]]
) -> None:
    monkeypatch.setattr(posts, "MAX_ON_HOME", ON_HOME)
    monkeypatch.setattr(posts, "MAX_AT_ONCE", 0)
    with tempfile.TemporaryDirectory() as folder:
        history = History(Path(folder))
        for name, who, number, content in steps:
            history.clock.advance(1 + number % 2)  # two edits of a second are one
            history.check(lambda n=name, w=who, k=number, c=content: CHANGES[n](history, w, k, c))  # type: ignore[misc]
        history.platform.database.close()


POST = Post("ana", "Ana", "new", "T", "", ("sea",), text_of_time(0), None, 0)


def test_a_change_of_nothing_purges_nothing() -> None:
    shown = VisiblePost(POST, "text", frozenset({"old"}), is_on_home=True)
    assert tags_of_change(shown, shown) == tags_of_change(None, None) == frozenset()


def test_a_post_that_appears_is_new_at_its_old_addresses_too() -> None:
    shown = VisiblePost(POST, "text", frozenset({"old"}))
    tags = {"post:ana/new", "post:ana/old", "posts-by:ana", "tag:sea"}
    assert tags_of_change(None, shown) == tags_of_change(shown, None) == tags


def test_an_edit_does_not_purge_redirects_and_purges_home_only_if_it_shows_the_post() -> None:
    before = VisiblePost(POST, "text", frozenset({"old"}))
    after = replace(before, text="new", post=replace(POST, tags=("sun",)))
    tags = {"post:ana/new", "posts-by:ana", "tag:sea", "tag:sun"}
    assert tags_of_change(before, after) == tags
    assert tags_of_change(before, replace(after, is_on_home=True)) == {*tags, "newest"}


def test_lists_show_the_name_of_an_author_but_not_what_they_say_about_themselves() -> None:
    before = VisibleAuthor("ana", "Ana", "", frozenset({"sea"}), is_on_home=True)
    assert tags_of_author_change(before, replace(before, about="Hi")) == {"user:ana"}
    everywhere = {"user:ana", "tag:sea", "newest"}
    assert tags_of_author_change(before, replace(before, name="A")) == everywhere
    assert tags_of_author_change(before, None) == everywhere
    assert tags_of_author_change(None, replace(before, tags=frozenset())) == {"user:ana", "newest"}
    assert tags_of_author_change(before, before) == frozenset()
