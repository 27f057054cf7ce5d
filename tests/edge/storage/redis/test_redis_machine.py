"""No reply is older than a purge that had returned: three servers and a real Redis, in any order.

The clock of leases is the test's own, and servers beat when the test says so. Operations fail
before they reach Redis, or their answers are lost; Redis restarts, empty or with an older copy.
What a page says are versions, as in `test_purge_machine`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import redis as redis_py
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from redis.backoff import NoBackoff
from redis.retry import Retry

from ssg.edge.cache import PageCache
from ssg.edge.cache_key import same_page
from ssg.edge.cache_reply import CacheReply
from ssg.edge.purge_index import TagChanges
from ssg.edge.single_flight import Ticket
from ssg.edge.storage.memory_cache import MemoryCache
from ssg.edge.storage.namespace import StorageUnavailableError
from ssg.edge.storage.redis.connection import RedisConnection
from ssg.edge.storage.redis.keys import NamespaceKeys
from ssg.edge.storage.redis.lease import LeaseTimes
from ssg.edge.storage.redis.redis_namespace import RedisNamespace
from ssg.edge.storage.redis.shared_purge_log import SharedPurgeLog
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.capabilities import FUNCTION
from tests.edge.held_renders import Held, HeldRenders
from tests.edge.test_purge_machine import CACHINGS, DATA, PARTS, PATHS, SOME_DATA, SOME_PARTS
from tests.examples import examples
from tests.services import RedisService

pytestmark = [pytest.mark.redis, pytest.mark.timeout(280)]

TIMES = LeaseTimes()
HOST = replace(FUNCTION, seconds=1)
SERVERS = st.integers(0, 2)
RESPONSIVE = st.sets(SERVERS)
Versions = Mapping[str, int]


class Link(Enum):
    """What happens to the operations of a server."""

    OPEN = "open"
    CUT = "cut"
    LOST = "lost"
    """They are done, and their answers are lost."""


class FlakyRedis(redis_py.Redis):
    """A client whose operations may fail."""

    link = Link.OPEN

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command."""
        if self.link is Link.CUT:
            raise redis_py.ConnectionError("cut off")
        answer = super().execute_command(*args, **options)
        if self.link is Link.LOST:
            raise redis_py.TimeoutError("the answer is lost")
        return answer


@dataclass
class OneServer:
    """A server, and the build that it serves."""

    client: FlakyRedis
    log: SharedPurgeLog
    namespace: RedisNamespace
    build: str = ""
    cache: PageCache | None = None


@dataclass
class Asked:
    """A request, and what was true when it began."""

    server: OneServer
    path: str
    data: Versions
    builds: list[str]
    """Those whose pages it may get."""


