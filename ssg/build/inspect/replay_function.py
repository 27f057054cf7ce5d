"""Lets an emitted function ask recordings in place of its sources.

The function is copied, by links, and its copy is told another address for each source: that of a
server on this machine, which answers from the recordings.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ssg.model.live.data_request import DataRequest
from ssg.runtime.rounds import BringData
from ssg.targets.bundles.pyodide.live_files import SOURCES

_FOLDERS = (".netlify", ".vercel", "dist")
"""Where targets have their functions."""
_NO_RECORDING = 599


@contextlib.contextmanager
def replay_function(hosts_dir: Path, output: Path, bring: BringData) -> Iterator[tuple[Path, Path]]:
    """Copies of `hosts_dir` and of the publish folder, whose function asks `bring`."""
    with tempfile.TemporaryDirectory(prefix="ssg-") as folder, _server(bring) as url:
        copy = Path(folder)
        for name in _FOLDERS:
            if (hosts_dir / name).is_dir():
                shutil.copytree(hosts_dir / name, copy / name, copy_function=_link)
        for file in copy.rglob(SOURCES):
            _redirect(file, url)
        below = output.relative_to(hosts_dir) if output.is_relative_to(hosts_dir) else None
        yield copy, copy / below if below and (copy / below).is_dir() else output


def _link(source: str, place: str) -> None:
    try:
        os.link(source, place)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, place)


def _redirect(file: Path, url: str) -> None:
    """Change the addresses of sources; headers may need secrets that only the host knows."""
    declared = json.loads(file.read_text("utf-8"))
    for name, source in declared["sources"].items():
        source |= {"url": f"{url}/{name}", "headers": {}}
    file.unlink()  # it is a link
    file.write_text(json.dumps(declared), "utf-8")


@contextlib.contextmanager
def _server(bring: BringData) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(bring))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(bring: BringData) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name, slash, path = self.path.removeprefix("/").partition("/")
            request = DataRequest(name, path=slash + path)
            answer = bring([request])[request]
            self.send_response(_NO_RECORDING if answer.problem else answer.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    return Handler
