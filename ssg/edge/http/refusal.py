"""Requests that are refused before the application sees them, as pure functions.

Theory of operation. A proxy in front and this server must read the same requests from the same
bytes. If they disagree about where a request ends, a client can hide a second one in the body of
the first (request smuggling). So whatever RFC 9112 lets a server read in more than one way is
refused: two lengths, a line that ends without CR, a header that continues on the next line.
httptools refuses most of it itself; h11 is lenient, so `head_fault` looks at its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from ssg.edge.http.client_limits import ClientLimits

_HEAD_END = b"\r\n\r\n"
_AMBIGUOUS_LINE = re.compile(rb"(?<!\r)\n|\n[ \t]")
_LENGTH_LINES = re.compile(rb"\n(?i:content-length)[ \t]*:[ \t]*([^\r]*)")
_LINE_OVERHEAD_BYTES = 4
"""The colon, a space and the end of the line."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A response to a request that cannot be read, or is not worth it."""

    status: int
    reason: str

    def to_bytes(self) -> bytes:
        """The whole response. The connection ends after it."""
        body = f"{self.reason}\n".encode()
        head = (
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n"
            "content-type: text/plain; charset=utf-8\r\ncache-control: no-store\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        return head.encode() + body


INVALID = Refusal(400, "This is not a valid request.")
LONG_URL = Refusal(414, "The address is too long.")
LARGE_HEADERS = Refusal(431, "The headers are too large.")
LARGE_BODY = Refusal(413, "The body is too large.")
VERSION = Refusal(505, "This server speaks HTTP/1.1.")


def refusal_of(
    method: str,
    target: bytes,
    headers: Iterable[tuple[bytes, bytes]],
    version: str,
    limits: ClientLimits,
) -> Refusal | None:
    """Why a request whose headers have been read is refused; None if it is not.

    `target` is the path with its query. Names of headers are in lower case.
    """
    if len(target) > limits.url_bytes:
        return LONG_URL
    if version not in ("1.1", "1.0"):
        return VERSION
    size, hosts, lengths, codings = 0, 0, [], []
    for name, value in headers:
        size += len(name) + len(value) + _LINE_OVERHEAD_BYTES
        if name == b"host":
            hosts += 1
        elif name == b"content-length":
            lengths.append(value)
        elif name == b"transfer-encoding":
            codings.append(value)
    if size > limits.header_bytes:
        return LARGE_HEADERS
    if hosts > 1 or (hosts == 0 and version == "1.1") or not method.isupper() or b"#" in target:
        return INVALID
    return _body_fault(lengths, codings, version, limits) if lengths or codings else None


def _body_fault(
    lengths: list[bytes], codings: list[bytes], version: str, limits: ClientLimits
) -> Refusal | None:
    """Why the length of a body is not acceptable (RFC 9112, section 6)."""
    if codings:
        is_plain = not lengths and version == "1.1" and [c.lower() for c in codings] == [b"chunked"]
        return None if is_plain else INVALID
    if len(lengths) > 1 or not lengths[0].isdigit():
        return INVALID
    is_large = len(lengths[0]) > 18 or int(lengths[0]) > limits.body_bytes
    return LARGE_BODY if is_large else None


def head_fault(received: bytes) -> Refusal | None:
    """Why bytes that begin with a request, or with a part of its head, are refused."""
    end = received.find(_HEAD_END)
    head = received if end < 0 else received[: end + 2]
    lengths = _LENGTH_LINES.findall(head)
    if _AMBIGUOUS_LINE.search(head) or len(lengths) > 1 or any(b"," in each for each in lengths):
        return INVALID
    return None
