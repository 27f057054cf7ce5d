"""Brings the data that a page needs: the requests of a round are asked together.

Clients are opened on first use, and again in a process that was forked from this one: two processes
must not share a connection.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.live.data_source import DEFAULT_TIMEOUT_SECONDS, DataSource, SourceKind
from ssg.model.live.query import Query
from ssg.sources.data_client import DataClient, SourceError
from ssg.sources.environment import SiteEnvironment

MAX_THREADS = 32
"""Requests to one source at once, beside one in the thread of each page."""
GRACE_SECONDS = 0.5
"""A client ends a request itself; this is added for one that waits for a thread."""

Observer = Callable[[DataRequest, DataAnswer, float], None]
"""Is told each request with its answer and the seconds that it took, from several threads."""


class SourceShell:
    """Asks the sources of a site. Safe between threads, and after a fork."""

    def __init__(
        self,
        sources: Mapping[str, DataSource],
        environment: SiteEnvironment,
        queries: Mapping[str, Query],
        observer: Observer | None = None,
    ) -> None:
        self._sources = sources
        self._environment = environment
        self._queries = queries
        self._observer = observer
        headers = [text for source in sources.values() for text in source.headers.values()]
        self._sent_secrets = environment.redaction_of(headers)
        self._processes: dict[int, _Clients] = {}

    def bring(self, requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
        """Ask all requests at once: this takes as long as the slowest."""
        started = time.monotonic()
        first, *others = dict.fromkeys(requests) or (None,)
        if first is None:
            return {}
        futures = {request: self._submit(request) for request in others}
        answers = {first: self._ask(first)}  # most pages need no thread
        return answers | {
            request: self._in_time(request, future, started) for request, future in futures.items()
        }

    def close(self) -> None:
        """Close all connections of this process."""
        clients = self._processes.pop(os.getpid(), None)
        if clients:
            clients.close()

    @property
    def _clients(self) -> _Clients:
        """Those of this process. Locks of its parent may be held for ever, so it has its own."""
        process = os.getpid()
        clients = self._processes.get(process)
        if clients is None:
            clients = self._processes.setdefault(process, _Clients())
            for other in {*self._processes} - {process}:
                self._processes.pop(other, None)
        return clients

    def _submit(self, request: DataRequest) -> Future[DataAnswer]:
        return self._clients.threads(request.source).submit(self._ask, request)

    def _in_time(
        self, request: DataRequest, future: Future[DataAnswer], started: float
    ) -> DataAnswer:
        """The answer, or that there is none in time. All threads of a source may be waiting."""
        source = self._sources.get(request.source)
        seconds = source.timeout_seconds if source else DEFAULT_TIMEOUT_SECONDS
        ends_at = started + seconds + GRACE_SECONDS
        try:
            return future.result(max(0.0, ends_at - time.monotonic()))
        except TimeoutError:
            problem = f"{request.source}: no answer within {seconds} s"
        answer = DataAnswer(0, problem=problem)
        if future.cancel():  # else its thread tells the observer
            self._observe(request, answer, started)
        return answer

    def _ask(self, request: DataRequest) -> DataAnswer:
        started = time.monotonic()
        answer = self._without_secrets(self._answer(request))
        self._observe(request, answer, started)
        return answer

    def _observe(self, request: DataRequest, answer: DataAnswer, started: float) -> None:
        if self._observer:
            self._observer(request, answer, time.monotonic() - started)

    def _answer(self, request: DataRequest) -> DataAnswer:
        source = self._sources.get(request.source)
        if source is None:
            return DataAnswer(0, problem=f"{request.source}: there is no such source")
        client = self._clients.get(source.name, lambda: self._open(source))
        return DataAnswer(0, problem=client) if isinstance(client, str) else client.ask(request)

    def _without_secrets(self, answer: DataAnswer) -> DataAnswer:
        """A source may repeat in its answer what it was sent; a message may contain more."""
        body = self._sent_secrets.body(answer.body)
        problem = self._environment.redact(answer.problem) if answer.problem else ""
        return DataAnswer(answer.status, body, problem)

    def _open(self, source: DataSource) -> DataClient | str:
        """A client, or why there is none."""
        try:
            if source.kind == SourceKind.HTTP:
                from ssg.sources.http.http_source import HttpSource  # noqa: PLC0415 takes 90 ms

                return HttpSource(source, self._environment)
            from ssg.sources.sql.sql_source import SqlSource  # noqa: PLC0415 few sites have one

            return SqlSource(source, self._environment, self._queries)
        except SourceError as error:
            return f"{source.name}: {error}"


class _Clients:
    """The clients and threads of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: dict[str, DataClient | str] = {}
        self._threads: dict[str, ThreadPoolExecutor] = {}

    def get(self, name: str, open_client: Callable[[], DataClient | str]) -> DataClient | str:
        client = self._opened.get(name)
        if client is None:
            with self._lock:
                client = self._opened.get(name)
                if client is None:
                    client = self._opened[name] = open_client()
        return client

    def threads(self, name: str) -> ThreadPoolExecutor:
        """Those of one source: a slow one takes none from the others."""
        with self._lock:
            if name not in self._threads:
                self._threads[name] = ThreadPoolExecutor(MAX_THREADS, f"ssg-source-{name}")
            return self._threads[name]

    def close(self) -> None:
        for threads in [*self._threads.values()]:
            threads.shutdown(cancel_futures=True)
        for client in [*self._opened.values()]:
            if not isinstance(client, str):
                client.close()
