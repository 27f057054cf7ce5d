"""Error pages of the edge itself."""

from __future__ import annotations

from markupsafe import escape

from ssg.edge.policy import CacheEntry, etag_of
from ssg.model.media_types import HTML
from ssg.runtime.http import Failure, Response


def error_entry(status: int, title: str, text: str) -> CacheEntry:
    """Make a small HTML page. The texts are escaped. Such an entry is never stored."""
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head>\n"
        '<body style="font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto">'
        f"<h1>{escape(title)}</h1><p>{escape(text)}</p></body></html>\n"
    )
    body = page.encode()
    return CacheEntry(status, {"content-type": HTML}, body, stored_at=0.0, etag=etag_of(body))


def crash_response(error: BaseException) -> Response:
    """The response of a builder that raised."""
    entry = error_entry(500, "This page could not be rendered", "Please try again later.")
    failure = Failure(f"{type(error).__name__}: {error}")
    return Response(500, entry.body, entry.headers, failure=failure)
