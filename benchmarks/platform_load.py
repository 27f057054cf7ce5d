"""Visitors of the blogging platform: readers, and writers who are logged in.

Each page shows versions of posts. A page is outdated if it shows an earlier version than one that
was published, and acknowledged to its writer, before the request for the page began.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import re
import time
from bisect import bisect
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from benchmarks.platform_seed import TAGS, SeededSite, tags_of, text_of, title_of

TIMEOUT_SECONDS = 30.0
SHOWN_PROBLEMS = 5
_SHOWN = re.compile(rb"Post (\d+) version=(\d+);")
_KINDS = ("post", "author", "tag", "feed", "home")
_SHARES = (80, 9, 4, 3, 4)
"""Of 100 pages that are read."""


@dataclass(frozen=True, slots=True)
class WriterSession:
    """What a browser of somebody who is logged in sends."""

    cookie: str
    csrf: str


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What visitors do, and for how long."""

    site: SeededSite
    url: str
    seconds: float
    connections: int
    writes: float
    """The share of visits that change something."""
    sessions: Sequence[WriterSession]
    """Of the first users, one for each; they change their first posts."""


@dataclass
class LoadResult:
    """What visitors have seen."""

    reads: list[float] = field(default_factory=list)
    """Milliseconds of each page."""
    saves: list[float] = field(default_factory=list)
    publishes: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    checked: int = 0
    """The number of versions that were compared."""


class HttpClient:
    """One connection that is kept, to a server of HTTP/1.1."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send a request; returns status, headers and body. Raises OSError, TimeoutError."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._ask(method, path, headers, body)
        except (OSError, EOFError, TimeoutError, ValueError):
            self.close()
            raise

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
        self._streams = None

    async def _ask(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self._host}:{self._port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if method != "GET":
            lines.append(f"Content-Length: {len(body)}")
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        fields = (line.partition(":") for line in head[1:] if line)
        told = {name.lower(): value.strip() for name, _, value in fields}
        answer = await self._body(reader, told)
        if told.get("connection") == "close":
            self.close()
        return int(head[0].split()[1]), told, answer

    async def _body(self, reader: asyncio.StreamReader, told: Mapping[str, str]) -> bytes:
        if told.get("transfer-encoding") != "chunked":
            return await reader.readexactly(int(told.get("content-length", "0")))
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return b"".join(parts)


class Visitors:
    """All visitors of one run."""

    def __init__(self, plan: LoadPlan, seed: int = 1) -> None:
        self._plan = plan
        self._chance = random.Random(seed)
        self._weights = list(itertools.accumulate(1 / (n + 1) for n in range(plan.site.posts)))
        self._published: dict[int, int] = {}
        """The version of each post whose publication was acknowledged."""
        self._busy: set[int] = set()
        self.result = LoadResult()

    async def run(self) -> LoadResult:
        """Visit until the time is over."""
        end = time.monotonic() + self._plan.seconds
        await asyncio.gather(*(self._visit(end) for _ in range(self._plan.connections)))
        return self.result

    async def _visit(self, end: float) -> None:
        client = HttpClient(self._plan.url)
        while time.monotonic() < end:
            try:
                if self._chance.random() < self._plan.writes:
                    await self._write(client)
                else:
                    await self._read(client, self._path(self._post()))
            except (OSError, EOFError, TimeoutError, ValueError) as error:
                self.result.errors.append(f"{type(error).__name__}: {error}")
                await asyncio.sleep(0.05)
        client.close()

    def _post(self) -> int:
        """A post: the n-th one is read n times as rarely as the first one."""
        last = len(self._weights) - 1
        return bisect(self._weights, self._chance.random() * self._weights[last], hi=last)

    def _path(self, post: int) -> str:
        site = self._plan.site
        match self._chance.choices(_KINDS, _SHARES)[0]:
            case "author":
                return f"/{site.user_of(post)}/"
            case "feed":
                return f"/{site.user_of(post)}/feed.xml"
            case "tag":
                return f"/tags/{self._chance.choice(tags_of(post % TAGS))}/"
            case "home":
                return "/"
        return site.path_of(post)

    async def _read(self, client: HttpClient, path: str) -> None:
        before = dict(self._published)
        start = time.perf_counter()
        status, headers, body = await client.ask("GET", path, {"Accept": "text/html"})
        self.result.reads.append((time.perf_counter() - start) * 1000)
        self.result.statuses["".join(headers.get("cache-status", "").split(";")[1:2]).strip()] += 1
        if status != 200:
            self.result.errors.append(f"GET {path}: {status}")
        for post, version in _SHOWN.findall(body):
            self.result.checked += 1
            if int(version) < (wanted := before.get(int(post), 1)):
                seen = f"{path}: post {int(post)} is of version {int(version)}, not {wanted}"
                self.result.outdated.append(seen)

    async def _write(self, client: HttpClient) -> None:
        """Save and publish another version of a post, then read it as others do.

        All writers do so equally often: nobody may write more than once a second for long.
        """
        post = self._chance.randrange(len(self._plan.sessions))
        if post in self._busy:
            return
        self._busy.add(post)
        try:
            if await self._publish(client, post):
                site = self._plan.site
                await self._read(client, site.path_of(post))
                await self._read(client, f"/{site.user_of(post)}/")
        finally:
            self._busy.discard(post)

    async def _publish(self, client: HttpClient, post: int) -> bool:
        session = self._plan.sessions[post]
        own = f"/api/me/posts/post{post}"
        status, value = await self._send(client, session, "GET", own)
        if status == 200:
            version = int(value["title"].partition("version=")[2].rstrip(";")) + 1
            draft = {
                "title": title_of(post, version),
                "text": text_of(post, version),
                "tags": value["tags"],
                "revision": value["revision"],
            }
            start = time.perf_counter()
            status, value = await self._send(client, session, "PUT", f"{own}/draft", draft)
            self.result.saves.append((time.perf_counter() - start) * 1000)
        if status == 200:
            start = time.perf_counter()
            wanted = {"revision": value["revision"]}
            status, value = await self._send(client, session, "POST", f"{own}/publish", wanted)
            self.result.publishes.append((time.perf_counter() - start) * 1000)
        if status != 200:
            self.result.errors.append(f"writing post {post}: {status} {value}")
            return False
        self._published[post] = version
        return True

    async def _send(
        self, client: HttpClient, session: WriterSession, method: str, path: str,
        value: object = None,
    ) -> tuple[int, Any]:  # fmt: skip
        headers = {"Cookie": session.cookie, "X-CSRF-Token": session.csrf}
        headers |= {"Content-Type": "application/json"} if value is not None else {}
        body = json.dumps(value).encode() if value is not None else b""
        status, _, answer = await client.ask(method, path, headers, body)
        return status, json.loads(answer or b"null")
