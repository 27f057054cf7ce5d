"""The `Content-Type` of a file or a page, by the suffix of its name, as Netlify sends it."""

from __future__ import annotations

from collections.abc import Mapping

HTML = "text/html; charset=UTF-8"
PLAIN_TEXT = "text/plain; charset=UTF-8"

CONTENT_TYPES: Mapping[str, str] = {
    ".html": HTML,
    ".htm": HTML,
    ".css": "text/css; charset=UTF-8",
    ".js": "application/javascript; charset=UTF-8",
    ".mjs": "application/javascript; charset=UTF-8",
    ".json": "application/json; charset=UTF-8",
    ".map": "application/json; charset=UTF-8",
    ".xml": "application/xml; charset=UTF-8",
    ".txt": PLAIN_TEXT,
    ".md": "text/markdown; charset=UTF-8",
    ".csv": "text/csv; charset=UTF-8",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
}


def page_content_type(path: str) -> str:
    """The `Content-Type` of a page, the same that the edge gives to a file of that name."""
    _, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return CONTENT_TYPES.get(dot + suffix, HTML)
