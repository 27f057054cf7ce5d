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
from ssg.edge.deployment import Deployment
from ssg.edge.events import EdgeLog, Notice, NoticeLevel
from ssg.edge.store import CacheStore
from ssg.model.errors import Problem, ServeError
from ssg.preview.dashboard.app import Dashboard
from ssg.preview.debug_tools import DebugTools
from ssg.preview.watch import Rebuild, Watcher

GRACE_SECONDS = 2
BACKLOG = 2048


def run(
    listener: socket.socket,
    deployment: Deployment | None,
    *,
    cache_dir: Path,
    watch_paths: Iterable[Path],
    ignore: Iterable[Path],
    rebuild: Rebuild,
    on_log: EdgeLog,
    on_ready: Callable[[], None],
    problems: Iterable[Problem] = (),
    live_reload: bool = True,
    poll: bool = False,
    jwt_secret: str = "",
    now: Callable[[], float] = time.time,
) -> None:
    """Serve on a `listening_socket` until interrupted; `on_ready` is called when it answers.

    `deployment` None: the first build failed, with these `problems`; the server waits for a
    better one. No `watch_paths`: the build stays as it is.
    """
    store = CacheStore(cache_dir, lambda text: on_log(Notice(NoticeLevel.WARNING, text)))
    tools = DebugTools.new(now)
    log, now = tools.log(on_log), tools.clock.now
    edge = Edge(store, log, live_reload=live_reload, jwt_secret=jwt_secret, now=now)
    if deployment is not None:
        edge.deploy(tools.fit(deployment))
    edge.report(problems)
    watched = tuple(watch_paths)
    with ExitStack() as stack:
        stack.enter_context(_server_log(on_log))
        if watched:
            fitted = tools.fitted(rebuild)
            watcher = Watcher(edge, fitted, watched, tuple(ignore), on_log, poll)
            stack.enter_context(watcher.running())
        with suppress(KeyboardInterrupt):
            Server(edge, on_ready, Dashboard(edge, tools)).run(sockets=[listener])


class Server(uvicorn.Server):
    """uvicorn, quiet, which says when it is ready and ends the event streams when it stops.

    `app` is what stands before the edge, if anything does.
    """

    def __init__(
        self, edge: Edge, on_ready: Callable[[], None], app: ASGIApp | None = None
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app or edge,
                log_config=None,
                access_log=False,
                lifespan="off",
                ws="none",
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._edge = edge
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; an open page would otherwise hold the server."""
        self._edge.announcer.close()
        await super().shutdown(sockets)


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket on `host` and `port`; port 0 takes any free one."""
    try:
        # The protocol is named because asyncio sends without delay (TCP_NODELAY) only on sockets
        # that are known to be TCP; answers would each wait 40 ms for the client's ACK.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        with ExitStack() as on_failure:
            on_failure.callback(listener.close)
            if os.name == "posix":  # elsewhere the option would let two servers share a port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address[0], port, *address[2:]))  # getaddrinfo takes 99999 for 34463
            listener.listen(BACKLOG)
            on_failure.pop_all()
        return listener
    except (OSError, OverflowError) as error:
        raise ServeError(_cannot_listen(host, port, error)) from error


def url_of(listener: socket.socket, host: str) -> str:
    """The address to open in a browser."""
    port = listener.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def _cannot_listen(host: str, port: int, error: Exception) -> Problem:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        hint = "Stop the other server, or choose a port with --port (0 takes any free one)"
        return Problem(f"port {port} on {host} is in use", hint=hint)
    if code == errno.EACCES:
        return Problem(f"port {port} may not be used", hint="Choose one above 1023 with --port")
    return Problem(f"cannot listen on {host}, port {port}: {error}")


class _Forward(logging.Handler):
    """uvicorn's warnings and errors, as notices."""

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
