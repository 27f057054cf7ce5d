"""Play a cache timeline (`tests/cases/cache/*.txt`) against policy and store.

Columns, separated by `|`; lines that begin with `#` are comments:

    time | request | builder | status | age | cache-status | body

request       `GET /path`, `DEPLOY build-id`, or `LAND`: a refresh left open comes to its end
builder       what the builder says if this row calls it: `200`, `200 ttl=60`, `500`, `raises`,
              with `stale=N`, `tags=a,b`, `bytes=N`, `seconds=N`; `-`: it must not be called;
              `later`: a refresh starts here and stays open until a `LAND`
age           the Age header, `-` for none
body          `v3`: what the third call of the builder said; `error`: a page of the edge's own

`PURGE a,b` purges tags, `PURGE /path/` a page, and `PURGE *` everything. A row `host | pages=2`
sets capabilities; `host | CDN` makes the host a CDN, whose builds share a cache: `DEPLOY new old
a,b` is a deploy that changes these tags.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from ssg.edge.cache import PageCache
from ssg.edge.cache_reply import CacheReply
from ssg.edge.events import EdgeRecord
from ssg.edge.purge_index import TagChanges
from ssg.edge.storage.disk_store import DiskStore
from ssg.model.capabilities import Capabilities
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.capabilities import BUILDER, FUNCTION


@dataclass
class Clock:
    """Time that stands still until it is set."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Saying:
    """A builder that says what the row tells it to."""

    clock: Clock
    words: list[str] = field(default_factory=list)
    calls: int = 0

    def __call__(self, _: Request) -> Response:
        self.calls += 1
        if self.words[0] == "raises":
            raise RuntimeError("the template is broken")
        said = dict(word.split("=") for word in self.words[1:])
        tags = tuple(filter(None, said.pop("tags", "").split(",")))
        options = {name: int(value) for name, value in said.items()}
        self.clock.now += options.get("seconds", 0)
        body = f"v{self.calls}".encode().ljust(options.get("bytes", 0), b".")
        caching = Caching(options.get("ttl"), options.get("stale"), tags)
        return Response(int(self.words[0]), body, {}, caching)


@dataclass(frozen=True)
class Seen:
    """What a row of the timeline shows."""

    status: str
    age: str
    cache_status: str
    body: str


class Player:
    """One timeline: a store on disk, a cache for each deploy, a clock that the rows set."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.builder = Saying(self.clock)
        self.store = DiskStore(folder, print)
        self.host = BUILDER
        self.records: list[EdgeRecord] = []
        self.started: list[Callable[[], None]] = []
        self.open: list[Callable[[], None]] = []
        self.deploy("build-1")

    def become(self, host: Capabilities) -> None:
        self.host = host
        self.deploy("build-1")

    def deploy(self, build_id: str, old: str = "", tags: str = "") -> None:
        shares = self.host.keeps_over_deploys
        namespace = self.store.open("shared" if shares else build_id)
        if shares:
            changed = tuple(filter(None, tags.split(",")))
            namespace.deploy(build_id, TagChanges(old, changed) if old else None)
        self.pages = PageCache(
            namespace,
            self.builder,
            self.host,
            spawn=self.started.append,
            log=self.records.append,
            now=self.clock,
            clock=self.clock,
            build_id=build_id if shares else "",
        )

    def purge(self, what: str) -> None:
        if what == "*":
            self.pages.clear()
        elif what.startswith("/"):
            self.pages.purge([what])
        else:
            self.pages.purge_tags(what.split(","))

    def request(self, method: str, path: str, later: bool) -> Seen:
        outcome = self.pages.request(method, path)
        started, self.started[:] = self.started[:], []
        if later:
            assert started, "nothing was started that could land later"
            self.open += started
        else:
            run_all(started)
        reply = outcome if isinstance(outcome, CacheReply) else self.pages.reply_to(outcome)
        return seen(reply)

    def land(self) -> None:
        landing, self.open = self.open, []
        run_all(landing)


def run_all(work: list[Callable[[], None]]) -> None:
    """Run what a cache has started."""
    for item in work:
        item()


def seen(reply: CacheReply) -> Seen:
    """A reply in the words of a timeline."""
    body = reply.entry.body
    return Seen(
        str(reply.entry.status),
        "-" if reply.age_seconds is None else str(reply.age_seconds),
        reply.cache_status or "-",
        body.rstrip(b".").decode() if body.startswith(b"v") else "error",
    )


def play(text: str, folder: Path) -> None:
    """Assert every row of a timeline."""
    player = Player(folder)
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            play_row(player, [cell.strip() for cell in line.split("|")], f"line {number}: {line}")


def play_row(player: Player, cells: list[str], where: str) -> None:
    if cells[0] == "host":
        words = cells[1].split()
        host = FUNCTION if "CDN" in words else BUILDER
        options = {
            name: int(value) for name, _, value in (w.partition("=") for w in words) if value
        }
        player.become(replace(host, **options))  # type: ignore[arg-type]  # all are numbers
        return
    player.clock.now = float(cells[0])
    verb, _, path = cells[1].partition(" ")
    calls = player.builder.calls
    player.builder.words = cells[2].split()
    if verb == "DEPLOY":
        player.deploy(*path.split())
    elif verb == "PURGE":
        player.purge(path)
    elif verb == "LAND":
        player.land()
    else:
        assert player.request(verb, path, cells[2] == "later") == Seen(*cells[3:7]), where
    called = player.builder.calls - calls
    assert called == (cells[2] not in ("-", "later")), f"{where}: the builder was called {called}x"
