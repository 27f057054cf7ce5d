"""The edge as an ASGI application: static file | redirect rule | cached response | builder.

`ssg.redirects` decides what answers, `ssg.edge.cache` holds the builder's pages; this turns their
values into HTTP. A request reads the stage once, so it sees one build from beginning to end.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from ssg.edge.cache import CacheReply, PageCache, RenderResult, refusal
from ssg.edge.deployment import Deployment
from ssg.edge.error_page import error_entry
from ssg.edge.events import AccessRecord, AnswerSource, EdgeLog, Notice, NoticeLevel
from ssg.edge.policy import METHODS, BuilderLimits, CacheEntry, etag_of
from ssg.edge.request import Visitor
from ssg.edge.single_flight import Clock, DaemonThreadPool, Ticket
from ssg.edge.static_files import StaticFile, StaticFiles
from ssg.edge.store import CacheStore
from ssg.model.errors import Problem, summarize
from ssg.model.urls import decode_path
from ssg.preview import live_reload
from ssg.preview.live_reload import ReloadEvent, ReloadEvents, ShownProblem
from ssg.redirects.header_rule import HeaderRule, headers_for
from ssg.redirects.matching.match import (
    BuilderCall,
    NotFound,
    ProxyCall,
    RedirectTo,
    ServedFile,
    resolve,
)
from ssg.redirects.matching.request import RedirectRequest, read_request
from ssg.redirects.matching.rule_table import RuleTable

CACHE_CONTROL = "public, max-age=0, must-revalidate"
"""What browsers are told of every answer: keep it, and ask each time (rule 12)."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A deployment with what serves it."""

    deployment: Deployment
    rules: RuleTable
    files: StaticFiles
    pages: PageCache


@dataclass(frozen=True, slots=True)
class Answered:
    """A response, and where it came from."""

    response: Response
    source: AnswerSource
    render_seconds: float | None = None


