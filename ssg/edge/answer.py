"""Answers of the edge as values."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from ssg.edge.cache_reply import RETRY_SECONDS, CacheReply
from ssg.edge.drafts.draft_bar import with_draft_bar
from ssg.edge.error_page import error_entry
from ssg.edge.events import AnswerSource, VariantOutcome
from ssg.edge.exchange import Exchange
from ssg.edge.host_headers import unshared_headers
from ssg.edge.images.variant_requests import VariantFailure, VariantResult
from ssg.edge.policy import METHODS
from ssg.edge.static_files import StaticFile
from ssg.runtime.dialects import NO_STORE, REVALIDATED
from ssg.runtime.http import Failure

CACHE_CONTROL = REVALIDATED
"""Browsers may keep every file, and revalidate it on each use."""
LASTING = "public, max-age=31536000, immutable"
"""For addresses that change with their bytes."""


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
    encoded: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The content in other encodings."""


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
        entry.encoded,
    )


def variant_answer(result: VariantResult, headers: Mapping[str, str]) -> EdgeAnswer:
    """The answer with a variant of a picture."""
    is_made, file = result.outcome is VariantOutcome.MADE, result.file
    kind = file.media_type
    collapsed = "; collapsed" if result.joined else ""
    status = f"ssg; fwd=uri-miss; stored{collapsed}" if is_made else "ssg; hit"
    made = AnswerSource.COLLAPSED if result.joined else AnswerSource.MISS
    return EdgeAnswer(
        200,
        {"content-type": kind, **headers, "cache-status": status},
        StaticFile(file.path, kind, file.stat, file.etag) if file.path and file.stat else file.data,
        made if is_made else AnswerSource.HIT,
        file.etag,
        render_seconds=result.seconds if is_made else None,
    )


def no_variant_answer(failure: VariantFailure) -> EdgeAnswer:
    """The answer if a variant cannot be made, which nobody may keep."""
    page, headers = failure.page, {"cache-control": NO_STORE}
    detail = "overloaded" if failure.is_overload else "failed"
    headers |= {"cache-status": f"ssg; fwd=uri-miss; detail={detail}"}
    if failure.is_overload:
        headers["retry-after"] = str(RETRY_SECONDS)
    return EdgeAnswer(
        page.status,
        {**page.headers, **headers},
        page.body,
        AnswerSource.OVERLOADED if failure.is_overload else AnswerSource.ERROR,
        page.etag,
        failure=failure.failure,
    )


def draft_answer(reply: CacheReply, path: str) -> EdgeAnswer:
    """The answer with the draft of a page, which nobody may keep. It has no ETag."""
    answer = page_answer(reply)
    body = answer.content if isinstance(answer.content, bytes) else b""
    if body and answer.headers.get("content-type", "").startswith("text/html"):
        body = with_draft_bar(body, path)
    headers = {**unshared_headers(answer.headers), "cache-control": f"private, {NO_STORE}"}
    headers["cache-status"] = "ssg; fwd=bypass; detail=draft"
    return replace(
        answer, headers=headers, content=body, source=AnswerSource.DRAFT, etag="", encoded={}
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
