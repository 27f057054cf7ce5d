"""The door through which the builder's JavaScript calls the runtime, inside Pyodide.

Only texts, bytes and numbers cross it.
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
"""A file beside the site database: templates that were compiled ahead for this Python."""

_sites: list[ListTrackingSite] = []
_renderers: list[Renderer] = []

AnswerTuple = tuple[int, str, bytes, int, str, str]


class Buffer(Protocol):
    """Bytes of JavaScript."""

    def to_bytes(self) -> bytes:
        """A copy of them."""


def boot(database_path: str) -> None:
    """Open the site database of this deploy. Call it once, after any snapshot is loaded."""
    preload(Path(database_path).with_name(BYTECODE))
    site = ListTrackingSite.open(database_path)
    _sites[:], _renderers[:] = [site], [Renderer(site)]


def has(digest: str) -> bool:
    """Whether a block of texts is here."""
    return _sites[0].texts.has(digest)


def give(digest: str, packed: Buffer) -> None:
    """Hand over a block of texts, which whoever brings it has checked."""
    _sites[0].texts.give(digest, packed.to_bytes())


def answer(method: str, path: str) -> AnswerTuple:
    """Status, headers as JSON, body, ttl in seconds (0: none), failure as JSON or ''.

    Behind them stand the digests of blocks, as JSON, that have to be given before there is an
    answer; '' where there is one.
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
