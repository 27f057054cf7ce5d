"""Responses in Redis: what is shared, what is forgotten, and what is never trusted."""

from __future__ import annotations

import gc
import os
import time
from contextlib import closing
from dataclasses import replace

import pytest

from ssg.edge.purge_index import LogPosition, TagChanges
from ssg.edge.storage.cache_listing import dump_label
from ssg.edge.storage.disk_cache import dump_entry
from ssg.edge.storage.namespace import CacheNamespace, CacheStore
from ssg.edge.storage.redis import shared_purge_log
from ssg.edge.storage.redis.keys import NAMES
from tests.edge.storage.redis.servers import QUICK, Server, entry, settle
from tests.services import RedisService, wait_until

pytestmark = [pytest.mark.redis, pytest.mark.timeout(60)]


def test_it_is_a_cache_namespace(here: Server) -> None:
    pages: CacheNamespace = here.pages
    store: CacheStore = here.store
    assert pages.is_remote
    assert store.open(here.name).get("/a/") is None


def test_what_one_server_stores_another_one_finds(here: Server, there: Server) -> None:
    assert here.body() is None
    here.put("/a/", b"\x00\xff</body>")
    here.put("/gone/", b"gone", status=404)
    assert there.memory() is None  # Redis is read by flights only
    assert there.body() == b"\x00\xff</body>"
    assert there.memory() == b"\x00\xff</body>"
    assert there.body("/gone/") == b"gone"
    assert there.pages.page_count() == 1
    assert there.pages.paths() == ["/a/", "/gone/"]
    used, limit = there.pages.disk_bytes()
    assert used > 100_000
    assert limit == 0


def test_a_page_replaces_a_404_and_the_other_way_round(here: Server, there: Server) -> None:
    for status in (404, 200, 404):
        here.put("/a/", str(status).encode(), status=status)
        assert there.body() == str(status).encode()
    assert len(there.client.keys(f"*{here.pages._keys.namespace}*:*/a/")) == 1


@pytest.mark.parametrize("path", ["/%C3%A9/", "/\udcff\ud800/", "/{a}:*?[b]/\n", "/" + "x" * 5000])
def test_a_path_may_have_any_character(here: Server, there: Server, path: str) -> None:
    here.put(path, b"page")
    assert there.body(path) == b"page"
    assert there.pages.paths() == [path]
    with there.pages.lock(path, 1) as is_held:
        assert is_held
    assert not here.said + there.said


def test_entries_expire_and_the_log_does_not(here: Server) -> None:
    here.put("/a/")
    here.put("/gone/", status=404)
    keys = here.pages._keys
    assert here.client.ttl(keys.entry("/a/", missing=False)) > 20 * 24 * 3600
    assert 0 < here.client.ttl(keys.entry("/gone/", missing=True)) <= 120
    assert here.client.ttl(keys.purges) == here.client.ttl(keys.servers) == -1


@pytest.mark.parametrize(
    "purge",
    [
        lambda pages: pages.purge_tags(["site"]),
        lambda pages: pages.purge(["/%61"]),
        lambda pages: pages.clear(),
    ],
)
def test_after_a_purge_no_server_has_the_page(here: Server, there: Server, purge: object) -> None:
    here.put()
    assert there.body() == there.memory() == b"body"
    assert purge(here.pages) == 1  # type: ignore[operator]
    assert there.memory() is None
    assert there.body() is None
    assert here.body() is None


def test_a_purge_leaves_other_pages(here: Server, there: Server) -> None:
    here.put("/a/", tags=("page:a",))
    here.put("/b/", tags=("page:b",))
    assert there.body("/a/")
    assert there.body("/b/")
    assert here.pages.purge_tags(["page:a"]) == 1
    assert (there.memory("/a/"), there.memory("/b/")) == (None, b"body")
    assert here.pages.purge_tags([]) == 0


def test_what_was_read_before_a_purge_is_not_stored_after_it(here: Server, there: Server) -> None:
    assert here.body() is None
    read_at = here.pages.position()
    assert read_at is not None
    there.pages.purge_tags(["site"])
    late = replace(entry(), read_at=read_at)
    assert not here.pages.is_valid("/a/", late)
    here.pages.put("/a/", late, None)
    assert there.body() is None
    assert here.body() is None


def test_a_purge_is_quick_once_earlier_leases_have_ended(here: Server, there: Server) -> None:
    assert here.body() is there.body() is None
    began = time.monotonic()
    here.pages.purge_tags(["site"])  # a Redis that has just begun may not know all servers
    assert QUICK.lease / 2 < time.monotonic() - began < 3 * QUICK.end_of_all
    settle(here, there)
    times = []
    for _ in range(50):
        began = time.monotonic()
        there.pages.purge_tags(["site"])
        times.append(time.monotonic() - began)
    assert sorted(times)[45] < QUICK.lease / 3


