"""One process of `ssg start`: a site, its application, and the HTTP server around."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from ssg.edge.events import EdgeLog
from ssg.edge.http.http_server import HttpServer, ServerLimits, server_log
from ssg.server.access_log import log_of
from ssg.server.app import ServerApp
from ssg.server.settings import ServerSettings, read_settings
from ssg.server.site import ServedSite


def serve(
    settings: ServerSettings,
    environment: Mapping[str, str],
    listener: socket.socket,
    log: EdgeLog,
    on_ready: Callable[[], None],
) -> None:
    """Serve on a `listening_socket` until a signal ends it. Raises SsgError if it cannot start."""
    app = ServerApp(lambda: ServedSite(settings, environment, log))
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
