"""What a client may send, and how long it may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """The limits of one connection."""

    header_seconds: float = 10.0
    """From the connection, or from the previous response, to the end of a request's headers."""
    body_seconds: float = 30.0
    """From the end of the headers to the end of the body."""
    stalled_seconds: float = 30.0
    stalled_bytes: int = 16_384
    """A client that does not read as fast as it is sent to has to read this much in that time."""
    url_bytes: int = 8_192
    """A longer path with its query gets a 414."""
    header_bytes: int = 32_768
    """All headers of a request together; larger ones get a 431."""
    body_bytes: int = 1_048_576
    """A larger body of a request gets a 413."""
    waiting_requests: int = 100
    """Requests that are sent before the earlier ones are answered; the connection ends at more."""


DEFAULT_CLIENT_LIMITS: Final = ClientLimits()