class Edge:
    """The application. `deploy` and `report` may be called from any thread, at any time."""

    def __init__(
        self,
        store: CacheStore,
        log: EdgeLog,
        *,
        live_reload: bool = True,
        now: Callable[[], float] = time.time,
        clock: Clock = time.monotonic,
        limits: BuilderLimits = BuilderLimits(),
        render_threads: int = 4,
        jwt_secret: str = "",
    ) -> None:
        self.announcer = ReloadEvents(ReloadEvent(None))
        self._store = store
        self._log = log
        self._live_reload = live_reload
        self._now = now
        self._clock = clock
        self._limits = limits
        self._jwt_secret = jwt_secret
        self._spawn = DaemonThreadPool(render_threads, limits.render_seconds, clock)
        self._stage: Stage | None = None
        self._told_of: set[HeaderRule] = set()

    @property
    def stage(self) -> Stage | None:
        """What is served now."""
        return self._stage

    def deploy(self, deployment: Deployment) -> None:
        """Serve this build from the next request on (rule 9)."""
        before = self._stage
        self._stage = self._prepare(deployment)
        keeps_pages = before is not None and deployment.changes_styles_only
        self.announcer.announce(
            ReloadEvent(
                deployment.build_id,
                styles_since=before.deployment.build_id if before and keeps_pages else None,
            )
        )
        self._store.prune()
        self._tell_of_passwords(deployment.headers)

    def report(self, problems: Iterable[Problem]) -> None:
        """A build failed: go on with the last good one, and show the problems over its pages."""
        shown = tuple(ShownProblem.of(problem) for problem in summarize(problems))
        current = self.announcer.current
        self.announcer.announce(ReloadEvent(current.build_id, shown, current.styles_since))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        visitor = Visitor.of(scope)
        if self._live_reload and visitor.path.startswith(live_reload.PREFIX):
            await self._own(visitor)(scope, receive, send)
            return
        started = self._clock()
        stage = self._stage  # read once: a build deployed meanwhile is for the next request
        answered = await self._answer_safely(stage, visitor)
        stamp(answered, stage, self._clock() - started)
        meter = Meter(send)
        try:
            await answered.response(scope, receive, meter)
        finally:
            elapsed = (self._clock() - started) * 1000
            self._log(
                AccessRecord(
                    visitor.method,
                    visitor.path,
                    meter.status,
                    answered.source,
                    elapsed,
                    meter.body_bytes,
                )
            )

    def _tell_of_passwords(self, rules: Iterable[HeaderRule]) -> None:
        """Say once that a path is not guarded here."""
        for rule in rules:
            if rule.asks_password and rule not in self._told_of:
                self._told_of.add(rule)
                where = f"{rule.where}: " if rule.where else ""
                text = f"{where}Basic-Auth is no part of the preview: all may see {rule.for_path}"
                self._log(Notice(NoticeLevel.WARNING, text))

    def _prepare(self, deployment: Deployment) -> Stage:
        pages = PageCache(
            self._store.open(deployment.build_id),
            deployment.answer,
            spawn=self._spawn,
            log=self._log,
            now=self._now,
            clock=self._clock,
            limits=self._limits,
        )
        pages.forget_future()
        files = StaticFiles.under(deployment.publish_dir)
        return Stage(deployment, RuleTable.of(deployment.rules), files, pages)

    async def _answer_safely(self, stage: Stage | None, visitor: Visitor) -> Answered:
        if stage is None:
            entry = error_entry(503, "Nothing is built yet", "This page follows the first build.")
            return self._plain(None, visitor, entry, AnswerSource.NOTHING)
        try:
            return await self._answer(stage, visitor)
        except Exception as error:  # a visitor gets a page whatever is wrong here
            self._log(Notice(NoticeLevel.ERROR, f"{visitor.path}: {type(error).__name__}: {error}"))
            entry = error_entry(500, "The preview failed", "The log says why.")
            return self._plain(stage, visitor, entry, AnswerSource.ERROR)

    async def _answer(self, stage: Stage, visitor: Visitor) -> Answered:
        """Decide what answers, and let it."""
        if not visitor.path.startswith("/") or decode_path(visitor.path) is None:
            return await self._missing(stage, visitor)
        match resolve(stage.rules, self._visit(visitor), stage.files.find):
            case ServedFile() as file:
                return await self._file(stage, visitor, file)
            case RedirectTo(location, status):
                return redirect(location, status)
            case BuilderCall() as call:
                return await self._page(stage, visitor, call)
            case ProxyCall(url):
                return self._elsewhere(stage, visitor, url)
            case NotFound():
                return await self._missing(stage, visitor)

    def _visit(self, visitor: Visitor) -> RedirectRequest:
        """What redirect rules may ask."""
        secret, now = self._jwt_secret, self._now()
        return read_request(
            visitor.path, visitor.query, visitor.headers, jwt_secret=secret, now_seconds=now
        )

    async def _file(self, stage: Stage, visitor: Visitor, file: ServedFile) -> Answered:
        if visitor.method not in METHODS:
            return self._plain(stage, visitor, refusal().entry, AnswerSource.REFUSED)
        if file.rule is None and f"/{file.path}" == f"{decode_path(visitor.path)}/index.html":
            # A page lives at its path with the slash; there, its relative links are right.
            return redirect(f"{visitor.path}/{'?' * bool(visitor.query)}{visitor.query}", 301)
        located = stage.files.locate(file.path)
        if located is None:  # removed since it was found
            return self._plain(stage, visitor, not_found_entry(), AnswerSource.NOTHING)
        response = await self._static(stage, visitor, located, file.status)
        return Answered(response, AnswerSource.NOTHING if file.status == 404 else AnswerSource.FILE)

    async def _static(
        self, stage: Stage, visitor: Visitor, file: StaticFile, status: int
    ) -> Response:
        """A file as it is, or with the live-reload tag where it is a page."""
        headers = {"cache-control": CACHE_CONTROL}
        if rules := stage.deployment.headers:
            headers |= headers_for(rules, decode_path(visitor.path) or "")
        if file.is_html:
            headers["x-ssg-page"] = "critical"
        if file.is_html and self._live_reload:
            body = await run_in_threadpool(file.path.read_bytes)
            headers.setdefault("content-type", file.content_type)
            entry = CacheEntry(status, headers, body, self._now(), etag=etag_of(body))
            return self._respond(stage, visitor, entry, headers)
        response = file.response(status, headers)
        if status == 200 and visitor.has(response.headers["etag"]):
            return not_modified(response.headers)
        return response

    async def _page(self, stage: Stage, visitor: Visitor, call: BuilderCall) -> Answered:
        """A builder's page, from the cache or rendered now."""
        if call.name != stage.deployment.builder:
            return self._elsewhere(stage, visitor, f"the builder {call.name}")
        outcome = stage.pages.request(visitor.method, call.path)
        reply = outcome if isinstance(outcome, CacheReply) else await wait(stage.pages, outcome)
        headers = {**reply.entry.headers, **cache_headers(reply), "x-ssg-page": "deferred"}
        problems = [ShownProblem.of_failure(reply.failure)] if reply.failure else []
        response = self._respond(stage, visitor, reply.entry, headers, problems)
        return Answered(response, reply.source, reply.render_seconds)

    async def _missing(self, stage: Stage, visitor: Visitor) -> Answered:
        """The site's 404.html where there is one."""
        if stage.files.locate("404.html") is not None:
            return await self._file(stage, visitor, ServedFile("404.html", 404))
        return self._plain(stage, visitor, not_found_entry(), AnswerSource.NOTHING)

    def _elsewhere(self, stage: Stage, visitor: Visitor, what: str) -> Answered:
        text = f"On Netlify, {what} answers here. The preview does not call it."
        entry = error_entry(502, "Not part of the preview", text)
        return self._plain(stage, visitor, entry, AnswerSource.ELSEWHERE)

    def _plain(
        self, stage: Stage | None, visitor: Visitor, entry: CacheEntry, source: AnswerSource
    ) -> Answered:
        """One of our own small pages; it reloads too, when a build comes."""
        headers = {**entry.headers, "cache-control": "no-store"}
        if source is AnswerSource.REFUSED:
            headers["allow"] = ", ".join(METHODS)
        return Answered(self._respond(stage, visitor, entry, headers), source)

    def _respond(
        self,
        stage: Stage | None,
        visitor: Visitor,
        entry: CacheEntry,
        headers: Mapping[str, str],
        problems: Iterable[ShownProblem] = (),
    ) -> Response:
        """An entry as a response: the live-reload tag, the ETag, conditions, HEAD."""
        body, etag = entry.body, entry.etag
        if self._live_reload and headers.get("content-type", "").startswith("text/html"):
            tag = self._tag(stage, visitor, problems)
            body, etag = live_reload.inject(body, tag), live_reload.injected_etag(etag, tag)
        headers = {**headers, "etag": etag}
        if entry.status == 200 and visitor.has(etag):
            return not_modified(headers)
        if entry.status == 204:  # has no body, whatever a builder says (RFC 9110, section 15.3.5)
            return Response(b"", 204, headers)
        headers["content-length"] = str(len(body))
        return Response(b"" if visitor.method == "HEAD" else body, entry.status, headers)

    def _tag(
        self, stage: Stage | None, visitor: Visitor, problems: Iterable[ShownProblem]
    ) -> bytes:
        """The live-reload tag of a page, with what its author is told of it."""
        if stage is None:
            return live_reload.script_tag(None, problems)
        left_out = stage.deployment.left_out
        mark = left_out.get(decode_path(visitor.path) or "") if left_out else None
        return live_reload.script_tag(stage.deployment.build_id, problems, mark)

    def _own(self, visitor: Visitor) -> Response:
        """What the live-reload script asks for. Events name files of the site: a page of another
        site must not read them by letting its own name point here (DNS rebinding)."""
        headers = {"cache-control": "no-store"}
        if visitor.path == live_reload.EVENTS_PATH and visitor.knows_the_name:
            stream = self.announcer.stream()
            return StreamingResponse(stream, headers=headers, media_type="text/event-stream")
        if visitor.path == live_reload.SCRIPT_PATH:
            return Response(live_reload.SCRIPT, 200, headers, media_type="text/javascript")
        return Response(b"", 404, headers)


