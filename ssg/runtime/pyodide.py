"""The door through which the builder's JavaScript calls the runtime, inside Pyodide.

Only texts, bytes and numbers cross it.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from ssg.model.site import Site
from ssg.render.renderer import Renderer
from ssg.runtime.http import Request, Response
from ssg.runtime.respond import respond

_renderers: list[Renderer] = []


def boot(database_path: str) -> None:
    """Open the site database of this deploy. Call it once, after any snapshot is loaded."""
    _renderers[:] = [Renderer(Site.open(database_path))]


def answer(method: str, path: str) -> tuple[int, str, bytes, int, str]:
    """Status, headers as JSON, body, ttl in seconds (0: none), failure as JSON or ''."""
    response = respond(_renderers[0], Request(method, path))
    return (
        response.status,
        json.dumps(dict(response.headers)),
        response.body,
        response.ttl_seconds or 0,
        _failure(response),
    )


def _failure(response: Response) -> str:
    return json.dumps(asdict(response.failure)) if response.failure else ""
