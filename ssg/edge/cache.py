"""The cache in front of a function: `policy` decides what a request gets, and this does it.

`request` never waits. It returns a reply if a response is stored, and otherwise a ticket for the
render that the request started or joined. `reply_to` turns the ticket into a reply once the
render has finished, or its time limit has passed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from concurrent import futures
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from typing import TypeGuard

from ssg.edge.cache_key import request_for
from ssg.edge.cache_reply import (
    BuilderResult,
    CacheReply,
    overload,
    refusal,
    rendered_reply,
    stored_reply,
)
from ssg.edge.error_page import crash_response, error_entry
from ssg.edge.events import EdgeLog, Notice, NoticeLevel, RenderRecord
from ssg.edge.host_headers import sent_headers, unshared_headers
from ssg.edge.http.encodings import encode_all, encode_rest, is_encodable, quick
from ssg.edge.policy import (
    FAILURES,
    CacheDecision,
    CacheEntry,
    CachePolicy,
    RenderKind,
    StoreVerdict,
    decide,
    etag_of,
    is_fresh,
    is_served_stale,
    store_verdict,
)
from ssg.edge.purge_index import NOWHERE, LogPosition
from ssg.edge.single_flight import Clock, OverloadError, SingleFlight, Spawn, Ticket
from ssg.edge.storage.cache_listing import CacheEntryInfo, CacheUsage
from ssg.edge.storage.namespace import CacheNamespace
from ssg.model.capabilities import Capabilities
from ssg.runtime.http import Failure, Request, Response

BuilderFunction = Callable[[Request], Response]

_CLOCK_MARGIN_SECONDS = 1.0


class PageCache:
    """The cached pages of one build. Safe between threads.

    `build_id` is needed where builds share `pages`: it says how old the content of a build is.
    `front` is the dialect of a cache in front of this one. A thread enters `blocked` while it
    waits for another process.
    """

    def __init__(
        self,
        pages: CacheNamespace,
        answer: BuilderFunction,
        host: Capabilities,
        *,
        spawn: Spawn,
        blocked: Callable[[], AbstractContextManager[None]] = nullcontext,
        log: EdgeLog,
        now: Callable[[], float] = time.time,
        clock: Clock = time.monotonic,
        build_id: str = "",
        encodings: tuple[str, ...] = (),
        front: str = "",
    ) -> None:
        self._encodings = encodings
        self._pages = pages
        self._answer = answer
        self._log = log
        self._blocked = blocked
        self._now = now
        self._clock = clock
        self._host = host
        self._policy = policy = CachePolicy.of(host)
        self._build_id = build_id
        self._front = front
        self._flights: SingleFlight[BuilderResult] = SingleFlight(
            spawn, policy.render_seconds, clock
        )
        self._refresh_triggered_at: dict[str, float] = {}
        self._warned: set[str] = set()
        self._lock = threading.Lock()

    def request(self, method: str, path: str) -> CacheReply | Ticket[BuilderResult]:
        """Return a stored reply, or a ticket for the render. `path` is the cache key (rule 4)."""
        now = self._now()
        entry = self._pages.get(path)
        decision = self._decide(method, path, entry, now)
        if decision is CacheDecision.REFUSE:
            return refusal()
        if entry is None or decision is CacheDecision.RENDER:
            return self._join(path, lambda: self._first_render(path))
        if decision is CacheDecision.REFRESH:
            ticket = self._join(path, lambda: self._refresh(path, entry))
            if is_overloaded(ticket):
                self._refresh_triggered_at.pop(path, None)
        return stored_reply(entry, decision, now)

    def reply_to(self, ticket: Ticket[BuilderResult]) -> CacheReply:
        """Return the reply for a ticket. A render that has not finished by now is given up."""
        future = ticket.future
        if is_overloaded(ticket):
            return overload()
        if not future.done():
            rendered = self._too_slow(self._policy.render_seconds)
        elif error := future.exception():
            rendered = self._crashed(error)
        else:
            rendered = future.result()
        if rendered.was_stored:
            return stored_reply(rendered.entry, CacheDecision.HIT, self._now())
        return rendered_reply(rendered, ticket.joined)

    def remaining_seconds(self, ticket: Ticket[BuilderResult]) -> float:
        """How long the holder of a ticket may still wait (rule 10)."""
        return self._flights.remaining_seconds(ticket)

    def wait(self, method: str, path: str) -> CacheReply:
        """Answer a request; waits in this thread for a render."""
        outcome = self.request(method, path)
        if isinstance(outcome, CacheReply):
            return outcome
        futures.wait([outcome.future], self.remaining_seconds(outcome))
        return self.reply_to(outcome)

    def entry_infos(self, paths: Iterable[str] | None = None) -> Iterator[CacheEntryInfo]:
        """List the stored pages of these paths, or of the build, without their bodies."""
        return self._pages.entry_infos(paths)

    def usage(self) -> CacheUsage:
        """How full the cache is, and its limits."""
        return CacheUsage(self._pages.page_count(), self._policy.pages, *self._pages.disk_bytes())

    def render_now(self, path: str) -> Ticket[BuilderResult]:
        """Render a path even if it is stored. A failure keeps the stored page, as in rule 7."""
        previous = self._pages.get(path)
        kind = RenderKind.MISS if previous is None else RenderKind.REVALIDATE
        return self._join(path, lambda: self._render(path, kind, previous))

    def render_draft(self, path: str) -> Ticket[BuilderResult]:
        """Render a page with unpublished data, for one visitor. Nothing is stored."""
        return self._flights.join(object(), lambda: self._draft(path))

    def purge(self, paths: Iterable[str]) -> int:
        """Forget the responses of the pages at these paths, as if they had never been rendered.

        Returns the number of responses.
        """
        self._refresh_triggered_at.clear()
        return self._pages.purge(paths)

    def purge_tags(self, tags: Iterable[str]) -> int:
        """Forget the responses with one of these tags; returns their number."""
        self._refresh_triggered_at.clear()
        return self._pages.purge_tags(tags)

    def clear(self) -> int:
        """Forget the responses of all paths; returns their number."""
        self._refresh_triggered_at.clear()
        return self._pages.clear()

    def purge_future(self) -> int:
        """Purge pages stored later than now, by a clock that was ahead; returns their number.

        Otherwise they would stay fresh for their ttl after the clock has caught up.
        """
        latest = self._now() + _CLOCK_MARGIN_SECONDS
        early = [each.path for each in self._pages.entry_infos() if each.stored_at > latest]
        return self.purge(early) if early else 0

    def _decide(
        self, method: str, path: str, entry: CacheEntry | None, now: float
    ) -> CacheDecision:
        """Decide, and note the trigger of a refresh under one lock: one request gets `REFRESH`."""
        with self._lock:
            triggered_at = self._refresh_triggered_at.get(path)
            decision = decide(self._policy, method, entry, now, triggered_at)
            if decision is CacheDecision.REFRESH:
                self._refresh_triggered_at[path] = now
            return decision

    def _join(
        self, path: str, work: Callable[[], Iterator[BuilderResult]]
    ) -> Ticket[BuilderResult]:
        """Join the render of a path, unless it began before the last purge: it may be outdated."""
        position = self._pages.position()
        key = (path, position)
        return self._flights.join(key, work if position else lambda: self._sealed(key, work))

    def _sealed(
        self, key: Hashable, work: Callable[[], Iterator[BuilderResult]]
    ) -> Iterator[BuilderResult]:
        """Work that nobody joins once it has begun to read: nothing tells of purges meanwhile."""
        self._flights.seal(key)
        yield from work()

    def _first_render(self, path: str) -> Iterator[BuilderResult]:
        """Render, unless this or another process has stored the path since the request looked."""
        entry = self._pages.reload(path) if self._pages.is_remote else None
        if self._may_serve(entry):
            yield _was_stored(entry)
            return
        with self._locked(path):
            entry = self._pages.reload(path)
            if self._may_serve(entry):
                yield _was_stored(entry)
            else:
                yield from self._render(path, RenderKind.MISS, entry)

    @contextmanager
    def _locked(self, path: str) -> Iterator[None]:
        """Hold the lock of a path. This thread counts as blocked while another process has it."""
        with ExitStack() as locks:
            if not locks.enter_context(self._pages.lock(path, 0)):
                with self._blocked():
                    locks.enter_context(self._pages.lock(path, self._policy.render_seconds))
            yield

    def _may_serve(self, entry: CacheEntry | None) -> TypeGuard[CacheEntry]:
        now = self._now()
        return entry is not None and (
            is_fresh(entry, now) or is_served_stale(self._policy, entry, now)
        )

    def _refresh(self, path: str, expired: CacheEntry) -> Iterator[BuilderResult]:
        """Render again, unless another process has done so."""
        with self._locked(path):
            entry = self._pages.reload(path)
            if entry is not None and entry.stored_at != expired.stored_at:
                yield _was_stored(entry)
            else:
                yield from self._render(path, RenderKind.REVALIDATE, entry)
        if self._policy.retries_at_once:
            self._refresh_triggered_at.pop(path, None)

    def _render(
        self, path: str, kind: RenderKind, previous: CacheEntry | None
    ) -> Iterator[BuilderResult]:
        """Call the function, and store its response. Visitors wait neither for the disk nor for
        slow encodings."""
        started = self._clock()
        read_at = self._pages.position(self._build_id)
        self._pages.count_render()
        is_refresh = kind is RenderKind.REVALIDATE
        response = self._call(request_for(path, is_refresh=is_refresh))
        rendered = self._checked(path, response, self._clock() - started, previous, read_at)
        milliseconds, verdict = rendered.seconds * 1000, rendered.verdict
        self._log(
            RenderRecord(path, kind, response.status, verdict, milliseconds, rendered.failure)
        )
        if verdict is not StoreVerdict.STORE:
            yield self._or_last_good(rendered, previous)
            return
        is_in_memory = self._pages.put_in_memory(path, rendered.entry)
        if is_in_memory:
            yield rendered
        self._pages.put(path, self._with_all_encodings(rendered.entry), previous)
        self._refresh_triggered_at.pop(path, None)
        if not is_in_memory:
            yield rendered

    def _call(self, request: Request) -> Response:
        """Call the function. It can fail in any way; visitors get a plain 500."""
        try:
            return self._answer(request)
        except OverloadError:
            raise
        except Exception as error:
            return crash_response(error)

    def _draft(self, path: str) -> Iterator[BuilderResult]:
        started = self._clock()
        response = self._call(Request("GET", path, is_draft=True))
        rendered = self._checked(path, response, self._clock() - started, None, None)
        milliseconds, failure = rendered.seconds * 1000, rendered.failure
        kind, verdict = RenderKind.DRAFT, rendered.verdict
        self._log(RenderRecord(path, kind, response.status, verdict, milliseconds, failure))
        yield rendered

    def _or_last_good(self, rendered: BuilderResult, last: CacheEntry | None) -> BuilderResult:
        """The page that is stored, however old, in place of a failure, where the host does so."""
        is_failure = rendered.verdict in FAILURES
        if not is_failure or not self._policy.keeps_last_good or last is None or last.status == 404:
            return rendered
        return replace(rendered, entry=last, last_good_age=last.age_seconds(self._now()))

    def _with_all_encodings(self, entry: CacheEntry) -> CacheEntry:
        """An entry that is to be stored, with the encodings for which no visitor has waited."""
        if not entry.encoded:
            return entry
        encoded = encode_rest(entry.body, self._encodings, entry.encoded)
        return replace(entry, encoded=encoded)

    def _checked(
        self,
        path: str,
        response: Response,
        seconds: float,
        previous: CacheEntry | None,
        read_at: LogPosition | None,
    ) -> BuilderResult:
        verdict = store_verdict(
            self._policy,
            response.status,
            len(response.body),
            seconds,
            response.caching.fresh_seconds,
            stored_pages=self._pages.page_count() if self._policy.pages is not None else 0,
            replaces_page=previous is not None and previous.status != 404,
        )
        if verdict is StoreVerdict.TOO_SLOW:
            return self._too_slow(seconds)
        if verdict is StoreVerdict.TOO_LARGE:
            return self._too_large(len(response.body), seconds)
        if verdict is StoreVerdict.PAGE_LIMIT:
            message = f"{self._policy.pages} pages are cached; further ones are not stored"
            self._warn_once(message, "pages")
        encodings = quick(self._encodings) if verdict is StoreVerdict.STORE else ()
        entry = self._entry(path, response, read_at or NOWHERE, encodings)
        if verdict is StoreVerdict.STORE and not self._pages.is_valid(path, entry):
            verdict = StoreVerdict.PURGED
            entry = replace(entry, headers=unshared_headers(entry.headers))
        expired = previous is not None and not is_fresh(previous, self._now())
        return BuilderResult(entry, verdict, seconds, response.failure, replaces_expired=expired)

    def _entry(
        self,
        path: str,
        response: Response,
        read_at: LogPosition = NOWHERE,
        encodings: tuple[str, ...] = (),
    ) -> CacheEntry:
        asked = response.caching.fresh_seconds
        fresh_seconds = self._policy.fresh_seconds(asked)
        if fresh_seconds != asked:
            message = f"{path}: a ttl of {asked} s is raised to {fresh_seconds}"
            self._warn_once(message, f"ttl {asked}")
        headers = sent_headers(response.headers, response.caching, self._host, self._front)
        if not is_encodable(headers, len(response.body)):
            encodings = ()
        return CacheEntry(
            response.status,
            headers,
            response.body,
            self._now(),
            replace(response.caching, fresh_seconds=fresh_seconds),
            etag_of(response.body),
            read_at,
            encode_all(response.body, encodings),
        )

    def _crashed(self, error: BaseException) -> BuilderResult:
        """The result of a render that raised: a bug here, or a `SystemExit` in a template."""
        response = crash_response(error)
        return BuilderResult(self._entry("", response), StoreVerdict.STATUS, 0.0, response.failure)

    def _too_slow(self, seconds: float) -> BuilderResult:
        message = f"The page was not rendered within {self._policy.render_seconds:g} s."
        entry = error_entry(504, "This page took too long", message)
        return BuilderResult(entry, StoreVerdict.TOO_SLOW, seconds, Failure(message))

    def _too_large(self, body_bytes: int, seconds: float) -> BuilderResult:
        limit = self._policy.body_bytes or 0
        message = f"The page has {body_bytes:,} bytes; a function may answer with {limit:,}."
        entry = error_entry(502, "This page is too large", message)
        return BuilderResult(entry, StoreVerdict.TOO_LARGE, seconds, Failure(message))

    def _warn_once(self, message: str, subject: str) -> None:
        """Say it of the first path only: there may be any number of paths."""
        if subject not in self._warned:
            self._warned.add(subject)
            self._log(Notice(NoticeLevel.WARNING, message))


def _was_stored(entry: CacheEntry) -> BuilderResult:
    return BuilderResult(entry, StoreVerdict.STORE, 0.0, was_stored=True)


def is_overloaded(ticket: Ticket[BuilderResult]) -> bool:
    """Whether a render was refused because too many wait."""
    future = ticket.future
    return future.done() and isinstance(future.exception(), OverloadError)