class SharedCache(HeldRenders, RuleBasedStateMachine):
    """Requests, slow renders, purges, deploys, beats, pauses, outages and restarts."""

    def __init__(self, redis: RedisService) -> None:
        super().__init__()
        self.redis = redis
        self.clock = 1000.0
        self.count = 0
        self.held: list[Held] = []
        self.waiting: list[tuple[Asked, Ticket[Any]]] = []
        self.hold = False
        self.responsive: set[int] = set()

    @initialize()
    def begin(self) -> None:
        self.keys = NamespaceKeys(secrets.token_hex(8))
        self.data = dict.fromkeys([*DATA, *map(same_page, CACHINGS)], 0)
        self.purged = dict(self.data)
        self.builds: dict[str, Versions] = {"": {}, "b0": dict.fromkeys(PARTS, 0)}
        self.servers = [self.started("b0") for _ in range(3)]

    def teardown(self) -> None:
        while self.held:
            self.finish()
        for server in self.servers:
            server.client.link = Link.OPEN
            server.client.close()

    def started(self, build: str) -> OneServer:
        client = FlakyRedis(
            port=self.redis.port, socket_timeout=5, retry=Retry(NoBackoff(), 0), protocol=2
        )
        connection = RedisConnection(client, "Redis", lambda _: None, lambda: self.clock)
        log = SharedPurgeLog(connection, self.keys, TIMES, lambda: self.clock, self.sleep)
        memory = MemoryCache(4000)  # two or three entries
        namespace = RedisNamespace(connection, self.keys, memory, log, TIMES)
        namespace._follower.ensure = lambda: None  # type: ignore[method-assign]  # the test beats
        server = OneServer(client, log, namespace)
        self.serve(server, build, None)
        return server

    def serve(self, server: OneServer, build: str, changes: TagChanges | None) -> None:
        server.namespace.deploy(build, changes)
        server.build = build
        server.cache = PageCache(
            server.namespace,
            self.answer_of(build),
            HOST,
            spawn=self.spawn,
            log=lambda _: None,
            now=lambda: 1e6,
            clock=lambda: 0.0,
            build_id=build,
        )
        self.observe()

    def sleep(self, seconds: float) -> None:
        """Time goes by while somebody waits, and the responsive servers beat."""
        self.clock += max(seconds, 0.02)
        for number in self.responsive:
            self.servers[number].log.beat()

    def observe(self) -> None:
        """Note the build that the log names last: all servers may get its pages."""
        with redis_py.Redis(port=self.redis.port, protocol=2) as client:
            data = client.get(self.keys.purges) or b""
        names = [line.split()[1].decode() for line in data.splitlines() if line[:2] == b"b "]
        for asked, _ in self.waiting:
            asked.builds += names[-1:]
        self.last = names[-1] if names else ""

    # -- rendering ---------------------------------------------------------------------------

    def answer_of(self, build: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            caching = CACHINGS[request.path]
            known = {**self.data, **self.builds[build]}
            shown = {name: known[name] for name in [*caching.tags, same_page(request.path)]}
            self.pause()
            return Response(200, json.dumps(shown).encode(), {}, caching)

        return answer

    @precondition(lambda self: self.held)
    @rule()
    def finish(self) -> None:
        """The oldest render that is held comes to its end."""
        self.release_oldest()
        self.observe()
        waiting, self.waiting = self.waiting, []
        for asked, ticket in waiting:
            self.settle(asked, ticket)

    # -- visitors ----------------------------------------------------------------------------

    @rule(number=SERVERS, path=PATHS, hold=st.booleans())
    def request(self, number: int, path: str, hold: bool) -> None:
        server = self.servers[number]
        known = server.log.index.build
        asked = Asked(server, path, dict(self.purged), [server.build, known, self.last])
        assert server.cache is not None
        self.hold = hold and len(self.held) < 3
        outcome = server.cache.request("GET", path)
        self.hold = False
        self.observe()
        asked.builds.append(self.last)
        if isinstance(outcome, CacheReply):
            self.check(asked, outcome)
        else:
            self.settle(asked, outcome)

    @rule()
    def request_all(self) -> None:
        """Each server is asked for each page."""
        for number in range(3):
            for path in CACHINGS:
                self.request(number, path, hold=False)

    def settle(self, asked: Asked, ticket: Ticket[Any]) -> None:
        assert asked.server.cache is not None
        if ticket.future.done():
            self.check(asked, asked.server.cache.reply_to(ticket))
        else:
            self.waiting.append((asked, ticket))

    def check(self, asked: Asked, reply: CacheReply) -> None:
        assert reply.entry.status == 200
        shown = json.loads(reply.entry.body)
        data = {name: version for name, version in shown.items() if name in asked.data}
        assert all(version >= asked.data[name] for name, version in data.items()), (asked, shown)
        site = {name: version for name, version in shown.items() if name in PARTS}
        builds = [self.builds[name] for name in asked.builds if name]
        assert site in [{name: one[name] for name in site} for one in builds], (asked, shown)

    # -- purges ------------------------------------------------------------------------------

    def purge(self, number: int, responsive: set[int], names: list[str], what: Any) -> None:
        """Change content, and purge it; if that fails, old content may be served on."""
        self.count += 1
        self.data.update(dict.fromkeys(names, self.count))
        changed = {name: self.data[name] for name in names}
        self.responsive = responsive
        try:
            what(self.servers[number].cache)
        except StorageUnavailableError:
            assert self.servers[number].client.link is not Link.OPEN
        else:
            self.purged.update(changed)
        self.responsive = set()

    @rule(
        number=SERVERS,
        responsive=RESPONSIVE,
        kind=st.sampled_from(["tags", "path", "all"]),
        tags=SOME_DATA,
        path=PATHS,
    )
    def purge_some(
        self, number: int, responsive: set[int], kind: str, tags: list[str], path: str
    ) -> None:
        match kind:
            case "tags":
                self.purge(number, responsive, tags, lambda cache: cache.purge_tags(tags))
            case "path":
                names = [same_page(path)]
                self.purge(number, responsive, names, lambda cache: cache.purge([path]))
            case _:
                self.purge(number, responsive, [*self.data], lambda cache: cache.clear())
        self.request_all()

    # -- deploys and beats -------------------------------------------------------------------

    @rule(number=SERVERS, edited=SOME_PARTS)
    def deploy(self, number: int, edited: list[str]) -> None:
        """A server is given another build; what differs is known from the last one in the log."""
        server = self.servers[number]
        self.count += 1
        build, since = f"b{self.count}", server.namespace.deployed_build()
        site = self.builds[build] = {
            **self.builds[server.build],
            **dict.fromkeys(edited, self.count),
        }
        before = self.builds[since]
        changed = tuple(name for name in PARTS if before.get(name) != site[name])
        for asked, _ in self.waiting:
            asked.builds.append(build)
        self.serve(server, build, TagChanges(since, changed) if since else None)

    @rule(number=SERVERS)
    def beat(self, number: int) -> None:
        self.servers[number].log.beat()
        self.observe()

    @rule(seconds=st.sampled_from([0.1, 1.0, 1.9, 2.3, 10.0]))
    def wait(self, seconds: float) -> None:
        self.clock += seconds

    # -- the world ---------------------------------------------------------------------------

    @rule(number=SERVERS, link=st.sampled_from(Link))
    def set_link(self, number: int, link: Link) -> None:
        self.servers[number].client.link = link

    @rule(
        number=SERVERS,
        what=st.sampled_from(["server", "leave", "purges", "servers", "save", "empty", "copy"]),
    )
    def trouble(self, number: int, what: str) -> None:
        """A server or Redis restarts, a key is lost, a copy is saved."""
        client = redis_py.Redis(port=self.redis.port, protocol=2)
        match what:
            case "server":  # what is in memory is lost; nobody takes it from the list
                self.servers[number] = self.started(self.servers[number].build)
            case "leave":
                self.servers[number].log.leave()
            case "purges" | "servers":
                client.delete(getattr(self.keys, what))
            case "save":
                client.save()
            case _:
                self.redis.kill()
                if what == "empty":
                    (self.redis.folder / "dump.rdb").unlink(missing_ok=True)
                self.redis.start()
        client.close()


def test_no_reply_is_older_than_a_purge_that_had_returned(
    redis: RedisService, tmp_path: Path
) -> None:
    run_state_machine_as_test(
        lambda: SharedCache(redis),
        settings=settings(
            max_examples=examples(15),
            stateful_step_count=40,
            deadline=None,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes minutes
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
