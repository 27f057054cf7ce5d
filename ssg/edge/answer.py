"""Answers of the edge as values, and the HTTP response of an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.responses import Response

from ssg.edge.cache import CacheReply
from ssg.edge.error_page import error_entry
from ssg.edge.events import AnswerSource
from ssg.edge.exchange import Exchange
from ssg.edge.http.conditions import NO_CONDITIONS, ConditionOutcome, byte_ranges, decide
from ssg.edge.policy import METHODS
from ssg.edge.static_files import StaticFile
from ssg.runtime.dialects import NO_STORE, REVALIDATED
from ssg.runtime.http import Failure

CACHE_CONTROL = REVALIDATED
"""Browsers may keep every file, and revalidate it on each use."""


@dataclass(frozen=True, slots=True)
class EdgeAnswer:
    """An answer before conditions and HEAD are applied. Header names are in lower case.

    A static file has an ETag of its own; other content has `etag`, or none if that is empty.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes | StaticFile
    source: AnswerSource
    etag: str = ""
    render_seconds: float | None = None
    failure: Failure | None = None
    """Why the page could not be rendered; for its author only."""


AnswerDecorator = Callable[[Exchange, EdgeAnswer], Awaitable[EdgeAnswer]]
"""Changes answers before they are sent. This is where the preview adds what only authors see."""


async def undecorated(_: Exchange, answer: EdgeAnswer) -> EdgeAnswer:
    """Return the answer unchanged."""
    return answer


def page_answer(reply: CacheReply) -> EdgeAnswer:
    """The answer for a deferred page (headers: RFC 9211, and RFC 9111 section 5.1)."""
    entry = reply.entry
    headers = {"cache-control": NO_STORE, **entry.headers}
    if reply.cache_status is not None:
        headers["cache-status"] = reply.cache_status
    if reply.age_seconds is not None:
        headers["age"] = str(reply.age_seconds)
    if reply.source is AnswerSource.REFUSED:
        headers["allow"] = ", ".join(METHODS)
    return EdgeAnswer(
        entry.status,
        headers,
        entry.body,
        reply.source,
        entry.etag,
        reply.render_seconds,
        reply.failure,
    )


def redirect_answer(location: str, status: int) -> EdgeAnswer:
    """A redirect to a percent-encoded location."""
    headers = {"location": location, "cache-control": CACHE_CONTROL}
    return EdgeAnswer(status, headers, b"", AnswerSource.REDIRECT)


def error_answer(status: int, title: str, text: str, source: AnswerSource) -> EdgeAnswer:
    """A small HTML page that nobody may cache."""
    entry = error_entry(status, title, text)
    headers = {**entry.headers, "cache-control": NO_STORE}
    return EdgeAnswer(status, headers, entry.body, source, entry.etag)


def not_found_answer() -> EdgeAnswer:
    """The 404 of a site that has no 404.html."""
    text = "There is nothing at this address."
    return error_answer(404, "Not found", text, AnswerSource.NOTHING)


def http_response(exchange: Exchange, answer: EdgeAnswer) -> Response:
    """Apply conditions and HEAD to an answer."""
    if isinstance(answer.content, StaticFile):
        return _file_response(exchange, answer, answer.content)
    headers = {**answer.headers, "etag": answer.etag} if answer.etag else dict(answer.headers)
    if answer.etag and answer.status == 200:
        outcome = decide(exchange.method, exchange.conditions, answer.etag)
        if outcome is ConditionOutcome.NOT_MODIFIED:
            return not_modified(headers)
        if outcome is ConditionOutcome.FAILED:
            return precondition_failed(exchange)
    if answer.status == 204:  # has no body, whatever a builder says (RFC 9110, section 15.3.5)
        return Response(b"", 204, headers)
    headers["content-length"] = str(len(answer.content))
    return Response(b"" if exchange.method == "HEAD" else answer.content, answer.status, headers)


def _file_response(exchange: Exchange, answer: EdgeAnswer, file: StaticFile) -> Response:
    response, asked = file.response(answer.status, answer.headers), exchange.conditions
    if answer.status != 200 or asked is NO_CONDITIONS:
        return response
    validators = response.headers["etag"], response.headers["last-modified"]
    match decide(exchange.method, asked, *validators):
        case ConditionOutcome.NOT_MODIFIED:
            return not_modified(response.headers)
        case ConditionOutcome.FAILED:
            return precondition_failed(exchange)
        case ConditionOutcome.PART:
            ranges = byte_ranges(asked.range or "", file.stat.st_size)
            if ranges == ():
                return Response(b"", 416, {"content-range": f"bytes */{file.stat.st_size}"})
            response.ranges = ranges or ()
    return response


def precondition_failed(exchange: Exchange) -> Response:
    """A 412: the request asked for content that is no longer there."""
    entry = error_entry(412, "The page has changed", "It is not the one that was asked for.")
    headers = {**entry.headers, "cache-control": NO_STORE, "content-length": str(len(entry.body))}
    return Response(b"" if exchange.method == "HEAD" else entry.body, 412, headers)


def not_modified(headers: Mapping[str, str]) -> Response:
    """A 304 without the headers that describe a body (RFC 9110, section 15.4.5)."""
    kept = {name: value for name, value in headers.items() if not name.startswith("content-")}
    return Response(b"", 304, kept)
