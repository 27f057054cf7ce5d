"""The edge as an ASGI application.

A request is read into an `Exchange`, the deployment that is served now turns it into an
`EdgeAnswer`, a decorator may change that, and a `Responder` makes the response of it. An exchange
keeps its deployment, so no answer mixes two builds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.types import Message, Receive, Scope, Send

from ssg.edge.answer import AnswerDecorator, EdgeAnswer, error_answer, undecorated
from ssg.edge.cache import PageCache
from ssg.edge.deploy_changes import DeployChanges, tell_deploy
from ssg.edge.deployment import Deployment
from ssg.edge.events import AccessRecord, AnswerSource, EdgeLog, Notice, NoticeLevel
from ssg.edge.exchange import Exchange
from ssg.edge.file_cache import FileCache
from ssg.edge.images.variant_requests import VariantRequests
from ssg.edge.passwords import PasswordRules
from ssg.edge.policy import CachePolicy
from ssg.edge.purge_index import TagChanges
from ssg.edge.response import BytesResponse, HttpResponse, Responder
from ssg.edge.served_deployment import ServedDeployment
from ssg.edge.single_flight import Clock
from ssg.edge.static_files import StaticFiles
from ssg.edge.storage.namespace import CacheNamespace, CacheStore
from ssg.edge.thread_pool import DaemonThreadPool
from ssg.model.pluralize import counted
from ssg.redirects.matching.rule_table import RuleTable

VARIANTS = "variants"
"""The namespace of variants of pictures in a cache that machines share."""


@dataclass(frozen=True, slots=True)
class DeployEffect:
    """What a deploy did to a cache that builds share."""

    kept: int
    """The number of cached pages after it."""
    purged: int
    """The number of cached responses that it purged."""
    changes: TagChanges | None = None

    def __str__(self) -> str:
        tags = self.changes.tags if self.changes else None
        why = "everything may have changed" if tags is None else counted(len(tags), "changed tag")
        return f"the cache keeps {counted(self.kept, 'page')}, {self.purged:,} purged: {why}"


class Edge:
    """Serves the deployment given last. `deploy` may be called from any thread, at any time."""

    def __init__(
        self,
        store: CacheStore,
        log: EdgeLog,
        *,
        decorate: AnswerDecorator = undecorated,
        now: Callable[[], float] = time.time,
        clock: Clock = time.monotonic,
        render_threads: int = 4,
        render_queue: float = math.inf,
        image_threads: int = 2,
        image_queue: float = math.inf,
        jwt_secret: str = "",
        draft_secret: bytes | None = None,
        encodings: tuple[str, ...] = (),
    ) -> None:
        """With `encodings` (`ALL_ENCODINGS`), responses are encoded as clients accept it."""
        self._encodings = encodings
        self._responder = Responder(encodings, FileCache() if encodings else None)
        self._store = store
        self._log = log
        self._decorate = decorate
        self._now = now
        self._clock = clock
        self._jwt_secret = jwt_secret
        self._draft_secret = draft_secret
        self._threads = DaemonThreadPool(render_threads, clock=clock, queue_limit=render_queue)
        self._image_threads = DaemonThreadPool(image_threads, clock=clock, queue_limit=image_queue)
        self._variants: CacheNamespace | None = None
        self._served: ServedDeployment | None = None
        self._effect: DeployEffect | None = None
        self._namespace: tuple[str, CacheNamespace] | None = None

    @property
    def served(self) -> ServedDeployment | None:
        """The deployment that answers the next request; None before the first one."""
        return self._served

    @property
    def has_drafts(self) -> bool:
        """Whether the deployment that is served has drafts to look at."""
        return self._served is not None and self._served.draft_secret is not None

    @property
    def waiting_renders(self) -> int:
        """The number of renders that wait for a thread."""
        return self._threads.waiting()

    @property
    def waiting_variants(self) -> int:
        """The number of variants of pictures that wait for a thread."""
        return self._image_threads.waiting()

    @property
    def effect(self) -> DeployEffect | None:
        """What the last deploy did to a shared cache; None if that is not known, or not yet."""
        return self._effect

    def deploy(self, deployment: Deployment) -> DeployChanges | None:
        """Serve this build from the next request on (rule 9).

        Cached responses that it changes are purged before it is served, so none is served with it.
        Returns what a cache that builds share was told; None if each has its own.
        """
        before, namespace = self._namespace, self._namespace_of(deployment)
        told = tell_deploy(namespace, deployment) if deployment.cache_id else None
        if told:
            deployment = replace(deployment, changes=told.changes)
        served = self._prepare(deployment, namespace)
        if self._namespace is not before:
            served.pages.purge_future()
        self._served, self._effect = served, None
        if deployment.cache_id:
            self._threads(lambda: self._tidy(served, namespace))
        self._store.prune()
        return told

    def _tidy(self, served: ServedDeployment, namespace: CacheNamespace) -> None:
        """Delete what a deploy has purged, and tell how much that is. No visitor waits for it."""
        purged, changes = namespace.delete_invalid(), served.deployment.changes
        if self._served is served:
            self._effect = DeployEffect(namespace.page_count(), purged, changes)
            self._log(Notice(NoticeLevel.INFO, str(self._effect)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return
        started = self._clock()
        served = self._served  # read once: a later deployment is for the next request
        exchange = Exchange.of(scope, served.deployment if served else None)
        answer = await self._answer(exchange, served)
        response = await self._responder.response(exchange, answer)
        for name, value in served.deployment.default_headers if served else ():
            response.headers.setdefault(name, value)
        set_timing(response, answer, self._clock() - started)
        sent, send = _metered(response, send)
        try:
            await response(scope, receive, send)
        finally:
            milliseconds = (self._clock() - started) * 1000
            self._log(
                AccessRecord(
                    exchange.method,
                    exchange.raw_path,
                    sent.status,
                    answer.source,
                    milliseconds,
                    sent.body_bytes,
                    exchange.request_id,
                    exchange.client,
                )
            )

    def _namespace_of(self, deployment: Deployment) -> CacheNamespace:
        """The namespace of a deployment: that which is open, with what it has in memory, if any."""
        if self._namespace is None or self._namespace[0] != deployment.cache_name:
            name = deployment.cache_name
            self._namespace = name, self._store.open(name)
        return self._namespace[1]

    def _prepare(self, deployment: Deployment, namespace: CacheNamespace) -> ServedDeployment:
        policy = CachePolicy.of(deployment.capabilities)
        self._threads.limit_seconds = policy.render_seconds
        self._image_threads.limit_seconds = policy.render_seconds
        pages = PageCache(
            namespace,
            deployment.answer,
            deployment.capabilities,
            spawn=self._threads.bounded,
            blocked=self._threads.blocked,
            log=self._log,
            now=self._now,
            clock=self._clock,
            build_id=deployment.build_in_log,
            encodings=self._encodings,
            front=deployment.front,
        )
        files, rules = StaticFiles.under(deployment.publish_dir), RuleTable.of(deployment.rules)
        passwords = PasswordRules.of(deployment.headers)
        return ServedDeployment(
            deployment,
            rules,
            files,
            pages,
            self._now,
            self._jwt_secret,
            passwords,
            self._draft_secret if deployment.has_drafts else None,
            self._variant_requests(deployment, namespace, policy.render_seconds),
        )

    def _variant_requests(
        self, deployment: Deployment, namespace: CacheNamespace, limit_seconds: float
    ) -> VariantRequests | None:
        """What answers for variants of pictures. On a shared cache, all builds share them."""
        if deployment.images is None:
            return None
        if namespace.is_remote:
            self._variants = self._variants or self._store.open(VARIANTS)
        return VariantRequests(
            deployment.images,
            self._variants or namespace,
            spawn=self._image_threads.bounded,
            blocked=self._image_threads.blocked,
            log=self._log,
            limit_seconds=limit_seconds,
            now=self._now,
            clock=self._clock,
        )

    async def _answer(self, exchange: Exchange, served: ServedDeployment | None) -> EdgeAnswer:
        try:
            answer = await served.answer(exchange) if served else _nothing_deployed()
            return await self._decorate(exchange, answer)
        except Exception as error:  # the visitor gets a page whatever is wrong here
            request = f" (request {exchange.request_id})" if exchange.request_id else ""
            text = f"{exchange.raw_path}: {type(error).__name__}: {error}{request}"
            self._log(Notice(NoticeLevel.ERROR, text))
            return await self._decorate(exchange, _server_failed())


class SendMeter:
    """Passes ASGI messages on, and notes the status and the size of the body."""

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


def _metered(response: HttpResponse, send: Send) -> tuple[BytesResponse | SendMeter, Send]:
    """What tells the status and the size of a response, and where it is to be sent."""
    if isinstance(response, BytesResponse):
        return response, send
    meter = SendMeter(send)
    return meter, meter


def set_timing(response: HttpResponse, answer: EdgeAnswer, seconds: float) -> None:
    """Set `Server-Timing`, and `Cache-Status` where the cache was not asked (RFC 9211).

    See https://www.w3.org/TR/server-timing/.
    """
    render = answer.render_seconds
    timing = f"edge;dur={seconds * 1000:.1f}"
    timing += f", render;dur={render * 1000:.1f}" if render is not None else ""
    response.headers["server-timing"] = timing
    response.headers.setdefault("cache-status", "ssg; fwd=bypass")


def _nothing_deployed() -> EdgeAnswer:
    text = "This page appears after the first build."
    return error_answer(503, "Nothing is built yet", text, AnswerSource.NOTHING)


def _server_failed() -> EdgeAnswer:
    return error_answer(500, "The server failed", "The log says why.", AnswerSource.ERROR)
