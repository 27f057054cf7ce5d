"""The HTTP response of an answer: its encoding, conditions, ranges and HEAD."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.types import Receive, Scope, Send

from ssg.edge.answer import EdgeAnswer
from ssg.edge.error_page import error_entry
from ssg.edge.exchange import Exchange
from ssg.edge.file_cache import FileCache
from ssg.edge.http.conditions import NO_CONDITIONS, ConditionOutcome, byte_ranges, decide
from ssg.edge.http.encodings import (
    IDENTITY,
    encoded_etag,
    is_encodable,
    negotiate,
    varies_by_encoding,
)
from ssg.edge.static_files import StaticFile, StaticFileResponse
from ssg.runtime.dialects import NO_STORE


@dataclass(frozen=True, slots=True)
class BytesResponse:
    """A response whose body is in memory. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes = field(default=b"", repr=False)

    @property
    def body_bytes(self) -> int:
        """The size of the body."""
        return len(self.body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 ASGI's signature
        """Send the response (ASGI)."""
        lines = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in self.headers.items()
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": lines})
        await send({"type": "http.response.body", "body": self.body})


HttpResponse = BytesResponse | StaticFileResponse


class Responder:
    """Makes responses. It encodes them if there are `encodings`, of which the first is best."""

    def __init__(self, encodings: tuple[str, ...] = (), files: FileCache | None = None) -> None:
        self._encodings = encodings
        self._files = files

    async def response(self, exchange: Exchange, answer: EdgeAnswer) -> HttpResponse:
        """Apply encodings, conditions, ranges and HEAD to an answer."""
        if isinstance(answer.content, StaticFile):
            return await self._of_file(exchange, answer, answer.content)
        return self._of_bytes(exchange, answer, answer.content)

    def _of_bytes(self, exchange: Exchange, answer: EdgeAnswer, body: bytes) -> BytesResponse:
        headers = dict(answer.headers)
        etag, offered = answer.etag, tuple(answer.encoded)
        if encoding := self._choose_encoding(exchange, headers, len(body), offered):
            body, etag = answer.encoded[encoding], encoded_etag(etag, encoding)
        if etag:
            headers["etag"] = etag
        if etag and answer.status == 200:
            outcome = decide(exchange.method, exchange.conditions, etag)
            if outcome is ConditionOutcome.NOT_MODIFIED:
                return not_modified(headers)
            if outcome is ConditionOutcome.FAILED:
                return precondition_failed(exchange)
        if answer.status == 204:  # has no body, whatever a builder says (RFC 9110, 15.3.5)
            return BytesResponse(204, headers)
        return _whole(exchange, answer.status, headers, body)

    async def _of_file(
        self, exchange: Exchange, answer: EdgeAnswer, file: StaticFile
    ) -> HttpResponse:
        headers = {"content-type": file.content_type, **answer.headers}
        encoding, asked = IDENTITY, exchange.conditions
        if self._files is not None and self._files.keeps(file):
            offered = self._encodings if asked.range is None else ()
            encoding = self._choose_encoding(exchange, headers, file.stat.st_size, offered)
        etag, headers["last-modified"] = file.validators
        headers["etag"] = etag = encoded_etag(etag, encoding)
        ranges: tuple[tuple[int, int], ...] | None = ()
        if answer.status == 200 and asked is not NO_CONDITIONS:
            match decide(exchange.method, asked, etag, headers["last-modified"]):
                case ConditionOutcome.NOT_MODIFIED:
                    return not_modified(headers)
                case ConditionOutcome.FAILED:
                    return precondition_failed(exchange)
                case ConditionOutcome.PART:
                    ranges = byte_ranges(asked.range or "", file.stat.st_size)
                    if ranges == ():
                        size = f"bytes */{file.stat.st_size}"
                        return _whole(exchange, 416, {"content-range": size}, b"")
        if not ranges and (body := await self._body(file, encoding)) is not None:
            if not encoding:
                headers["accept-ranges"] = "bytes"
            return _whole(exchange, answer.status, headers, body)
        return _from_disk(file, answer.status, headers, ranges or ())

    def _choose_encoding(
        self, exchange: Exchange, headers: dict[str, str], size: int, offered: tuple[str, ...]
    ) -> str:
        """The encoding for a client. Says in `headers` what the choice depends on."""
        if not self._encodings or not is_encodable(headers, size):
            return IDENTITY
        headers["vary"] = varies_by_encoding(headers.get("vary", ""))
        encoding = negotiate(exchange.accept_encoding, offered)
        if encoding:
            headers["content-encoding"] = encoding
        return encoding

    async def _body(self, file: StaticFile, encoding: str) -> bytes | None:
        """The bytes of a file that is kept in memory; None if it is to be sent from the disk."""
        if self._files is None or not self._files.keeps(file):
            return None
        kept = self._files.get(file, encoding)
        return kept if kept is not None else await self._files.read(file, encoding)


def _whole(exchange: Exchange, status: int, headers: dict[str, str], body: bytes) -> BytesResponse:
    headers["content-length"] = str(len(body))
    return BytesResponse(status, headers, b"" if exchange.method == "HEAD" else body)


def _from_disk(
    file: StaticFile, status: int, headers: dict[str, str], ranges: tuple[tuple[int, int], ...]
) -> StaticFileResponse:
    """A file as it is, or parts of it."""
    if headers.pop("content-encoding", None):  # it changed since it was found
        headers["etag"] = file.validators[0]
    response = file.response(status, headers)
    response.ranges = ranges
    return response


def precondition_failed(exchange: Exchange) -> BytesResponse:
    """A 412: the request asked for content that is no longer there."""
    entry = error_entry(412, "The page has changed", "It is not the one that was asked for.")
    return _whole(exchange, 412, {**entry.headers, "cache-control": NO_STORE}, entry.body)


def not_modified(headers: Mapping[str, str]) -> BytesResponse:
    """A 304 without the headers that describe a body (RFC 9110, section 15.4.5)."""
    kept = {name: value for name, value in headers.items() if not name.startswith("content-")}
    return BytesResponse(304, kept)
