"""No reply is older than the last purge before it: two processes, slow renders, deploys, damage.

What a page says are versions: of data outside of the site, which a purge follows, and of parts of
the site, which a deploy changes. Each version has a tag. So an old version in a reply is a purge
that was missed.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ssg.edge.cache import PageCache
from ssg.edge.cache_key import same_page
from ssg.edge.cache_reply import CacheReply
from ssg.edge.purge_index import TagChanges
from ssg.edge.single_flight import Ticket
from ssg.edge.storage.disk_store import CacheSizes, DiskNamespace, DiskStore
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.capabilities import FUNCTION
from tests.edge.held_renders import Held, HeldRenders
from tests.edge.test_machine import print_nothing
from tests.examples import examples

Versions = Mapping[str, int]

CACHINGS = {
    "/a/": Caching(None, None, ("data:x", "site:1", "site:2")),
    "/b/": Caching(60, 30, ("data:x", "data:y", "site:2")),
    "/c/": Caching(5, None, ("data:y", "site:3")),
}
PATHS = st.sampled_from(sorted(CACHINGS))
DATA = ["data:x", "data:y"]
PARTS = ["site:1", "site:2", "site:3"]
SOME_DATA = st.lists(st.sampled_from(DATA), min_size=1, max_size=2, unique=True)
SOME_PARTS = st.lists(st.sampled_from(PARTS), max_size=2, unique=True)
PROCESSES = st.sampled_from([0, 1])


@dataclass
class Process:
    """One server, with the build that it serves."""

    build: str
    namespace: DiskNamespace
    cache: PageCache


@dataclass
class Asked:
    """A request, and what was true when it began."""

    path: str
    data: Versions
    site: list[Versions]
    """The versions that it may show: those of its process, and of builds deployed since."""


class Purges(HeldRenders, RuleBasedStateMachine):
    """Requests, renders that take long, purges, deploys, clocks and damage, in any order."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.now = 1e6
        self.count = 0
        self.data: dict[str, int] = dict.fromkeys([*DATA, *map(same_page, CACHINGS)], 0)
        self.builds: dict[str, Versions] = {"b0": dict.fromkeys(PARTS, 0)}
        self.last = "b0"
        self.hold = False
        self.held: list[Held] = []
        self.waiting: list[tuple[Asked, PageCache, Ticket[object]]] = []
        self.processes = [self.started("b0"), self.started("b0")]
        for process in self.processes:
            process.namespace.deploy("b0", None)

    def teardown(self) -> None:
        while self.held:
            self.finish()
        for process in self.processes:
            process.namespace.close()
        self.folder.cleanup()

    def started(self, build: str, namespace: DiskNamespace | None = None) -> Process:
        if namespace is None:
            sizes = CacheSizes(memory=3000)  # two entries
            namespace = DiskStore(Path(self.folder.name), print_nothing_said, sizes).open("shared")
        cache = PageCache(
            namespace,
            self.answer_of(build),
            FUNCTION,
            spawn=self.spawn,
            log=print_nothing,
            now=lambda: self.now,
            clock=lambda: 0.0,
            build_id=build,
        )
        return Process(build, namespace, cache)

    # -- rendering ---------------------------------------------------------------------------

    def answer_of(self, build: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            caching = CACHINGS[request.path]
            names = [*caching.tags, same_page(request.path)]
            shown = {name: {**self.data, **self.builds[build]}[name] for name in names}
            self.pause()
            return Response(200, json.dumps(shown).encode(), {}, caching)

        return answer

    @precondition(lambda self: self.held)
    @rule()
    def finish(self) -> None:
        """The oldest render that is held comes to its end."""
        self.release_oldest()
        still_waiting = []
        for asked, cache, ticket in self.waiting:
            if ticket.future.done():
                self.check(asked, cache.reply_to(ticket))  # type: ignore[arg-type]
            else:
                still_waiting.append((asked, cache, ticket))
        self.waiting = still_waiting

    # -- visitors ----------------------------------------------------------------------------

    @rule(process=PROCESSES, path=PATHS, hold=st.booleans())
    def request(self, process: int, path: str, hold: bool) -> None:
        one = self.processes[process]
        site = [self.builds[one.build]]
        if one.build != self.last:
            site.append(self.builds[self.last])
        asked = Asked(path, dict(self.data), site)
        self.hold = hold
        outcome = one.cache.request("GET", path)
        self.hold = False
        if isinstance(outcome, CacheReply):
            self.check(asked, outcome)
        elif outcome.future.done():
            self.check(asked, one.cache.reply_to(outcome))
        else:
            self.waiting.append((asked, one.cache, outcome))  # type: ignore[arg-type]

    def check(self, asked: Asked, reply: CacheReply) -> None:
        assert reply.entry.status == 200
        shown = json.loads(reply.entry.body)
        data = {name: version for name, version in shown.items() if name in asked.data}
        assert all(version >= asked.data[name] for name, version in data.items()), (asked, shown)
        site = {name: version for name, version in shown.items() if name in PARTS}
        allowed = [{name: one[name] for name in site} for one in asked.site]
        assert site in allowed, (asked, shown)

    # -- purges ------------------------------------------------------------------------------

    def change(self, *names: str) -> None:
        self.count += 1
        for name in names:
            self.data[name] = self.count

    @rule(process=PROCESSES, tags=SOME_DATA)
    def purge_tags(self, process: int, tags: list[str]) -> None:
        self.change(*tags)
        self.processes[process].cache.purge_tags(tags)

    @rule(process=PROCESSES, path=PATHS)
    def purge_path(self, process: int, path: str) -> None:
        self.change(same_page(path))
        self.processes[process].cache.purge([path])

    @rule(process=PROCESSES)
    def purge_all(self, process: int) -> None:
        self.change(*self.data)
        self.processes[process].cache.clear()

    # -- deploys -----------------------------------------------------------------------------

    @rule(process=PROCESSES, edited=SOME_PARTS, knows_the_last=st.booleans())
    def deploy(self, process: int, edited: list[str], knows_the_last: bool) -> None:
        """A process builds its own folder again; what differs is known from one build or other."""
        one = self.processes[process]
        self.count += 1
        build = f"b{self.count}"
        site = self.builds[build] = {**self.builds[one.build], **dict.fromkeys(edited, self.count)}
        since = self.last if knows_the_last else one.build
        before = self.builds[since]
        changed = tuple(name for name in PARTS if before[name] != site[name])
        one.namespace.deploy(build, TagChanges(since, changed))
        self.processes[process] = self.started(build, one.namespace)
        self.last = build
        for asked, *_ in self.waiting:
            asked.site.append(site)

    @rule(process=PROCESSES)
    def restart(self, process: int) -> None:
        """What is in memory is lost."""
        one = self.processes[process]
        self.processes[process] = self.started(one.build)

    # -- the world ---------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([-1e5, -20.0, 1.0, 6.0, 70.0, 1e5]))
    def set_clock(self, seconds: float) -> None:
        self.now += seconds

    @rule(damage=st.sampled_from(["remove", "cut", "overwrite", "append"]))
    def damage(self, damage: str) -> None:
        (file,) = Path(self.folder.name).glob("*/purges")
        match damage:
            case "remove":
                file.unlink()
                self.processes[0].cache.wait("POST", "/a/")  # a process that looks makes a new one
                self.processes[0].namespace.position()
            case "cut":
                file.write_bytes(file.read_bytes()[:35])
            case "overwrite":
                file.write_bytes(b"x" * 10_000)
            case "append":
                with file.open("ab") as end:
                    end.write(b"?\n")
        for process in self.processes:
            process.namespace.position()


def print_nothing_said(text: str) -> None:
    """A log that is not kept."""


TestPurges = Purges.TestCase
TestPurges.settings = settings(
    max_examples=examples(20),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
