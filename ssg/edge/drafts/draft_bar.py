"""The bar on the page of a draft, with a link that ends the preview."""

from __future__ import annotations

from urllib.parse import quote

from markupsafe import escape

from ssg.edge.drafts.draft_token import DRAFT_PATH

_STYLE = (
    "position:fixed;inset:auto 0 0 0;z-index:2147483647;padding:.5em 1em;background:#7a3b00;"
    "color:#fff;font:1rem/1.5 system-ui,sans-serif;text-align:center"
)


def insert_before_body_end(body: bytes, html: bytes) -> bytes:
    """Insert HTML before the last `</body>` of a page, or at its end."""
    place = body.rfind(b"</body>")
    if place < 0:
        place = body.lower().rfind(b"</body")
    if place < 0:
        place = len(body)
    return body[:place] + html + body[place:]


def with_draft_bar(body: bytes, path: str) -> bytes:
    """A page with the bar. `path` is its URL path: the link is relative, for sites below one."""
    up = "../" * (path.count("/") - 1) or "./"
    leave = f"{up}{DRAFT_PATH.removeprefix('/')}?leave={quote(path, safe='')}"
    bar = (
        f'<div role="status" style="{_STYLE}">Draft: unpublished content is shown. '
        f'<a href="{escape(leave)}" style="color:inherit">Leave</a></div>'
    )
    return insert_before_body_end(body, bar.encode())