def test_a_server_that_ended_is_waited_for_once(here: Server, there: Server) -> None:
    settle(here, there)
    thread = there.pages._follower._thread
    there.pages._follower._stop.set()  # as if it was killed: it does not leave the list
    assert thread is not None
    thread.join(5)
    began = time.monotonic()
    here.pages.purge_tags(["site"])
    assert time.monotonic() - began > QUICK.lease
    began = time.monotonic()
    here.pages.purge_tags(["site"])
    assert time.monotonic() - began < QUICK.lease / 2


def test_a_server_that_closes_is_not_waited_for(here: Server, there: Server) -> None:
    settle(here, there)
    there.close()
    began = time.monotonic()
    here.pages.purge_tags(["site"])
    assert time.monotonic() - began < QUICK.lease / 2
    assert there.body() is None  # it opens again


def test_a_paused_server_serves_nothing_older_than_a_purge(here: Server, there: Server) -> None:
    """A process that is stopped and goes on: its lease has ended meanwhile."""
    here.put()
    assert there.body() == b"body"
    settle(here, there)
    assert there.memory() == b"body"
    there.pages._follower._stop.set()  # its thread stands still, like that of a paused process
    began = time.monotonic()
    here.pages.purge_tags(["site"])
    assert time.monotonic() - began < 3 * QUICK.end_of_all
    assert there.memory() is None
    assert there.body() is None


def test_damage_to_the_log_forgets_everything(here: Server, there: Server) -> None:
    for damage in (
        here.client.delete,
        lambda key: here.client.set(key, "something else"),
        lambda key: here.client.set(key, here.client.get(key)[:-5]),
        lambda key: here.client.append(key, "?\n"),
        lambda _: here.client.delete(here.pages._keys.servers),
    ):
        here.put()
        here.pages.purge_tags(["other"])
        assert there.body() == b"body"
        damage(here.pages._keys.purges)
        assert wait_until(lambda: here.body() is there.body() is None, 5)
        assert here.memory() is there.memory() is None
    here.put(body=b"new")
    assert there.body() == b"new"


def test_a_log_that_is_too_large_begins_again_and_knows_the_build(
    here: Server, there: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(here.pages._log, "_max_bytes", 120)
    here.pages.deploy("b1", None)
    generations = set()
    for number in range(40):
        here.put(body=str(number).encode())
        assert there.body() == str(number).encode()
        here.pages.purge_tags([f"tag-{number}"])
        position = there.pages.position("b1")
        assert position is not None
        generations.add(position.generation)
    assert 2 < len(generations) < 20
    assert here.client.strlen(here.pages._keys.purges) < 300


def test_many_purges_at_once_forget_everything(
    here: Server, there: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_purge_log, "MAX_LINES", 10)
    here.put()
    assert there.body() == b"body"
    here.pages.purge_tags(f"tag-{number}" for number in range(11))
    assert there.memory() is None
    here.put()
    here.pages.deploy("b1", TagChanges("", tuple(f"tag-{number}" for number in range(11))))
    assert here.memory() is None


# -- what is not trusted -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"\x00", b"\xff" * 40, b"\x00\x00\x00\x02{}", b"\0\1\0\0" + b"[" * 65536]
)
def test_bytes_that_are_not_an_entry_are_a_miss_and_deleted(here: Server, data: bytes) -> None:
    assert here.body() is None
    key = here.pages._keys.entry("/a/", missing=False)
    here.client.hset(key, mapping={"entry": data, "label": b"\xff"})
    assert here.body() is None
    assert not here.client.exists(key)
    assert list(here.pages.entry_infos()) == []
    assert not here.said


def test_a_key_of_another_type_is_a_miss_and_replaced(here: Server, there: Server) -> None:
    for missing in (False, True):
        here.client.set(here.pages._keys.entry("/a/", missing=missing), "x")
    assert here.body() is None
    assert list(here.pages.entry_infos()) == []
    here.put()
    assert there.body() == b"body"


def test_an_entry_of_another_log_does_not_count(here: Server) -> None:
    assert here.body() is None
    position = here.pages.position()
    assert position is not None
    for read_at in (LogPosition("", 0), LogPosition(position.generation, 10**9)):
        forged = replace(entry(), read_at=read_at)
        values = {"entry": dump_entry(forged), "label": dump_label(forged)}
        here.client.hset(here.pages._keys.entry("/a/", missing=False), mapping=values)
        assert here.body() is None


# -- lists, builds, counters ---------------------------------------------------------------------


