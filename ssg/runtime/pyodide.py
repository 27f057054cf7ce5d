"""The entry point for JavaScript: it calls these functions inside Pyodide.

`lib/load_python.js` of the bundle starts Python, with its environment; `lib/runtime.js` calls
`boot` and `answer`.

Arguments and results are strings, bytes and numbers.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from ssg.model.texts import MissingBlock
from ssg.render.renderer import Renderer
from ssg.render.templates.bytecode import preload
from ssg.runtime.http import Request, Response
from ssg.runtime.missing_blocks import ListTrackingSite
from ssg.runtime.respond import respond

BYTECODE = "templates.bin"
"""A file beside the site database: templates, compiled to bytecode for this Python."""

_sites: list[ListTrackingSite] = []
_renderers: list[Renderer] = []

AnswerTuple = tuple[int, str, bytes, int, str, str]


class Buffer(Protocol):
    """Bytes in JavaScript."""

    def to_bytes(self) -> bytes:
        """A copy of them."""


def boot(database_path: str) -> None:
    """Open the site database of this deploy. Call once, after a snapshot is loaded."""
    preload(Path(database_path).with_name(BYTECODE))
    site = ListTrackingSite.open(database_path)
    _sites[:], _renderers[:] = [site], [Renderer(site)]


def has(digest: str) -> bool:
    """Whether a block of texts is stored."""
    return _sites[0].texts.has(digest)


def give(digest: str, packed: Buffer) -> None:
    """Store a block of texts. The caller has checked its digest."""
    _sites[0].texts.give(digest, packed.to_bytes())


def answer(method: str, path: str) -> AnswerTuple:
    """Status, headers as JSON, body, ttl in seconds or 0, failure as JSON or '', missing blocks.

    If a block is missing, the last value is a JSON list of digests and the rest is empty: `give`
    those blocks and call again. Otherwise it is ''.
    """
    site = _sites[0]
    try:
        response = respond(_renderers[0], Request(method, path))
    except MissingBlock as missing:
        return 0, "", b"", 0, "", json.dumps(site.wanted(missing))
    finally:
        site.forget_lists()
    return (
        response.status,
        json.dumps(dict(response.headers)),
        response.body,
        response.ttl_seconds or 0,
        _failure(response),
        "",
    )


def _failure(response: Response) -> str:
    return json.dumps(asdict(response.failure)) if response.failure else ""
