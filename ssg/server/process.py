"""The processes of `ssg start`: each has a site, its application, and the HTTP server around."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext, suppress

from ssg.edge.events import EdgeLog
from ssg.edge.http.http_server import HttpServer, ServerLimits, server_log
from ssg.edge.http.listener import BACKLOG, listening_socket, shared
from ssg.server.access_log import first_only, log_of
from ssg.server.app import ServerApp
from ssg.server.metrics import (
    Metrics,
    all_processes,
    check_installed,
    forget_process,
    serve_metrics,
    shared_folder,
)
from ssg.server.release import find_release
from ssg.server.settings import ServerSettings, full_environment, read_settings
from ssg.server.site import ServedSite
from ssg.server.workers import CAN_FORK, Supervisor


def run(
    settings: ServerSettings,
    environment: Mapping[str, str],
    listener: socket.socket,
    log: EdgeLog,
    on_ready: Callable[[], None],
) -> None:
    """Serve in as many processes as the settings say, until a signal ends it.

    Raises SsgError if it cannot start. Where processes cannot be forked, it is one.
    """
    if settings.metrics_port is None:
        _run(settings, environment, listener, log, on_ready)
        return
    check_installed()
    with listening_socket(settings.host, settings.metrics_port) as metrics:
        _run(settings, environment, listener, log, on_ready, metrics)


def _run(
    settings: ServerSettings,
    environment: Mapping[str, str],
    listener: socket.socket,
    log: EdgeLog,
    on_ready: Callable[[], None],
    metrics_listener: socket.socket | None = None,
) -> None:
    if settings.workers > 1 and CAN_FORK:
        find_release(settings.folder)  # what is wrong is told once, and not by each worker
        on_ready()  # the socket listens: requests wait until the first worker takes them
        _run_workers(settings, environment, listener, log, metrics_listener)
        return
    metrics = Metrics() if metrics_listener else None
    if metrics_listener and metrics:
        serving = metrics_listener, metrics.registry
        threading.Thread(target=serve_metrics, args=serving, daemon=True).start()
    serve(settings, environment, listener, log, on_ready, metrics)


def _run_workers(
    settings: ServerSettings,
    environment: Mapping[str, str],
    listener: socket.socket,
    log: EdgeLog,
    metrics_listener: socket.socket | None,
) -> None:
    """Serve in several processes. With metrics, there is one more, which serves those."""
    workers = settings.workers

    def work(number: int) -> None:
        if number == workers and metrics_listener:
            serve_metrics(metrics_listener, all_processes())
            return
        own, is_first = (log, True) if number == 0 else (first_only(log), False)
        metrics = Metrics() if metrics_listener else None
        with shared(listener) as own_listener:
            serve(
                settings, environment, own_listener, own, lambda: None, metrics, is_first=is_first
            )

    if metrics_listener is None:
        Supervisor(workers, work, log, settings.grace_seconds).run()
        return
    with shared_folder():
        Supervisor(workers + 1, work, log, settings.grace_seconds, forget_process).run()


def serve(
    settings: ServerSettings,
    environment: Mapping[str, str],
    listener: socket.socket,
    log: EdgeLog,
    on_ready: Callable[[], None],
    metrics: Metrics | None = None,
    *,
    is_first: bool = True,
) -> None:
    """Serve on a `listening_socket` until a signal ends it. Raises SsgError if it cannot start."""
    on_purge = metrics.count_purge if metrics else lambda: None
    if metrics:
        log = metrics.counted(log)
    app = ServerApp(
        lambda: ServedSite(settings, environment, log, is_first=is_first, on_purge=on_purge)
    )
    site = app.start()
    limits = ServerLimits(settings.connections, settings.grace_seconds)
    server = HttpServer(
        app,
        on_ready,
        site.stop,
        limits=limits,
        trusted_proxies=settings.forwarded_allow_ips,
        accepted_at_once=getattr(listener, "accepted_at_once", BACKLOG),
    )
    measuring = metrics.measuring(site) if metrics else nullcontext()
    with closing(site), server_log(log), suppress(KeyboardInterrupt), _handled(site), measuring:
        server.run(sockets=[listener])


@contextmanager
def _handled(site: ServedSite) -> Iterator[None]:
    """Handle signals beside those of uvicorn: SIGHUP looks for a new release.

    uvicorn raises SIGTERM again when it has stopped; the end of the process is an ordinary one.
    """
    before = {signal.SIGTERM: signal.signal(signal.SIGTERM, lambda *_: None)}
    if hasattr(signal, "SIGHUP"):  # Windows has no such signal
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda *_: site.reload())
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def application(environment: Mapping[str, str]) -> ServerApp:
    """The application for another ASGI server, which reads the environment when it starts."""

    def site() -> ServedSite:
        variables = full_environment(environment)
        settings = read_settings(variables)
        return ServedSite(settings, variables, log_of(settings.access_log))

    return ServerApp(site)
