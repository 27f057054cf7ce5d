"""Send the head of a response and the first part of its body at once.

uvicorn writes them one after the other, which costs a system call and a packet more for each
response. ASGI lets a server wait with the head until the body begins.
"""

from __future__ import annotations

import asyncio
from typing import Any

_LARGEST_COPY = 65_536
_INTERIM = b"HTTP/1.1 100 "


class ResponseWriter:
    """Stands for a transport, to which one response after the other is written."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self._is_head_next = True

    def write(self, data: bytes) -> None:
        """Write the head of a response, or a part of its body."""
        if self._is_head_next:
            if data.startswith(_INTERIM):
                self._transport.write(data)
            else:
                self._head, self._is_head_next = data, False
        elif self._head and len(data) <= _LARGEST_COPY:
            head, self._head = self._head, b""
            self._transport.write(head + data)
        else:
            self._write_head()
            self._transport.write(data)

    def end_response(self) -> None:
        """Note that a response is complete: the next write is the head of another one."""
        self._write_head()
        self._is_head_next = True

    def close(self) -> None:
        """Write what is left, and close the connection."""
        self._write_head()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _write_head(self) -> None:
        if self._head:
            head, self._head = self._head, b""
            self._transport.write(head)