class Meter:
    """Counts what is sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 0
        self.body_bytes = 0

    async def __call__(self, message: Message) -> None:
        """Pass one message on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body_bytes += len(message.get("body", b""))
        await self._send(message)


def stamp(answered: Answered, stage: Stage | None, seconds: float) -> None:
    """Tell on every answer where it came from, and what took how long.

    See https://www.w3.org/TR/server-timing/, and RFC 9211 for what the cache had no part in.
    """
    render = answered.render_seconds
    timing = f"edge;dur={seconds * 1000:.1f}"
    timing += f", render;dur={render * 1000:.1f}" if render is not None else ""
    headers = answered.response.headers
    headers["x-ssg-source"] = str(answered.source)
    headers["server-timing"] = timing
    if stage is not None:
        headers["x-ssg-build"] = stage.deployment.build_id
    if "cache-status" not in headers:
        headers["cache-status"] = "ssg; fwd=bypass"


async def wait(pages: PageCache, ticket: Ticket[RenderResult]) -> CacheReply:
    """Wait for a render, no longer than the limit, without holding a thread."""
    loop, landed = asyncio.get_running_loop(), asyncio.Event()
    give_up = loop.call_later(pages.remaining_seconds(ticket), landed.set)

    def tell(_: Future[RenderResult]) -> None:
        with suppress(RuntimeError):  # that loop has ended
            loop.call_soon_threadsafe(landed.set)

    ticket.future.add_done_callback(tell)
    await landed.wait()
    give_up.cancel()
    return pages.reply_to(ticket)


def cache_headers(reply: CacheReply) -> dict[str, str]:
    """How the cache came to a reply: RFC 9211, and RFC 9111 section 5.1."""
    headers = {"cache-control": CACHE_CONTROL}
    if reply.cache_status is not None:
        headers["cache-status"] = reply.cache_status
    if reply.age_seconds is not None:
        headers["age"] = str(reply.age_seconds)
    if reply.source is AnswerSource.REFUSED:
        headers["allow"] = ", ".join(METHODS)
    return headers


def redirect(location: str, status: int) -> Answered:
    """Send the visitor to a percent-encoded location."""
    headers = {"location": location, "cache-control": CACHE_CONTROL}
    return Answered(Response(b"", status, headers), AnswerSource.REDIRECT)


def not_modified(headers: Mapping[str, str]) -> Response:
    """304, without the headers that describe a body (RFC 9110, section 15.4.5)."""
    kept = {name: value for name, value in headers.items() if not name.startswith("content-")}
    return Response(b"", 304, kept)


def not_found_entry() -> CacheEntry:
    """The 404 of a site without a page for it."""
    return error_entry(404, "Not found", "There is nothing at this address.")
