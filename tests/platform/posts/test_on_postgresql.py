"""PostgreSQL does what SQLite does: the same tests again."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from blog.database import Database
from blog.migrate import migrate
from tests.platform.client import RunningApi, running_api
from tests.platform.posts import (
    test_author_changes,
    test_schedule,
    test_source_api,
    test_writing,
)
from tests.platform.posts.stored import empty, store_account
from tests.services import running_postgres

pytestmark = pytest.mark.postgres

FIXTURES = {"api", "ana", "bo"}


def _tests(*modules: ModuleType) -> Iterator[Callable[..., None]]:
    for module in modules:
        for name, function in vars(module).items():
            if name.startswith("test_") and {*inspect.signature(function).parameters} <= FIXTURES:
                yield function


TESTS = list(_tests(test_author_changes, test_schedule, test_source_api, test_writing))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_postgres() as service:
        yield service.url


@pytest.fixture
def api(url: str, tmp_path: Path) -> Iterator[RunningApi]:
    database = Database(url)
    migrate(database)
    empty(database)
    database.close()
    with running_api(tmp_path, database_url=url) as running:
        yield running


def test_these_are_many_tests() -> None:
    assert len(TESTS) > 30


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.__name__)
def test_the_same_on_postgresql(
    request: pytest.FixtureRequest, api: RunningApi, test: Callable[..., None]
) -> None:
    wanted = {*inspect.signature(test).parameters}
    values = {name: request.getfixturevalue(name) for name in wanted - {"ana"}}
    if "ana" in wanted and inspect.getmodule(test) is test_source_api:
        with api.platform.database.writing() as connection:
            values["ana"] = store_account(connection, "ana", display_name="Ana Lima", about="*Hi*")
    elif "ana" in wanted:
        values["ana"] = request.getfixturevalue("ana")
    test(**values)
