"""Error pages of the edge itself."""

from __future__ import annotations

from markupsafe import escape

from ssg.edge.policy import CacheEntry, etag_of
from ssg.model.media_types import HTML


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
