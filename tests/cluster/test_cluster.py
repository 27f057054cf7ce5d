"""Whatever fails, no visitor sees what was purged, and the servers heal by themselves."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.cluster import PAGES, SERVERS, Cluster, Seen, outdated, running_cluster

pytestmark = [pytest.mark.redis, pytest.mark.xdist_group("cluster")]

RATE = 120.0
HEAL_SECONDS = 5.0


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("cluster")) as one:
        yield one


def _failed(answers: list[Seen]) -> Counter[tuple[str, int]]:
    return Counter((one.url, one.status) for one in answers if one.status != 200)


def _change_all(cluster: Cluster, seconds: float, *servers: str) -> int:
    """Change pages one after the other, through these servers in turn; returns how many."""
    changed, number, until = 0, 0, time.monotonic() + seconds
    while time.monotonic() < until:
        changed += cluster.change(number % PAGES, servers[number % len(servers)])
        number += 1
    return changed


def test_nothing_older_than_its_purge_is_served(cluster: Cluster) -> None:
    load = cluster.start_load(6, RATE)
    changed = _change_all(cluster, 5, *SERVERS)
    answers = load.answers()
    assert changed >= len(SERVERS)
    assert not _failed(answers)
    assert outdated(answers, cluster.purged) == []
    assert len({one.version for one in answers}) > 1


def test_a_server_that_is_killed_leaves_the_others(cluster: Cluster) -> None:
    load = cluster.start_load(8, RATE)
    time.sleep(1)
    cluster.servers["two"].kill()
    changed = _change_all(cluster, 3, "one", "three")
    cluster.servers["two"].start()
    back = time.time()
    answers = load.answers()
    assert changed >= 1
    assert {url for url, _ in _failed(answers)} <= {cluster.url("two")}
    assert not _failed([one for one in answers if one.begin > back + HEAL_SECONDS])
    assert outdated(answers, cluster.purged) == []


def test_redis_that_is_killed_fails_no_visitor(cluster: Cluster) -> None:
    load = cluster.start_load(10, RATE)
    time.sleep(1)
    cluster.redis.kill()
    time.sleep(1)
    assert not cluster.change(3, "one"), "a purge that nobody can keep must not be accepted"
    time.sleep(1)
    cluster.redis.start()
    back = time.monotonic()
    while not cluster.change(3, "one"):
        assert time.monotonic() < back + HEAL_SECONDS
    answers = load.answers()
    assert not _failed(answers)
    assert outdated(answers, cluster.purged) == []


def test_a_server_that_is_cut_off_from_redis_serves_nothing_outdated(cluster: Cluster) -> None:
    """Its visitors still reach it: only Redis is away, as a fault of the network can have it."""
    load = cluster.start_load(9, RATE)
    time.sleep(1)
    _block(cluster, "three", "add")
    try:
        changed = _change_all(cluster, 4, "one", "two")
    finally:
        _block(cluster, "three", "del")
    back = time.monotonic()
    while not cluster.change(5, "three"):
        assert time.monotonic() < back + HEAL_SECONDS
    answers = load.answers()
    assert changed >= 1
    assert not _failed(answers)
    assert outdated(answers, cluster.purged) == []


def test_a_server_that_pauses_serves_nothing_outdated(cluster: Cluster) -> None:
    load = cluster.start_load(6, RATE / 2)
    time.sleep(1)
    cluster.servers["one"].send(signal.SIGSTOP)
    try:
        changed = _change_all(cluster, 2, "two")
    finally:
        cluster.servers["one"].send(signal.SIGCONT)
    answers = load.answers()
    assert changed >= 1
    assert not _failed(answers)
    assert outdated(answers, cluster.purged) == []


def _block(cluster: Cluster, server: str, what: str) -> None:
    """Let nothing of a server reach Redis, by a route that leads nowhere."""
    import subprocess

    redis = cluster.machines["redis"].address
    words = ["ip", "route", what, "blackhole", f"{redis}/32"]
    subprocess.run(cluster.machines[server].command(words), check=True, timeout=10)


def test_the_cluster_is_still_well(cluster: Cluster, tmp_path: Path) -> None:
    answers = cluster.start_load(2, RATE).answers()
    assert not _failed(answers)
    assert outdated(answers, cluster.purged) == []
