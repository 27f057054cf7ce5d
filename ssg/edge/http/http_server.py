"""A quiet uvicorn: it prints nothing, speaks HTTP/1.1 only, and says when it is ready."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from ssg.edge.events import EdgeLog, Notice, NoticeLevel
from ssg.edge.http.client_limits import DEFAULT_CLIENT_LIMITS, ClientLimits
from ssg.edge.http.listener import BACKLOG
from ssg.edge.http.protocols import HttpParser, protocol_factory


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """What a server does for many clients at once, and when it stops."""

    connections: int = 1000
    """With more than these, further requests get a 503."""
    grace_seconds: int = 2
    """How long responses that are under way may take when the server stops."""


DEFAULT_LIMITS: Final = ServerLimits()


class HttpServer(uvicorn.Server):
    """Serves an ASGI application: calls `on_ready` when it answers, `on_stop` before it stops.

    `parser` is the fastest one that is installed if it is None. `trusted_proxies` are the
    addresses whose `X-Forwarded-For` and `X-Forwarded-Proto` count, as uvicorn's
    `--forwarded-allow-ips` has them; none if it is empty. `has_lifespan` is for an application that
    starts and stops with the server (the lifespan protocol of ASGI).
    """

    def __init__(
        self,
        app: ASGIApp,
        on_ready: Callable[[], None],
        on_stop: Callable[[], None],
        *,
        limits: ServerLimits = DEFAULT_LIMITS,
        clients: ClientLimits = DEFAULT_CLIENT_LIMITS,
        parser: HttpParser | None = None,
        trusted_proxies: str = "",
        accepted_at_once: int = BACKLOG,
        has_lifespan: bool = False,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=protocol_factory(clients, parser),  # type: ignore[arg-type] # only called
                h11_max_incomplete_event_size=clients.url_bytes + clients.header_bytes,
                limit_concurrency=limits.connections,
                log_config=None,
                access_log=False,
                lifespan="on" if has_lifespan else "off",
                ws="none",
                backlog=accepted_at_once,
                server_header=False,
                proxy_headers=bool(trusted_proxies),
                forwarded_allow_ips=trusted_proxies,
                timeout_graceful_shutdown=limits.grace_seconds,
            )
        )
        self._on_ready = on_ready
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then call `on_ready`."""
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Call `on_stop`, which closes streams that would delay the stop, then stop."""
        self._on_stop()
        await super().shutdown(sockets)


@contextmanager
def server_log(log: EdgeLog) -> Iterator[None]:
    """Meanwhile, warnings and errors of uvicorn are notices in this log, and nowhere else."""
    logger = logging.getLogger("uvicorn.error")
    handler, propagates = _NoticeHandler(log), logger.propagate
    logger.addHandler(handler)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.propagate = propagates


class _NoticeHandler(logging.Handler):
    """Logs warnings and errors of uvicorn as notices."""

    def __init__(self, log: EdgeLog) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        level = NoticeLevel.ERROR if record.levelno >= logging.ERROR else NoticeLevel.WARNING
        self._log(Notice(level, record.getMessage()))
