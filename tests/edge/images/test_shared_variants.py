"""Variants of pictures on two machines that share a Redis: each is made once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ssg.edge.events import EdgeRecord, VariantOutcome, VariantRecord
from ssg.edge.images.variant_requests import VariantRequests, VariantResult
from ssg.edge.single_flight import Ticket
from ssg.edge.storage.redis.redis_namespace import RedisNamespace
from ssg.edge.thread_pool import DaemonThreadPool
from ssg.model.images.variant import Variant
from tests.edge.storage.redis.servers import Server
from tests.preview.running import until
from tests.services import RedisService, running_redis

from .pictures import TextPictures, pictures, variant

pytestmark = [pytest.mark.redis, pytest.mark.xdist_group("shared variants")]


class Machine:
    """One machine: a folder of variants of its own, and a Redis that it shares."""

    def __init__(self, folder: Path, pages: RedisNamespace) -> None:
        self.images: TextPictures = pictures(folder)
        self.records: list[EdgeRecord] = []
        pool = DaemonThreadPool(2)
        self.requests = VariantRequests(
            self.images, pages, spawn=pool.bounded, log=self.records.append, limit_seconds=10
        )

    def ask(self, asked: Variant) -> VariantResult:
        found = self.requests.request(asked)
        if isinstance(found, Ticket):
            found.future.result(10)
            result = self.requests.result_of(found)
            assert isinstance(result, VariantResult)
            return result
        return found


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisService]:
    with running_redis(tmp_path_factory.mktemp("redis")) as service:
        yield service


@pytest.fixture
def machines(redis: RedisService, tmp_path: Path) -> Iterator[tuple[Machine, Machine]]:
    with closing(Server(redis.url)) as one, closing(Server(redis.url, one.name)) as other:
        for server in (one, other):
            assert server.pages.reload("/of-no-page/") is None  # gets a lease
        yield Machine(tmp_path / "one", one.pages), Machine(tmp_path / "other", other.pages)


def test_what_one_machine_has_made_the_other_gets(machines: tuple[Machine, Machine]) -> None:
    one, other = machines
    made = one.ask(variant())
    assert made.outcome is VariantOutcome.MADE
    until(lambda: other.requests._shared.reload(variant().path) is not None)
    got = other.ask(variant())
    assert (got.outcome, got.file.etag) == (VariantOutcome.SHARED, made.file.etag)
    assert other.images.makes == []
    assert got.file.path and got.file.path.read_bytes() == one.images.make_with(variant())
    assert other.ask(variant()).outcome is VariantOutcome.CACHED


def test_both_at_once_make_it_once(machines: tuple[Machine, Machine]) -> None:
    def slow(asked: Variant) -> bytes:
        time.sleep(0.3)
        return asked.file_name.encode()

    for machine in machines:
        machine.images.make_with = slow
    asked = variant("1" * 16)
    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(lambda number: machines[number % 2].ask(asked), range(20)))
    assert len({one.file.etag for one in results}) == 1
    assert len([*machines[0].images.makes, *machines[1].images.makes]) == 1
    told = [one for machine in machines for one in machine.records]
    assert [one.outcome for one in told if isinstance(one, VariantRecord)] == [VariantOutcome.MADE]


def test_pictures_take_no_memory_of_pages(machines: tuple[Machine, Machine]) -> None:
    one, _ = machines
    asked = variant("2" * 16)
    one.ask(asked)
    until(lambda: one.requests._shared.reload(asked.path) is not None)
    assert one.requests._shared.get(asked.path) is None
