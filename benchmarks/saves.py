"""Saves: the time from writing a file to the reload message of `ssg serve` and the new page."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import measure
from benchmarks.builds import new_text, new_title

Figures = dict[str, Any]

EVENTS = "/__ssg/events"
PAUSE_SECONDS = 0.3
"""The pause between two saves, as when a person writes."""


def saves(root: Path, pages: dict[str, Path]) -> Figures:
    """Saves each page (its path and its source) with another text and another title."""
    with measure.server(measure.PREVIEW, root) as edge:
        connection = http.client.HTTPConnection("127.0.0.1", edge.port, timeout=30)
        events = _Events(edge.port)
        figures: Figures = {}
        for name, edit in (("text", new_text), ("title", new_title)):
            found = [_save(connection, events, *page, edit) for page in pages.items()]
            message, page = (measure.times(one) for one in zip(*found[1:], strict=True))
            figures[f"{name}_message_p50_ms"] = message.median
            figures[f"{name}_page_p50_ms"] = page.median
            figures[f"{name}_page_max_ms"] = page.values[-1]
        return figures


def _save(
    connection: http.client.HTTPConnection,
    events: _Events,
    path: str,
    source: Path,
    edit: Callable[[str, int], str],
) -> tuple[float, float]:
    """Milliseconds to the message and to the last byte of the page."""
    time.sleep(PAUSE_SECONDS)
    old, number = source.read_text(), time.time_ns()
    start = time.perf_counter()
    source.write_text(edit(old, number))
    try:
        assert not events.next()["problems"]
        told = time.perf_counter()
        connection.request("GET", path)
        assert str(number).encode() in connection.getresponse().read(), f"{path} is the old one"
        return (told - start) * 1000, (time.perf_counter() - start) * 1000
    finally:
        source.write_text(old)
        events.next()


class _Events:
    """The messages of the preview to an open page."""

    def __init__(self, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", EVENTS)
        self._stream = connection.getresponse()
        self.next()

    def next(self) -> dict[str, Any]:
        """Waits for the next message. The first one describes the current build."""
        while not (line := self._stream.readline()).startswith(b"data: "):
            assert line, "the preview has ended"
        found: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
        return found
