"""A Redis that dies or cannot be reached: pages are served, and nothing older than its purge."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ssg.edge.cache import PageCache
from ssg.edge.cache_reply import CacheReply
from ssg.edge.purge_index import TagChanges
from ssg.edge.storage.namespace import StorageUnavailableError
from ssg.edge.storage.redis.lease import LeaseTimes
from ssg.edge.thread_pool import DaemonThreadPool
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.capabilities import FUNCTION
from tests.edge.storage.redis.servers import QUICK, Server, settle
from tests.edge.storage.redis.tcp_proxy import Link, TcpProxy
from tests.services import RedisService, running_redis, wait_until

pytestmark = [pytest.mark.redis, pytest.mark.timeout(120)]
HEALED_SECONDS = 5.0


def is_stored_again(server: Server) -> bool:
    return server.body("/of-no-page/") is None and server.pages.position() is not None


def test_a_redis_that_is_killed_and_starts_empty(tmp_path: Path) -> None:
    with running_redis(tmp_path) as redis, closing(Server(redis.url)) as here:
        here.pages.deploy("b1", None)
        here.put()
        with closing(here.another()) as there:
            assert there.body() == b"body"
            redis.kill()
            with pytest.raises(StorageUnavailableError, match="is away") as caught:
                here.pages.purge_tags(["site"])
            assert "Purge again" in str(caught.value)
            time.sleep(QUICK.end_of_all)
            assert here.memory() is there.memory() is None
            assert here.body() is here.pages.position() is None
            with here.pages.lock("/a/", 30) as is_held:  # nobody waits
                assert not is_held
            assert (here.pages.page_count(), here.pages.paths()) == (0, [])
            assert list(here.pages.entry_infos()) == []
            assert here.pages.disk_bytes() == (0, 0)
            redis.start()
            began = time.monotonic()
            for server in (here, there):
                assert wait_until(lambda s=server: is_stored_again(s), HEALED_SECONDS)
            assert time.monotonic() - began < HEALED_SECONDS
            assert here.body() is None
            assert here.pages.deployed_build() == there.pages.deployed_build() == "b1"
            assert here.pages.position("b1") is not None
            for server in (here, there):
                away, back = server.said
                assert "is away" in away
                assert "is back after" in back


def test_a_redis_that_starts_with_an_older_copy_forgets_everything(tmp_path: Path) -> None:
    """The copy has a shorter log, pages that were purged since, and not all servers."""
    with running_redis(tmp_path) as redis, closing(Server(redis.url)) as here:
        here.put("/a/", b"old")
        here.put("/b/", b"other", tags=("page:b",))
        settle(here)
        assert redis.command_line("SAVE") == b"+OK\r\n"
        with closing(here.another()) as there:
            assert there.body("/b/") == b"other"
            here.pages.purge_tags(["site"])
            here.put("/a/", b"new")
            assert there.body() == b"new"
            redis.kill()
            redis.start()
            assert len(here.client.keys("*page:/a/")) == 1  # the old page is there
            began = time.monotonic()
            wait_until(lambda: purged(there, "page:b"), HEALED_SECONDS)
            assert here.memory("/b/") is None  # its lease was given by the Redis that is dead
            assert time.monotonic() - began < HEALED_SECONDS
            for server in (here, there):
                assert wait_until(lambda s=server: is_stored_again(s), HEALED_SECONDS)
                assert server.body("/a/") is server.body("/b/") is None


def test_a_new_server_does_not_trust_an_older_copy_either(tmp_path: Path) -> None:
    with running_redis(tmp_path) as redis:
        with closing(Server(redis.url)) as here:
            here.put("/a/", b"old")
            assert redis.command_line("SAVE") == b"+OK\r\n"
            here.pages.purge_tags(["site"])
            redis.kill()
        redis.start()
        with closing(here.another()) as there:  # it has read no log before
            assert len(there.client.keys("*page:/a/")) == 1
            assert there.body() is None
            there.put("/a/", b"new")
            assert there.body() == b"new"


def purged(server: Server, tag: str) -> bool:
    """Purge; whether it succeeded."""
    try:
        server.pages.purge_tags([tag])
    except StorageUnavailableError:
        return False
    return True


@pytest.mark.parametrize("link", [Link.STALL, Link.BREAK, Link.REFUSE])
def test_a_server_that_is_cut_off_serves_nothing_older_than_a_purge(
    redis: RedisService, link: Link
) -> None:
    with (
        TcpProxy(redis.port) as proxy,
        closing(Server(redis.url)) as here,
        closing(here.another(url=proxy.url)) as there,
    ):
        here.put()
        assert there.body() == b"body"
        settle(here, there)
        assert there.memory() == b"body"
        proxy.set(link)
        began = time.monotonic()
        here.pages.purge_tags(["site"])
        assert there.memory() is None
        assert time.monotonic() - began < 3 * QUICK.end_of_all
        assert there.body() is None
        with pytest.raises(StorageUnavailableError):
            there.pages.purge_tags(["site"])
        began = time.monotonic()
        here.pages.purge_tags(["site"])  # nobody waits for it a second time
        assert time.monotonic() - began < QUICK.lease / 2
        proxy.set(Link.PASS)
        began = time.monotonic()
        assert wait_until(lambda: is_stored_again(there), HEALED_SECONDS)
        here.put(body=b"new")
        assert there.body() == b"new"
        assert [("is away" in line, "is back after" in line) for line in there.said] == [
            (True, False),
            (False, True),
        ]
        assert not here.said


def test_a_deploy_while_redis_is_away_is_told_when_it_is_back(redis: RedisService) -> None:
    with (
        TcpProxy(redis.port) as proxy,
        closing(Server(redis.url)) as here,
        closing(here.another(url=proxy.url)) as there,
    ):
        for server in (here, there):
            server.pages.deploy("b1", None)
        here.put("/a/", tags=("page:a",))
        here.put("/b/", tags=("page:b",))
        assert there.body("/a/") == b"body"
        proxy.set(Link.REFUSE)
        there.pages.deploy("b2", TagChanges("b1", ("page:a",)))
        assert there.memory("/a/") is None  # at once: the page may be that of the old build
        assert there.pages.position("b2") is None
        assert here.pages.deployed_build() == "b1"
        proxy.set(Link.PASS)
        assert wait_until(lambda: here.pages.deployed_build() == "b2", HEALED_SECONDS)
        assert here.body("/a/") is None
        assert wait_until(lambda: there.body("/b/") == b"body", HEALED_SECONDS)


def test_a_server_that_starts_while_redis_is_away_serves_pages(redis: RedisService) -> None:
    with TcpProxy(redis.port) as proxy, closing(Server(proxy.url)) as here:
        proxy.set(Link.REFUSE)
        here.pages.deploy("b1", None)
        calls: list[str] = []
        cache = cache_of(here, lambda: calls.append("") or "text")
        assert cache.wait("GET", "/a/").entry.body == b"text"
        assert cache.wait("GET", "/a/").entry.body == b"text"
        assert len(calls) == 2
        assert len(here.said) == 1
        proxy.set(Link.PASS)
        assert wait_until(lambda: here.pages.position("b1") is not None, HEALED_SECONDS)
        assert {cache.wait("GET", "/a/").entry.body for _ in range(5)} == {b"text"}
        assert len(calls) == 3


def test_without_redis_one_render_serves_those_who_wait(redis: RedisService) -> None:
    with TcpProxy(redis.port) as proxy, closing(Server(proxy.url)) as here:
        proxy.set(Link.REFUSE)
        assert here.body() is None
        calls: list[str] = []

        def text() -> str:
            calls.append("")
            time.sleep(0.2)
            return "text"

        replies = at_once(cache_of(here, text), ["/a/"] * 100)
        assert {reply.entry.body for reply in replies} == {b"text"}
        assert len(calls) <= 3  # the first, and one for those who came after it had begun to read


# -- under load ----------------------------------------------------------------------------------


def cache_of(server: Server, text: Callable[[], str], tag: str = "site") -> PageCache:
    def answer(_: Request) -> Response:
        return Response(200, text().encode(), {}, Caching(None, None, (tag,)))

    return PageCache(server.pages, answer, FUNCTION, spawn=DaemonThreadPool(), log=lambda _: None)


def at_once(cache: PageCache, paths: list[str]) -> list[CacheReply]:
    found: list[CacheReply] = []
    threads = [
        threading.Thread(target=lambda p=path: found.append(cache.wait("GET", p))) for path in paths
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == len(paths)
    return found


@dataclass
class Load:
    """Requests to several servers; each reply says the version of its content."""

    version: int = 0
    """What a render reads."""
    purged: int = 0
    """The version whose purge has returned last: no later request may get an older one."""
    asked: int = 0
    wrong: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)

    def ask(self, cache: PageCache) -> None:
        number = 0
        while not self.is_over.wait(0.01):
            number += 1
            least = self.purged
            reply = cache.wait("GET", f"/{number % 3}/")
            if reply.entry.status != 200 or int(reply.entry.body) < least:
                self.wrong.append(f"{reply.entry.status} {reply.entry.body!r} < {least}")
            self.asked += 1

    def purge(self, server: Server) -> bool:
        self.version += 1
        wanted = self.version
        if purged(server, "site"):
            self.purged = wanted
            return True
        return False


@contextmanager
def load_on(servers: list[Server]) -> Iterator[Load]:
    """Ask all servers, each from two threads."""
    load = Load()
    caches = [cache_of(server, lambda: str(load.version)) for server in servers]
    threads = [threading.Thread(target=load.ask, args=(cache,)) for cache in caches * 2]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.is_over.set()
        for thread in threads:
            thread.join(30)
    assert load.wrong == []


def test_nothing_older_than_its_purge_is_served_whatever_breaks(tmp_path: Path) -> None:
    with running_redis(tmp_path / "redis", "--save", "1 1") as redis, ExitStack() as stack:
        proxies = [stack.enter_context(TcpProxy(redis.port)) for _ in range(3)]
        first = Server(proxies[0].url)
        servers = [first, *(first.another(url=proxy.url) for proxy in proxies[1:])]
        for server in servers:
            stack.enter_context(closing(server))
        with load_on(servers) as load:
            for turn in range(9):
                proxy = proxies[turn % 3]
                match turn % 4:
                    case 0:
                        proxy.set(Link.STALL)
                    case 1:
                        proxy.set(Link.BREAK)
                    case 2:
                        redis.kill()
                        redis.start()
                    case 3:
                        proxy.set(Link.REFUSE)
                for server in servers:
                    load.purge(server)
                    time.sleep(0.05)
                proxy.set(Link.PASS)
                began = time.monotonic()
                for server in servers:
                    assert wait_until(lambda s=server: load.purge(s), HEALED_SECONDS)
                assert time.monotonic() - began < HEALED_SECONDS
        assert load.asked > 300


def test_a_purge_reaches_three_servers_soon(redis: RedisService) -> None:
    first = Server(redis.url, times=LeaseTimes())
    servers = [first, first.another(), first.another()]
    with ExitStack() as stack:
        for server in servers:
            stack.enter_context(closing(server))
            assert server.body() is None
        time.sleep(LeaseTimes().end_of_all + 1)
        with load_on(servers) as load:
            times = []
            for number in range(100):
                began = time.monotonic()
                assert load.purge(servers[number % 3])
                times.append(time.monotonic() - began)
                time.sleep(0.01)
        times.sort()
        print(f"purge: p50 {times[50] * 1000:.1f} ms, p99 {times[98] * 1000:.1f} ms")  # noqa: T201
        assert times[98] < 0.2
