"""The documentation's figures are those that were measured."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import photos

RESULTS = Path(__file__).parents[1] / "benchmarks" / "results.json"


def test_the_page_of_figures_is_made_of_the_results() -> None:
    from benchmarks import report

    written = report.PAGE.read_text("utf-8")
    assert written == report.page(json.loads(RESULTS.read_text()))
    plots = re.findall(r"\]\(([a-z-]+\.svg)\)", written)
    assert plots
    assert all((report.PAGE.parent / plot).is_file() for plot in plots)


def test_photos_of_the_same_pixels_have_other_bytes() -> None:
    stream = io.BytesIO()
    Image.linear_gradient("L").save(stream, "JPEG")
    drawn = stream.getvalue()
    one, other = (photos.with_comment(drawn, f"photo {number}") for number in (1, 22))
    assert len({drawn, one, other}) == 3
    decoded = [Image.open(io.BytesIO(data)) for data in (drawn, one, other)]
    assert len({image.tobytes() for image in decoded}) == 1
    assert decoded[2].info["comment"] == b"photo 22"


class StubPlatform:
    """A platform with one post, which publishes it or only says so."""

    def __init__(self, *, forgets: bool) -> None:
        self.forgets = forgets
        self.version = self.draft = 1

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = re.search(r"Content-Length: (\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                text = self._text(*head.split()[:2], body).encode()
                status = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n\r\n"
                writer.write(status.encode() + text)

    def _text(self, method: str, path: str, body: bytes) -> str:
        if not path.startswith("/api/"):
            return f"<h1>Post 0 version={self.version};</h1>"
        if method == "PUT":
            self.draft = int(re.findall(rb"version=(\d+)", body)[0])
        elif method == "POST" and not self.forgets:
            self.version = self.draft
        title = f"Post 0 version={self.draft};"
        return json.dumps({"title": title, "tags": [], "revision": self.draft})


@pytest.mark.parametrize("forgets", [False, True])
def test_visitors_of_the_platform_find_pages_that_are_outdated(*, forgets: bool) -> None:
    from benchmarks.platform_load import LoadPlan, LoadResult, Visitors, WriterSession
    from benchmarks.platform_seed import SeededSite

    async def visit() -> LoadResult:
        stub = StubPlatform(forgets=forgets)
        server = await asyncio.start_server(stub.answer, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        plan = LoadPlan(SeededSite(1, 1, 0), url, 0.3, 2, 0.5, [WriterSession("", "")])
        result = await Visitors(plan).run()
        server.close()
        return result

    found = asyncio.run(visit())
    assert found.publishes
    assert found.errors == []
    assert bool(found.outdated) == forgets
