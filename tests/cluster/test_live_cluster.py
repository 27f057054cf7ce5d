"""Live pages on several servers: who publishes and purges is read by the next visitor."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.cluster.cluster import PAGES, SERVERS, Cluster, outdated, running_cluster
from tests.cluster.test_cluster import RATE, _change_all, _failed

pytestmark = [pytest.mark.redis, pytest.mark.xdist_group("cluster")]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running_cluster(tmp_path_factory.mktemp("live-cluster"), live=True) as one:
        yield one


def test_what_is_published_is_seen_by_the_next_visitor_of_each_server(cluster: Cluster) -> None:
    load = cluster.start_load(6, RATE)
    changed = _change_all(cluster, 5, *SERVERS)
    answers = load.answers()
    assert changed >= len(SERVERS)
    assert not _failed(answers)
    assert outdated(answers, cluster.purged) == []
    assert len({one.version for one in answers}) > 1


def test_a_page_that_was_asked_for_before_it_existed_is_seen_on_all_servers(
    cluster: Cluster,
) -> None:
    new, file = PAGES + 1, cluster.versions / str(PAGES + 1)
    before = [cluster.visit(server, f"/doc/{new}/") for server in SERVERS]
    assert [status for status, _ in before] == [404] * 3
    file.write_text("0")
    assert cluster.change(new, "two")
    after = [cluster.visit(server, f"/doc/{new}/") for server in SERVERS]
    assert after == [(200, 1)] * 3


def test_an_api_that_is_away_fails_no_visitor_of_a_page_that_was_seen(cluster: Cluster) -> None:
    for page in range(PAGES):
        assert cluster.visit("one", f"/doc/{page}/")[0] == 200
    load = cluster.start_load(4, RATE)
    time.sleep(1)
    cluster.api.kill()
    try:
        time.sleep(2)
    finally:
        cluster.api.start()
    answers = load.answers()
    assert not _failed(answers)
    assert outdated(answers, cluster.purged) == []
