"""A source of JSON over HTTP: one host, one pool of connections.

httpcore is the transport below httpx. It sends a target byte by byte as it is given, follows no
redirect, keeps no cookie and reads no setting of a proxy.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpcore

import ssg
from ssg.model.live.data_request import MISSING_STATUS, DataAnswer, DataRequest
from ssg.model.live.data_source import DRAFT_HEADER, RESERVED_HEADERS, DataSource
from ssg.model.live.variables import variables_in
from ssg.sources.data_client import SourceError
from ssg.sources.environment import SiteEnvironment
from ssg.sources.http.answer_cache import AnswerCache, CachedAnswer
from ssg.sources.http.deadline import DeadlineBackend, HttpExchange
from ssg.sources.http.response_body import ACCEPTED_ENCODING, drain, read_body
from ssg.sources.http.source_url import SourceUrl

MAX_CONNECTIONS = 64
MAX_IDLE_CONNECTIONS = 16
IDLE_SECONDS = 30.0
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")
_BROKEN = (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError)
_WITHOUT_BODY = frozenset({204, 304})
"""An API that sends one nevertheless would break the next answer of the connection."""
_OWN_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": ACCEPTED_ENCODING,
    "User-Agent": f"ssg/{ssg.__version__}",
}

logging.getLogger("httpcore").setLevel(logging.WARNING)  # it would log headers of answers


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class HttpSource:
    """Asks one source. Safe between threads, but not after a fork."""

    def __init__(self, source: DataSource, environment: SiteEnvironment) -> None:
        self._source = source
        self._url = SourceUrl.parse(environment.fill(source.url, "its url"))
        self._headers = request_headers(source.headers, environment)
        self._answers = AnswerCache()
        self._network = DeadlineBackend()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpcore.default_ssl_context() if self._url.scheme == "https" else None,
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_IDLE_CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=self._network,
        )

    def ask(self, request: DataRequest) -> DataAnswer:
        """Ask once; a failure is a `problem`."""
        try:
            return self._asked(request)
        except SourceError as error:
            return DataAnswer(error.status, problem=f"{self._source.name}: {error}")

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()
        self._network.close()

    def _asked(self, request: DataRequest) -> DataAnswer:
        target = self._url.target(request.path)
        if target is None:
            return DataAnswer(404)
        kept = None if request.is_draft else self._answers.get(target)
        draft = {DRAFT_HEADER: "1"} if request.is_draft else {}
        reply = self._reply(target, kept.conditions if kept else draft)
        if kept and reply.status == 304:
            return DataAnswer(200, kept.body)
        if not 200 <= reply.status < 300 and reply.status not in MISSING_STATUS:
            raise SourceError(_failure(reply.status), reply.status)
        if not request.is_draft:
            is_whole = reply.status == 200
            answer = CachedAnswer.of(reply.body, reply.headers) if is_whole else None
            self._answers.put(target, answer)
        return DataAnswer(reply.status, reply.body)

    def _reply(self, target: bytes, headers: Mapping[str, str]) -> _Reply:
        """The reply. Once more, if the connection broke before the first byte of it.

        That is what happens when the source closes an idle connection at the same moment.
        """
        ends_at = time.monotonic() + self._source.timeout_seconds
        first = HttpExchange(ends_at)
        try:
            return self._exchanged(first, target, headers)
        except _BROKEN:
            if first.has_bytes:
                raise SourceError("the answer broke off, or is not HTTP") from None
        try:
            return self._exchanged(HttpExchange(ends_at), target, headers)
        except _BROKEN:
            raise SourceError("the connection broke twice") from None

    def _exchanged(
        self, exchange: HttpExchange, target: bytes, headers: Mapping[str, str]
    ) -> _Reply:
        sent = [*{"Host": self._url.authority, **self._headers, **headers}.items()]
        try:
            limits = {"timeout": {"pool": exchange.seconds_left}}
            with (
                exchange.running(),
                self._pool.stream(
                    "GET", self._address(target), headers=sent, extensions=limits
                ) as response,
            ):
                return self._read(response, exchange)
        except httpcore.TimeoutException:
            raise SourceError(f"no answer within {self._source.timeout_seconds} s") from None
        except httpcore.ConnectError as error:
            raise SourceError(f"the source cannot be reached: {error}") from None
        except httpcore.LocalProtocolError:
            raise SourceError("the request is not valid HTTP") from None

    def _address(self, target: bytes) -> httpcore.URL:
        url = self._url
        return httpcore.URL(scheme=url.scheme, host=url.host, port=url.port, target=target)

    def _read(self, response: httpcore.Response, exchange: HttpExchange) -> _Reply:
        status, headers = response.status, _joined_headers(response.headers)
        if 200 <= status < 300 and status not in MISSING_STATUS:
            encoding = headers.get("content-encoding", "")
            body = read_body(response.iter_stream(), encoding, self._source.max_bytes)
            return _Reply(status, headers, body)
        if status not in _WITHOUT_BODY or exchange.ends_with_head:  # else it is closed
            drain(response.iter_stream())
        return _Reply(status, headers)


def request_headers(given: Mapping[str, str], environment: SiteEnvironment) -> dict[str, str]:
    """The headers of every request. Raises SourceError, which contains no value."""
    headers = {}
    for name, text in given.items():
        value = environment.fill(text, f"the header {name}").strip(" \t")
        if not _NAME.fullmatch(name) or name.lower() in RESERVED_HEADERS:
            raise SourceError(f"the header {name} cannot be set")
        if not _VALUE.fullmatch(value):
            variables = ", ".join(variables_in(text)) or "its value"
            raise SourceError(
                f"the header {name} may contain ASCII in one line only: look at {variables}"
            )
        headers[name] = value
    names = {name.lower() for name in headers}
    own = {name: value for name, value in _OWN_HEADERS.items() if name.lower() not in names}
    return own | headers


def _joined_headers(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _failure(status: int) -> str:
    if 300 <= status < 400:
        return f"the source answered {status}; redirects are not followed"
    return f"the source answered {status}"
