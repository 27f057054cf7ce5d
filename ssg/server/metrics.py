"""Metrics for Prometheus, on a port of their own.

One process counts in its memory, and a thread of it serves the numbers. Several processes count in
files of a folder that is made for them, and one more process adds them up and serves them; so the
process that forks them needs no thread.
"""

from __future__ import annotations

import os
import socket
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING, Any, Protocol
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from ssg.edge.events import (
    AccessRecord,
    AnswerSource,
    EdgeLog,
    EdgeRecord,
    RenderRecord,
    SourceRecord,
    VariantOutcome,
    VariantRecord,
)
from ssg.edge.storage.cache_listing import CacheUsage
from ssg.model.errors import ConfigError, Problem

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus-client knows the folder. It reads it when it is imported."""
GAUGE_SECONDS = 2.0
_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class MeasuredSite(Protocol):
    """What is measured from time to time."""

    @property
    def waiting_renders(self) -> int:
        """The number of renders that wait for a thread."""

    @property
    def waiting_variants(self) -> int:
        """The number of variants of pictures that wait for a thread."""

    def usage(self) -> CacheUsage | None:
        """How full the cache is; None before the first deploy."""


def check_installed() -> None:
    """Raise ConfigError if prometheus-client is not installed."""
    if find_spec("prometheus_client") is None:
        hint = 'pip install "ssg[server]"'
        raise ConfigError(Problem("--metrics-port needs prometheus-client", hint=hint))


@contextmanager
def shared_folder() -> Iterator[None]:
    """Let the processes that are forked meanwhile count in one folder, which is removed after."""
    with tempfile.TemporaryDirectory(prefix="ssg-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]


class Metrics:
    """The numbers of one process."""

    def __init__(self) -> None:
        from prometheus_client import (  # noqa: PLC0415 an extra, and slow to import
            CollectorRegistry,
            Counter,
            Gauge,
            Histogram,
        )

        self.registry = own = CollectorRegistry()
        self._requests = Counter(
            "ssg_requests", "Requests by what answered them.", ("source", "status"), registry=own
        )
        self._seconds = Histogram(
            "ssg_request_seconds", "Time of requests.", ("source",), registry=own, buckets=_SECONDS
        )
        self._renders = Histogram(
            "ssg_render_seconds",
            "Time of renders, by whether they were stored, or why not.",
            ("verdict",),
            registry=own,
            buckets=_SECONDS,
        )
        self._sources = Histogram(
            "ssg_source_seconds",
            "Time of requests to sources of data, by what they had.",
            ("source", "outcome"),
            registry=own,
            buckets=_SECONDS,
        )
        self._variants = Histogram(
            "ssg_variant_seconds",
            "Time of variants of pictures that were made, or could not be.",
            ("outcome",),
            registry=own,
            buckets=_SECONDS,
        )
        self._made = Counter(
            "ssg_variants_made", "Variants of pictures that were made.", registry=own
        )
        self._waits = Counter(
            "ssg_flight_waits", "Requests that waited for the render of another.", registry=own
        )
        self._purges = Counter("ssg_purges", "Purges by signed requests.", registry=own)
        self._workers = Gauge(
            "ssg_workers", "Processes.", registry=own, multiprocess_mode="livesum"
        )
        self._waiting = Gauge(
            "ssg_waiting_renders",
            "Renders that wait for a thread.",
            registry=own,
            multiprocess_mode="livesum",
        )
        self._waiting_variants = Gauge(
            "ssg_waiting_variants",
            "Variants of pictures that wait for a thread.",
            registry=own,
            multiprocess_mode="livesum",
        )
        self._pages = Gauge(
            "ssg_cache_pages", "Stored pages.", registry=own, multiprocess_mode="mostrecent"
        )
        self._bytes = Gauge(
            "ssg_cache_bytes", "Bytes of the cache.", registry=own, multiprocess_mode="mostrecent"
        )
        self._of_request: dict[tuple[AnswerSource, int], tuple[Any, Any]] = {}

    def counted(self, log: EdgeLog) -> EdgeLog:
        """A log that also counts."""

        def write(record: EdgeRecord) -> None:
            if isinstance(record, AccessRecord):
                self._count_request(record)
            elif isinstance(record, RenderRecord):
                self._renders.labels(record.verdict).observe(record.milliseconds / 1000)
            elif isinstance(record, SourceRecord):
                counted = self._sources.labels(record.request.source, record.outcome)
                counted.observe(record.milliseconds / 1000)
            elif isinstance(record, VariantRecord):
                self._count_variant(record)
            log(record)

        return write

    def count_purge(self) -> None:
        """Count a purge."""
        self._purges.inc()

    def measure(self, site: MeasuredSite) -> None:
        """Note what has no event."""
        self._workers.set(1)
        self._waiting.set(site.waiting_renders)
        self._waiting_variants.set(site.waiting_variants)
        usage = site.usage()
        if usage is not None:
            self._pages.set(usage.pages)
            self._bytes.set(usage.disk_bytes)

    @contextmanager
    def measuring(self, site: MeasuredSite) -> Iterator[None]:
        """Measure from time to time, on another thread."""
        end = threading.Event()

        def run() -> None:
            self.measure(site)
            while not end.wait(GAUGE_SECONDS):
                self.measure(site)

        thread = threading.Thread(target=run, name="ssg-metrics", daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()

    def _count_variant(self, record: VariantRecord) -> None:
        self._variants.labels(record.outcome).observe(record.milliseconds / 1000)
        if record.outcome is VariantOutcome.MADE:
            self._made.inc()

    def _count_request(self, record: AccessRecord) -> None:
        key = record.source, record.status // 100
        found = self._of_request.get(key)
        if found is None:
            source, status = str(record.source), f"{record.status // 100}xx"
            found = self._requests.labels(source, status), self._seconds.labels(source)
            self._of_request[key] = found
        found[0].inc()
        found[1].observe(record.milliseconds / 1000)
        if record.source is AnswerSource.COLLAPSED:
            self._waits.inc()


def all_processes() -> CollectorRegistry:
    """The numbers of all processes of `shared_folder` together."""
    from prometheus_client import CollectorRegistry, multiprocess  # noqa: PLC0415 as above

    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # it has no types
    return registry


def forget_process(pid: int) -> None:
    """Remove the present numbers of a process that has ended. What it counted stays."""
    from prometheus_client import multiprocess  # noqa: PLC0415 as above

    multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call] # it has no types


def serve_metrics(listener: socket.socket, registry: CollectorRegistry) -> None:
    """Answer at `/metrics` on a listening socket, for ever."""
    from prometheus_client import make_wsgi_app  # noqa: PLC0415 as above

    app = make_wsgi_app(registry)

    def only_metrics(environment: Mapping[str, Any], start: Any) -> Any:
        if environment["PATH_INFO"] == "/metrics":
            return app(dict(environment), start)
        start("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "10")])
        return [b"not found\n"]

    server = _Server(("", 0), _QuietHandler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.server_name, server.server_port = listener.getsockname()[:2]
    server.setup_environ()
    server.set_app(only_metrics)
    server.serve_forever()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    timeout = 10

    def log_message(self, *_: Any) -> None:
        """Print nothing."""
