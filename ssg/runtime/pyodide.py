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

from ssg.render.templates.bytecode import preload
from ssg.runtime.host import RuntimeHost
from ssg.runtime.http import Request, Response
from ssg.runtime.missing_blocks import ListTrackingSite
from ssg.runtime.needs import Needs
from ssg.runtime.respond import respond
from ssg.runtime.tagged_renderer import TaggedRenderer

BYTECODE = "templates.bin"
"""A file beside the site database: templates, compiled to bytecode for this Python."""

_hosts: list[RuntimeHost] = []
_sites: list[ListTrackingSite] = []
_renderers: list[TaggedRenderer] = []

AnswerTuple = tuple[int, str, bytes, int, str, str]


class Buffer(Protocol):
    """Bytes in JavaScript."""

    def to_bytes(self) -> bytes:
        """A copy of them."""


def boot(database_path: str, host: str) -> None:
    """Open the site database of this deploy. Call once, after a snapshot is loaded.

    `host` is a `RuntimeHost` as JSON.
    """
    preload(Path(database_path).with_name(BYTECODE))
    site = ListTrackingSite.open(database_path)
    _hosts[:] = [RuntimeHost.from_json(host)]
    _sites[:], _renderers[:] = [site], [TaggedRenderer(site)]


def has(digest: str) -> bool:
    """Whether a block of texts is stored."""
    return _sites[0].texts.has(digest)


def give(digest: str, packed: Buffer) -> None:
    """Store a block of texts. The caller has checked its digest."""
    _sites[0].texts.give(digest, packed.to_bytes())


def answer(method: str, path: str) -> AnswerTuple:
    """Status, headers, body, freshness, failure, missing blocks. Headers and the last two are JSON.

    The headers include those of the host's dialect. The freshness is in seconds: 0 for an answer
    that is never stored, -1 for one that is fresh until the next deploy.

    There is no failure, and no block is missing, where the text is empty. If blocks are missing,
    their digests are listed and the rest is empty: `give` those blocks and call again.
    """
    site, host = _sites[0], _hosts[0]
    found = respond(_renderers[0], Request(method, path), max_body_bytes=host.body_bytes)
    site.forget_lists()
    if isinstance(found, Needs):
        return 0, "", b"", 0, "", json.dumps(found.blocks)
    response = host.sent(found)
    return (
        response.status,
        json.dumps(dict(response.headers)),
        response.body,
        -1 if response.caching.fresh_seconds is None else response.caching.fresh_seconds,
        _failure(response),
        "",
    )


def _failure(response: Response) -> str:
    return json.dumps(asdict(response.failure)) if response.failure else ""
