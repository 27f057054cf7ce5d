"""A Redis for the tests of a module, and two servers with a namespace of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.edge.storage.redis.servers import Server
from tests.services import RedisService, running_redis


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisService]:
    """A Redis without persistence."""
    with running_redis(tmp_path_factory.mktemp("redis")) as service:
        yield service


@pytest.fixture
def here(redis: RedisService) -> Iterator[Server]:
    """A server with a namespace that no other test uses."""
    with closing(Server(redis.url)) as server:
        yield server


@pytest.fixture
def there(here: Server) -> Iterator[Server]:
    """A server that shares it."""
    with closing(here.another()) as server:
        yield server
