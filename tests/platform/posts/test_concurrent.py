"""Several threads and processes change the same posts: nothing is lost, nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from blog.account import Account
from blog.database import Database
from blog.migrate import migrate
from blog.platform import Platform
from blog.posts import schedule, writing
from blog.posts.changes import author_change, delete_all_of
from blog.posts.content import PostContent
from blog.posts.own_posts import OwnPost
from blog.refusal import RefusalError
from blog.settings import Settings
from tests.platform.client import SECRET, SITE_URL, SetClock
from tests.platform.posts.stored import empty, store_account
from tests.services import running_postgres

SECONDS = 30.0


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with running_postgres() as service:
        yield service.url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    """A platform with an empty database of each kind."""
    if request.param == "sqlite":
        yield from _platform(f"sqlite:///{tmp_path / 'blog.db'}")
    else:
        yield from _platform(request.getfixturevalue("postgresql"))


def _platform(url: str) -> Iterator[Platform]:
    database = Database(url)
    migrate(database)
    empty(database)
    yield Platform(Settings(url, SITE_URL, SECRET, SECRET, (SITE_URL,)), database, SetClock())
    database.close()


def _account(platform: Platform, name: str) -> Account:
    with platform.database.writing() as connection:
        return Account(store_account(connection, name), name, name.title())


def _content(slug: str = "", text: str = "X", tags: tuple[str, ...] = ("sea",)) -> PostContent:
    return PostContent("Title", "", text, tags, slug)


def _together(*actions: Callable[[], object]) -> list[BaseException]:
    """Run actions at the same time; returns what they raised beside refusals."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(actions))

    def run(action: Callable[[], object]) -> None:
        start.wait(SECONDS)
        try:
            action()
        except RefusalError:
            pass
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=[action], daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return errors


def test_of_two_who_save_the_same_revision_one_is_told(platform: Platform) -> None:
    ana = _account(platform, "ana")
    post = writing.create(platform, ana, _content())
    saved: list[OwnPost] = []
    refused: list[int] = []

    def save(text: str) -> Callable[[], None]:
        def action() -> None:
            try:
                draft = _content(post.shown.slug, text)
                saved.append(writing.save_draft(platform, ana, post.id, draft, post.revision))
            except RefusalError as error:
                refused.append(error.status)

        return action

    assert _together(*(save(str(number)) for number in range(6))) == []
    assert (len(saved), refused) == (1, [409] * 5)
    assert writing.own_post(platform, ana, post.id).shown.text == saved[0].shown.text


def test_each_acknowledged_save_is_a_revision(platform: Platform) -> None:
    ana = _account(platform, "ana")
    post = writing.create(platform, ana, _content())
    done: list[int] = []

    def save_often(name: str) -> None:
        for number in range(8):
            present = writing.own_post(platform, ana, post.id)
            draft = _content(post.shown.slug, f"{name} {number}")
            try:
                writing.save_draft(platform, ana, post.id, draft, present.revision)
                done.append(1)
            except RefusalError as error:
                assert error.status == 409

    assert _together(*(lambda n=name: save_often(n) for name in "abcd")) == []
    assert writing.own_post(platform, ana, post.id).revision == post.revision + len(done)


def test_only_one_post_gets_an_address(platform: Platform) -> None:
    ana = _account(platform, "ana")
    posts = [writing.create(platform, ana, _content()) for _ in range(4)]
    posts = [writing.publish(platform, ana, one.id, one.revision) for one in posts]

    def rename(post: OwnPost) -> Callable[[], object]:
        def action() -> None:
            draft = writing.save_draft(platform, ana, post.id, _content("wanted"), post.revision)
            writing.publish(platform, ana, post.id, draft.revision)

        return action

    assert _together(*map(rename, posts)) == []
    slugs = [writing.own_post(platform, ana, one.id).content.slug for one in posts]
    assert slugs.count("wanted") == 1
    assert len(set(slugs)) == 4


def test_all_kinds_of_changes_at_once(platform: Platform) -> None:
    """Two authors, all changes that lock, and the schedule, without a deadlock or an error."""
    accounts = [_account(platform, name) for name in ("ana", "ben")]
    mine = [
        (one, writing.create(platform, one, _content(f"p{number}")))
        for one in accounts
        for number in range(3)
    ]

    def publish_and_take_away() -> None:
        for _ in range(4):
            for account, post in mine:
                _try(lambda a=account, p=post.id: _publish(platform, a, p))  # type: ignore[misc]
                _try(lambda a=account, p=post.id: writing.unpublish(platform, a, p))  # type: ignore[misc]

    def schedule_posts() -> None:
        for _ in range(4):
            for account, post in mine:
                at = platform.clock() + 1
                _try(lambda a=account, p=post.id, t=at: _publish(platform, a, p, t))  # type: ignore[misc]
            clock: Any = platform.clock
            clock.advance(2)
            schedule.publish_due(platform)

    def rename_authors() -> None:
        for number in range(8):
            account = accounts[number % 2]
            with (
                platform.database.writing() as connection,
                author_change(connection, platform, account.id),
            ):
                connection.change(
                    "UPDATE account SET display_name = :name, suspended = :gone WHERE id = :id",
                    name=str(number),
                    gone=int(number % 3 == 1),
                    id=account.id,
                )

    def delete_some() -> None:
        for _ in range(3):
            post = writing.create(platform, accounts[1], _content())
            writing.delete(platform, accounts[1], post.id)
        with platform.database.writing() as connection:
            delete_all_of(connection, accounts[1].id)

    works = (publish_and_take_away, publish_and_take_away, schedule_posts, rename_authors)
    assert _together(*works, delete_some, schedule_posts) == []
    with platform.database.reading() as connection:
        listed = connection.rows("SELECT post, tag FROM post_tag ORDER BY post")
        visible = connection.rows(
            """SELECT p.id FROM post p JOIN account a ON a.id = p.author
               WHERE p.status = 'published' AND a.suspended = 0 ORDER BY p.id"""
        )
    assert [row["post"] for row in listed] == [row["id"] for row in visible]


def _publish(platform: Platform, account: Account, post: str, at: float | None = None) -> None:
    writing.publish(platform, account, post, writing.own_post(platform, account, post).revision, at)


def _try(action: Callable[[], object]) -> None:
    try:
        action()
    except RefusalError as error:
        assert error.status in {404, 409, 422}
