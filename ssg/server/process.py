"""The processes of `ssg start`: each has a site, its application, and the HTTP server around."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from ssg.edge.events import EdgeLog
from ssg.edge.http.http_server import HttpServer, ServerLimits, server_log
from ssg.server.access_log import first_only, log_of
from ssg.server.app import ServerApp
from ssg.server.release import find_release
from ssg.server.settings import ServerSettings, read_settings
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
    if settings.workers == 1 or not CAN_FORK:
        serve(settings, environment, listener, log, on_ready)
        return
    find_release(settings.folder)  # what is wrong is told once, and not by each worker

    def work(number: int) -> None:
        own = log if number == 0 else first_only(log)
        serve(settings, environment, listener, own, lambda: None, is_first=number == 0)

    on_ready()  # the socket listens: requests wait until the first worker takes them
    Supervisor(settings.workers, work, log, settings.grace_seconds).run()


def serve(
    settings: ServerSettings,
    environment: Mapping[str, str],
    listener: socket.socket,
    log: EdgeLog,
    on_ready: Callable[[], None],
    *,
    is_first: bool = True,
) -> None:
    """Serve on a `listening_socket` until a signal ends it. Raises SsgError if it cannot start."""
    app = ServerApp(lambda: ServedSite(settings, environment, log, is_first=is_first))
    site = app.start()
    limits = ServerLimits(settings.connections, settings.grace_seconds)
    server = HttpServer(
        app, on_ready, site.stop, limits=limits, trusted_proxies=settings.forwarded_allow_ips
    )
    with server_log(log), suppress(KeyboardInterrupt), _handled(site):
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
        settings = read_settings(environment)
        return ServedSite(settings, environment, log_of(settings.access_log))

    return ServerApp(site)
