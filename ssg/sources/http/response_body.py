"""The body of an answer: decoded, and never longer than a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from ssg.sources.data_client import SourceError

ACCEPTED_ENCODING = "gzip"
_GZIP = 16 + zlib.MAX_WBITS
_DRAINED_BYTES = 64_000


def read_body(chunks: Iterable[bytes], encoding: str, max_bytes: int) -> bytes:
    """The decoded body. Raises SourceError if it is longer than the limit, or damaged."""
    match encoding.strip().lower():
        case "" | "identity":
            return _joined(chunks, max_bytes)
        case "gzip" | "x-gzip":
            return _decompressed(chunks, max_bytes)
    raise SourceError("the answer has an encoding that was not asked for")


def drain(chunks: Iterable[bytes]) -> None:
    """Read a short body that nobody needs, so that the connection can be used again."""
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > _DRAINED_BYTES:
            return


def _too_long(max_bytes: int) -> SourceError:
    return SourceError(f"the answer is longer than {max_bytes:,} bytes (`max_bytes`)")


def _joined(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        if len(body) + len(chunk) > max_bytes:
            raise _too_long(max_bytes)
        body += chunk
    return bytes(body)


def _decompressed(chunks: Iterable[bytes], max_bytes: int) -> bytes:
    """Decompress no more than fits: a few kilobytes of gzip can be gigabytes."""
    body, decoder = bytearray(), zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            body += decoder.decompress(chunk, max_bytes + 1 - len(body))
            if len(body) > max_bytes or decoder.unused_data:
                raise _too_long(max_bytes) if len(body) > max_bytes else _damaged()
    except zlib.error:
        raise _damaged() from None
    if not decoder.eof:
        raise _damaged()
    return bytes(body)


def _damaged() -> SourceError:
    return SourceError("the answer is not the gzip that it says it is")
