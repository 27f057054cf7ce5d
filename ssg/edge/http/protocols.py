"""The parser of HTTP: httptools where it is installed (extra `server`), else h11."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from importlib.util import find_spec

from ssg.edge.http.client_limits import ClientLimits


class HttpParser(StrEnum):
    """What reads requests."""

    HTTPTOOLS = "httptools"
    H11 = "h11"


def best_parser() -> HttpParser:
    """The fastest parser that is installed."""
    return HttpParser.HTTPTOOLS if find_spec("httptools") else HttpParser.H11


def protocol_factory(
    limits: ClientLimits, parser: HttpParser | None = None
) -> Callable[..., asyncio.Protocol]:
    """What makes the protocol of a connection for uvicorn."""
    if (parser or best_parser()) is HttpParser.H11:
        from ssg.edge.http.h11_protocol import LimitedH11Protocol  # noqa: PLC0415 the other one

        return partial(LimitedH11Protocol, limits=limits)
    from ssg.edge.http.httptools_protocol import (  # noqa: PLC0415 it may not be installed
        LimitedHttpToolsProtocol,
    )

    return partial(LimitedHttpToolsProtocol, limits=limits)
