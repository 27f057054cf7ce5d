"""The entry point for JavaScript: it calls these functions inside Pyodide.

`lib/load_python.js` of the bundle starts Python, with its environment; `lib/runtime.js` calls
`boot` and `answer`.

Arguments and results are strings, bytes and numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

from ssg.model.live.data_request import Brought, DataAnswer, DataRequest
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
BroughtTuple = tuple[str, str, bool, int, "Buffer", str]
"""Source, path and whether drafts are wanted; status, body and problem of the answer."""


class Buffer(Protocol):
    """Bytes in JavaScript."""

    def to_bytes(self) -> bytes:
        """A copy of them."""


def boot(database_path: str, host: str, env: str = "{}") -> None:
    """Open the site database of this deploy. Call once, after a snapshot is loaded.

    `host` is a `RuntimeHost` as JSON, `env` the variables that templates see.
    """
    preload(Path(database_path).with_name(BYTECODE))
    site = ListTrackingSite.open(database_path)
    _hosts[:] = [RuntimeHost.from_json(host)]
    _sites[:], _renderers[:] = [site], [TaggedRenderer(site, json.loads(env))]


def has(digest: str) -> bool:
    """Whether a block of texts is stored."""
    return _sites[0].texts.has(digest)


def give(digest: str, packed: Buffer) -> None:
    """Store a block of texts. The caller has checked its digest."""
    _sites[0].texts.give(digest, packed.to_bytes())


def answer(
    method: str, path: str, is_refresh: bool = False, brought: Iterable[BroughtTuple] = ()
) -> AnswerTuple:
    """Status, headers, body, freshness, failure, needs. Headers and the last two are JSON.

    The headers include those of the host's dialect. The freshness is in seconds: 0 for an answer
    that is never stored, -1 for one that is fresh until the next deploy.

    There is no failure, and nothing is needed, where the text is empty. If something is needed, the
    rest is empty: `give` the blocks, and call again with the answers to all requests until then.
    Nothing is kept between calls, so those for several visitors may take turns.
    """
    site, host = _sites[0], _hosts[0]
    request = Request(method, path, is_refresh)
    found = respond(_renderers[0], request, _answers(brought), host.body_bytes)
    site.forget_lists()
    if isinstance(found, Needs):
        return 0, "", b"", 0, "", _needs(found)
    response = host.sent(found)
    return (
        response.status,
        json.dumps(dict(response.headers)),
        response.body,
        -1 if response.caching.fresh_seconds is None else response.caching.fresh_seconds,
        _failure(response),
        "",
    )


def _answers(brought: Iterable[BroughtTuple]) -> Brought:
    """The answers of sources by their requests. JavaScript asks none by SQL."""
    return {
        DataRequest(source, path, is_draft=is_draft): DataAnswer(status, body.to_bytes(), problem)
        for source, path, is_draft, status, body, problem in brought
    }


def _needs(needs: Needs) -> str:
    requests = [[one.source, one.path, one.is_draft] for one in needs.requests]
    return json.dumps({"blocks": needs.blocks, "requests": requests})


def _failure(response: Response) -> str:
    return json.dumps(asdict(response.failure)) if response.failure else ""