def test_stored_pages_are_listed_without_404s_and_purged_ones(here: Server, there: Server) -> None:
    for number in range(1200):
        here.pages._entries.put(f"/{number}/", entry(tags=(f"n{number}",)))
    here.put("/a/", b"12345", tags=("page:a",))
    here.put("/b/", tags=("page:b",))
    here.put("/gone/", status=404)
    assert [(each.path, each.body_bytes) for each in there.pages.entry_infos(["/a/", "/x/"])] == [
        ("/a/", 5)
    ]
    assert sorted(each.path for each in there.pages.entry_infos()) == ["/a/", "/b/"]
    assert there.pages.page_count() == 1202
    there.pages.purge_tags(["page:a"])
    assert sorted(each.path for each in there.pages.entry_infos()) == ["/b/"]
    assert there.pages.delete_invalid() == 1201
    assert here.pages.paths() == ["/b/", "/gone/"]


def test_builds_that_share_a_cache(here: Server, there: Server) -> None:
    here.pages.deploy("b1", None)
    here.pages.put_tag_table("b1", b"one")
    assert there.pages.deployed_build() == "b1"
    assert there.pages.tag_table("b1") == b"one"
    here.put("/a/", tags=("page:a",))
    here.put("/b/", tags=("page:b",))
    there.pages.deploy("b2", TagChanges("b1", ("page:a",)))
    there.pages.put_tag_table("b2", b"two")
    # A deploy waits for no other server: each serves its own build until it reads of this one.
    assert wait_until(lambda: here.body("/a/") is None, 5)
    assert here.body("/b/") == b"body"
    assert here.pages.deployed_build() == "b2"
    assert (here.pages.tag_table("b1"), here.pages.tag_table("b2")) == (None, b"two")
    outdated, current = here.pages.position("b1"), here.pages.position("b2")
    assert outdated is not None
    assert current is not None
    assert outdated.offset < current.offset
    assert here.pages.position("unknown") is None


def test_servers_count_together(here: Server, there: Server) -> None:
    for server in (here, there):
        server.pages.count_render()
        server.put(f"/{server is here}/")
        assert server.memory(f"/{server is here}/") == b"body"
    here.pages.purge_tags(["site"])
    counted = {"renders": 2, "stores": 2, "hits": 2, "purges": 1}
    assert wait_until(lambda: there.pages.counters() == counted, 5), there.pages.counters()
    time.sleep(3 * QUICK.beat)
    assert there.pages.counters() == counted


def test_old_namespaces_are_removed_unless_a_server_may_use_them(redis: RedisService) -> None:
    now = time.time()
    with closing(Server(redis.url)) as first:
        client = first.client
        first.put()
        assert wait_until(lambda: client.zscore(NAMES, first.pages._keys.namespace), 5)
        others = [first.another(name=f"build {number}") for number in range(3)]
        for number, other in enumerate(others):
            other.put()
            used_at = now + 60 * number
            assert wait_until(lambda o=other: client.zscore(NAMES, o.pages._keys.namespace), 5)
            client.zadd(NAMES, {other.pages._keys.namespace: used_at})
            other.close()
        first.store.prune_now(3)
        assert first.body() == b"body"  # used in the last hour
        client.zadd(NAMES, {first.pages._keys.namespace: now - 10_000})
        first.store.prune()
        names = others[0].pages._keys.namespace, first.pages._keys.namespace
        assert wait_until(lambda: not client.keys(f"*{names[1]}*page*"), 5)
        assert client.exists(others[0].pages._keys.purges)
        found = {each._keys.namespace for each in first.store.namespaces()}
        assert names[0] in found


def test_a_namespace_that_nobody_has_ends_its_thread(redis: RedisService) -> None:
    server = Server(redis.url)
    server.put()
    thread, keys = server.pages._follower._thread, server.pages._keys
    assert thread is not None
    client = server.client
    del server
    gc.collect()
    thread.join(5)
    assert not thread.is_alive()
    assert [name for name in client.hkeys(keys.servers) if not name.startswith(b":")] == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="only POSIX copies processes")
def test_a_copied_process_has_a_place_of_its_own_and_a_thread(here: Server) -> None:
    here.put()
    settle(here)
    own = here.pages._log.server_id
    child = os.fork()
    if child == 0:
        is_right = (
            here.memory() is None  # the lease is that of the other process
            and here.body() == b"body"
            and here.memory() == b"body"
            and here.pages._log.server_id != own
        )
        time.sleep(2 * QUICK.lease)
        os._exit(0 if is_right and here.memory() == b"body" else 1)
    time.sleep(QUICK.lease)
    rows = [name for name in here.client.hkeys(here.pages._keys.servers) if name[:1] != b":"]
    assert len(rows) == 2
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert here.memory() == b"body"
