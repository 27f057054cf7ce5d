"""Run the preview: a server and a watcher in this process, until Ctrl-C."""

from __future__ import annotations

import errno
import logging
import os
import socket
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from ssg.edge.app import Edge
from ssg.edge.events import EdgeLog, Notice, NoticeLevel
from ssg.edge.slow_clients import TimedProtocol
from ssg.edge.storage.store import CacheStore
from ssg.model.errors import Problem, ServeError
from ssg.preview import overlay
from ssg.preview.app import PreviewApp
from ssg.preview.dashboard.app import Dashboard
from ssg.preview.debug_tools import DebugTools
from ssg.preview.deployment import PreviewDeployment
from ssg.preview.watch import Rebuild, Watcher

GRACE_SECONDS = 2
BACKLOG = 2048
MAX_CONNECTIONS = 1000
"""With more than these, further requests get a 503."""


def run(
    listener: socket.socket,
    deployment: PreviewDeployment | None,
    *,
    cache_dir: Path,
    watch_paths: Iterable[Path],
    ignore: Iterable[Path],
    rebuild: Rebuild,
    on_log: EdgeLog,
    on_ready: Callable[[], None],
    problems: Iterable[Problem] = (),
    poll: bool = False,
    jwt_secret: str = "",
    allowed_hosts: Iterable[str] = (),
    now: Callable[[], float] = time.time,
) -> None:
    """Serve on a `listening_socket` until interrupted; call `on_ready` when it answers.

    `deployment` is None if the first build failed with `problems`; the server then waits for a
    build that succeeds. Without `watch_paths` nothing is rebuilt. `allowed_hosts` are names in
    `Host` that are answered beside those of `access_control.may_read`.
    """
    store = CacheStore(cache_dir, lambda text: on_log(Notice(NoticeLevel.WARNING, text)))
    tools = DebugTools.new(now)
    log, now = tools.log(on_log), tools.clock.now
    edge = Edge(store, log, decorate=overlay.decorate, jwt_secret=jwt_secret, now=now)
    preview = PreviewApp(edge, allowed_hosts)
    if deployment is not None:
        preview.deploy(tools.instrument(deployment))
    preview.report(problems)
    watched = tuple(watch_paths)
    with ExitStack() as stack:
        stack.enter_context(_server_log(on_log))
        if watched:
            rebuild = tools.instrument_builds(rebuild)
            watcher = Watcher(preview, rebuild, watched, tuple(ignore), on_log, poll)
            stack.enter_context(watcher.running())
        with suppress(KeyboardInterrupt):
            dashboard = Dashboard(preview, tools)
            PreviewServer(dashboard, on_ready, preview.events.close).run(sockets=[listener])


class PreviewServer(uvicorn.Server):
    """A quiet uvicorn that calls `on_ready` when it answers, and `on_stop` before it stops."""

    def __init__(
        self,
        app: ASGIApp,
        on_ready: Callable[[], None],
        on_stop: Callable[[], None],
        protocol: type[TimedProtocol] = TimedProtocol,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=protocol,
                limit_concurrency=MAX_CONNECTIONS,
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._on_ready = on_ready
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then call `on_ready`."""
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Call `on_stop`, which closes the event streams that would delay the stop, then stop."""
        self._on_stop()
        await super().shutdown(sockets)


def listening_socket(host: str, port: int) -> socket.socket:
    """Listen on `host` and `port`; port 0 takes any free port."""
    try:
        # asyncio sets TCP_NODELAY only on sockets that name TCP as their protocol; without it
        # each answer would wait 40 ms for the client's ACK.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        with ExitStack() as on_failure:
            on_failure.callback(listener.close)
            if os.name == "posix":  # elsewhere the option would let two servers share a port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address[0], port, *address[2:]))  # getaddrinfo reads 99999 as 34463
            listener.listen(BACKLOG)
            on_failure.pop_all()
        return listener
    except (OSError, OverflowError) as error:
        raise ServeError(_cannot_listen(host, port, error)) from error


def url_of(listener: socket.socket, host: str) -> str:
    """The URL to open in a browser."""
    port = listener.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def _cannot_listen(host: str, port: int, error: Exception) -> Problem:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        hint = "Stop the other server, or choose a port with --port (0 takes any free one)"
        return Problem(f"port {port} on {host} is in use", hint=hint)
    if code == errno.EACCES:
        return Problem(
            f"port {port} needs the rights of an administrator",
            hint="Choose a port above 1023 with --port",
        )
    return Problem(f"cannot listen on {host}, port {port}: {error}")


class _Forward(logging.Handler):
    """Logs warnings and errors of uvicorn as notices."""

    def __init__(self, log: EdgeLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        level = NoticeLevel.ERROR if record.levelno >= logging.ERROR else NoticeLevel.WARNING
        self._log(Notice(level, record.getMessage()))


@contextmanager
def _server_log(log: EdgeLog) -> Iterator[None]:
    logger = logging.getLogger("uvicorn.error")
    handler, propagates = _Forward(log), logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates
