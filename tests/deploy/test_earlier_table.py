"""The table of the site that is live, and everything that can be in its place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ssg.build.tag_table.publish_table import publish_table
from ssg.deploy import earlier_table as module
from ssg.deploy.earlier_table import earlier_table
from ssg.fingerprint.tag_table.table_file import TableError, TagTable
from ssg.render.dependencies.tags import name_hash

TABLE = TagTable.of({"page": {name_hash("/a/"): b"00000"}}, "live")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A publish folder with a table."""
    publish_table(TABLE, tmp_path)
    return tmp_path


def _fetcher(folder: Path, root: str = "https://example.org/docs/") -> Callable[[str, int], bytes]:
    def fetch(url: str, limit: int) -> bytes:
        file = folder / url.removeprefix(root)
        if not url.startswith(root) or not file.is_file():
            raise TableError(f"{url} answers with status 404")
        assert file.stat().st_size < limit
        return file.read_bytes()

    return fetch


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/docs", "https://example.org/docs/",
        "https://example.org/docs/_ssg/tags.json",
    ],
)  # fmt: skip
def test_a_site_is_named_by_its_address_or_by_its_pointer(published: Path, url: str) -> None:
    found = earlier_table(url, _fetcher(published))
    assert (found.name, found.table, found.problem) == (url, TABLE, "")


def test_a_table_is_named_by_its_file_its_pointer_or_its_folder(published: Path) -> None:
    (table,) = (published / "_ssg/tags").iterdir()
    for path in (table, published / "_ssg/tags.json", published):
        assert earlier_table(str(path)).table == TABLE


def _damage(published: Path, name: str, data: bytes) -> None:
    (file,) = published.glob(name)
    file.write_bytes(data)


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("_ssg/tags.json", b"<!doctype html>", "not a pointer"),
        ("_ssg/tags.json", b'{"version": 9, "table": "a"}', "of version 9"),
        ("_ssg/tags.json", b'{"version": 1, "table": "../../secret"}', "names no tag table"),
        ("_ssg/tags/*.bin", b"other", "is not what its name says"),
    ],
)
def test_what_is_not_a_table_is_unknown(
    published: Path, name: str, data: bytes, problem: str
) -> None:
    _damage(published, name, data)
    for found in (
        earlier_table("https://example.org/docs/", _fetcher(published)),
        earlier_table(str(published)),
    ):
        assert found.table is None
        assert problem in found.problem


def test_a_site_without_a_table_is_unknown(tmp_path: Path) -> None:
    found = earlier_table("https://example.org/docs/", _fetcher(tmp_path))
    assert found.table is None
    assert "status 404" in found.problem
    for path in (tmp_path, tmp_path / "none.bin", tmp_path / "none.json"):
        assert earlier_table(str(path)).problem


# -- over HTTP -----------------------------------------------------------------------------------


@pytest.fixture
def serving(published: Path) -> Iterator[str]:
    """The address of a server with the table."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/moved/"):
                self.send_response(302)
                self.send_header("Location", self.path.removeprefix("/moved"))
                self.end_headers()
                return
            file = published / self.path.removeprefix("/").removeprefix("slow/")
            self.send_response(200 if file.is_file() else 404)
            self.end_headers()
            for byte in file.read_bytes() if file.is_file() else b"":
                if self.path.startswith("/slow/"):
                    time.sleep(0.05)
                    self.wfile.flush()
                self.wfile.write(bytes([byte]))

        def log_message(self, *_: object) -> None:
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_table_is_fetched(serving: str) -> None:
    assert earlier_table(serving).table == TABLE
    assert earlier_table(serving + "moved/").table == TABLE


def test_a_status_is_told(serving: str) -> None:
    assert "answers with status 404" in earlier_table(serving + "none/").problem


def test_too_large_an_answer_is_not_read(serving: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_POINTER_BYTES", 10)
    assert "more than 10 bytes" in earlier_table(serving).problem


def test_a_slow_answer_ends(serving: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.3)
    started = time.monotonic()
    assert "too long" in earlier_table(serving + "slow/").problem
    assert time.monotonic() - started < 3


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://[bad/", "https:///"])
def test_no_answer_is_no_error(url: str) -> None:
    found = earlier_table(url)
    assert found.table is None
    assert found.problem
