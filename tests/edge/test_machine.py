"""Policy and store against a model that is a dictionary, with random histories."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ssg.edge.cache import PageCache
from ssg.edge.events import EdgeRecord
from ssg.edge.storage.disk_store import CacheSizes, DiskStore
from ssg.model.capabilities import Capabilities
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.capabilities import BUILDER, FUNCTION
from tests.examples import examples

PAGE_LIMIT = 3
HOSTS = [replace(BUILDER, pages=PAGE_LIMIT), replace(FUNCTION, pages=PAGE_LIMIT)]
PATHS = st.sampled_from(["/", "/a/", "/b/", "/c/", "/d/"])
STATUSES = st.sampled_from([200, 200, 200, 204, 301, 404, 404, 303, 500])
TTLS = st.sampled_from([None, 1, 60, 100])
STALE = st.sampled_from([None, 0, 30, 60])
METHODS = st.sampled_from(["GET", "GET", "HEAD", "POST"])
BUILDS = st.sampled_from(["one", "two"])


@dataclass
class Kept:
    """What the model remembers of a path."""

    status: int
    body: bytes
    stored_at: float
    ttl: float
    stale: float
    triggered_at: float = float("-inf")


class Edge(RuleBasedStateMachine):
    """Requests, deploys, restarts and time, in any order."""

    @initialize(host=st.sampled_from(HOSTS))
    def begin(self, host: Capabilities) -> None:
        self.host = host
        self.folder = tempfile.TemporaryDirectory()
        self.now = 1000.0
        self.calls = 0
        self.status = 200
        self.ttl: int | None = None
        self.stale: int | None = None
        self.model: dict[str, dict[str, Kept]] = {"one": {}, "two": {}}
        self.build = "one"
        self.restart()

    def teardown(self) -> None:
        self.folder.cleanup()

    def answer(self, request: Request) -> Response:
        self.calls += 1
        return Response(
            self.status, f"{request.path} {self.calls}".encode(), {}, Caching(self.ttl, self.stale)
        )

    @rule()
    def restart(self) -> None:
        """A new process: memory is lost, the disk is not. Triggers are forgotten."""
        sizes = CacheSizes(memory=3000)  # two entries
        self.store = DiskStore(Path(self.folder.name), print, sizes)
        for pages in self.model.values():
            for kept in pages.values():
                kept.triggered_at = float("-inf")
        self.open()

    @rule(build=BUILDS)
    def deploy(self, build: str) -> None:
        self.build = build
        for kept in self.model[build].values():
            kept.triggered_at = float("-inf")
        self.open()

    def open(self) -> None:
        self.cache = PageCache(
            self.store.open(self.build),
            self.answer,
            self.host,
            spawn=run_at_once,
            log=print_nothing,
            now=lambda: self.now,
            clock=lambda: self.now,
        )

    @rule(seconds=st.sampled_from([0.5, 1.0, 30.0, 60.0, 100.0]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule(
        path=PATHS,
        method=st.sampled_from(["GET", "GET", "HEAD", "POST"]),
        status=STATUSES,
        ttl=TTLS,
        stale=STALE,
    )
    def request(
        self, path: str, method: str, status: int, ttl: int | None, stale: int | None
    ) -> None:
        self.status, self.ttl, self.stale = status, ttl, stale
        before = self.calls
        reply = self.cache.wait(method, path)
        said = self.expected(path, method)
        assert (reply.entry.status, reply.entry.body) == said[:2]
        assert self.calls - before == said[2], "how often the builder was called"

    def expected(self, path: str, method: str) -> tuple[int, bytes, int]:
        """Status, body and calls of the builder, by the model; and the model moves on."""
        if method == "POST":
            return 405, self.cache.wait("POST", path).entry.body, 0
        pages = self.model[self.build]
        kept = pages.get(path)
        if kept is not None and self.now < kept.stored_at + kept.ttl:
            return kept.status, kept.body, 0
        if self.host.serves_any_stale:
            if kept is not None and self.now < kept.triggered_at + 60:
                return kept.status, kept.body, 0
            served = kept
        else:
            is_old = kept is not None and self.now >= kept.stored_at + kept.ttl + kept.stale
            served = None if is_old else kept
        if kept is not None:
            kept.triggered_at = self.now
        self.remember(pages, path, kept)
        if served is None:
            return self.status, self.body_of(path), 1
        return served.status, served.body, 1

    def remember(self, pages: dict[str, Kept], path: str, kept: Kept | None) -> None:
        good = sum(page.status != 404 for page in pages.values())
        is_new = self.status != 404 and (kept is None or kept.status == 404)
        if self.status in (303, 500) or (is_new and good >= PAGE_LIMIT):
            return
        least = self.host.least_ttl_seconds
        ttl = float("inf") if self.ttl is None else max(least, self.ttl)
        stale = float("inf") if self.stale is None else self.stale
        pages[path] = Kept(self.status, self.body_of(path), self.now, ttl, stale)

    def body_of(self, path: str) -> bytes:
        return f"{path} {self.calls}".encode()

    @invariant()
    def pages_are_counted(self) -> None:
        good = sum(page.status != 404 for page in self.model[self.build].values())
        assert self.store.open(self.build).page_count() == good <= PAGE_LIMIT


def print_nothing(record: EdgeRecord) -> None:
    """A log that is not kept."""


def run_at_once(work: Callable[[], None]) -> None:
    """A background that is not."""
    work()


TestEdge = Edge.TestCase
TestEdge.settings = settings(
    max_examples=examples(12),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
