"""Purging a server and the cache in front of it: by signed requests, and after deploys."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ssg.edge.events import EdgeRecord, Notice
from ssg.edge.purge_index import TagChanges
from ssg.edge.storage.namespace import StorageUnavailableError
from ssg.model.errors import Problem, PurgeError
from ssg.runtime.signed_purge import MAX_BODY_BYTES, PurgeSelection, signed_headers
from ssg.server.front import MAX_TAGS, FrontCache, changed_selection
from ssg.server.purge_endpoint import PurgeEndpoint
from ssg.targets.purge.purger import PurgeReport
from tests.cli.serving import ssg
from tests.server.asking import ask
from tests.server.releases import SAME, lead_to, releases
from tests.server.started import started
from tests.server.test_follow import until

SECRET = "s" * 32
NOW = 1_800_000_000.0


def signed(body: bytes, nonce: str = "0" * 32) -> dict[str, str]:
    return signed_headers(SECRET.encode(), body, NOW, nonce)


def endpoint(error: Exception | None = None, secret: str = SECRET) -> PurgeEndpoint:
    def purge(selection: PurgeSelection) -> int:
        assert threading.current_thread() is not threading.main_thread(), "the loop would wait"
        if error:
            raise error
        return len(selection.tags) or 99

    return PurgeEndpoint(secret.encode() or None, purge, lambda: NOW)


def test_a_signed_request_purges() -> None:
    app = endpoint()
    answer = ask(app, "/_ssg/purge", "POST", signed(b'{"tags":["a","b"]}'), b'{"tags":["a","b"]}')
    assert (answer.status, answer.json) == (200, {"tags": ["a", "b"], "removed": 2})
    assert answer.headers["cache-control"] == "no-store"
    body = b'{"all":true}'
    answer = ask(app, "/_ssg/purge", "POST", signed(body, "1" * 32), body)
    assert answer.json == {"all": True, "removed": 99}
    assert ask(app, "/_ssg/purge", "POST", signed(body, "1" * 32), body).status == 401, "repeated"


def test_other_requests_purge_nothing() -> None:
    body = b'{"all":true}'
    assert ask(endpoint(), "/_ssg/purge", "POST", {}, body).status == 401
    assert ask(endpoint(), "/_ssg/purge", "POST", signed(b"x"), body).status == 401
    assert ask(endpoint(), "/_ssg/purge", "POST", signed(b"{}"), b"{}").status == 400
    answer = ask(endpoint(), "/_ssg/purge", "GET", signed(b""))
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    long = b"x" * (MAX_BODY_BYTES + 1)
    assert ask(endpoint(), "/_ssg/purge", "POST", signed(long), long).status == 413
    for method in ("GET", "POST"):
        answer = ask(endpoint(secret=""), "/_ssg/purge", method, signed(body), body)
        assert answer.status == 404


@pytest.mark.parametrize(
    ("error", "status"),
    [(StorageUnavailableError(Problem("away")), 503), (PurgeError(Problem("front")), 502)],
)
def test_what_cannot_be_purged_is_told(error: PurgeError, status: int) -> None:
    body = b'{"all":true}'
    answer = ask(endpoint(error), "/_ssg/purge", "POST", signed(body), body)
    assert (answer.status, answer.json) == (status, {"error": str(error)})
    assert ("retry-after" in answer.headers) == (status == 503)


# -- the front ---------------------------------------------------------------------------------


class Recorder:
    """A purger that notes what it is asked."""

    host = "a front"

    def __init__(self, error: PurgeError | None = None) -> None:
        self.asked: list[tuple[str, ...] | str] = []
        self.error = error

    def purge(self, tags: tuple[str, ...]) -> PurgeReport:
        return self._note(tags)

    def purge_everything(self) -> PurgeReport:
        return self._note("everything")

    def _note(self, what: tuple[str, ...] | str) -> PurgeReport:
        self.asked.append(what)
        if self.error:
            raise self.error
        return PurgeReport(self.host)


def test_a_purge_is_repeated_once() -> None:
    recorder = Recorder()
    front = FrontCache(recorder, print, 0.05)
    front.purge(PurgeSelection(("a",)))
    assert recorder.asked == [("a",)]
    until(lambda: len(recorder.asked) == 2)
    time.sleep(0.2)
    assert recorder.asked == [("a",), ("a",)]


def test_a_front_that_fails_is_said() -> None:
    said: list[EdgeRecord] = []
    front = FrontCache(Recorder(PurgeError(Problem("it is down"))), said.append, 60)
    with pytest.raises(PurgeError):
        front.purge(PurgeSelection(everything=True))
    front.purge_soon(PurgeSelection(everything=True))
    until(lambda: bool(said))
    (notice,) = said
    assert isinstance(notice, Notice)
    assert notice.message == "a front is not purged: it is down"


def test_a_front_without_an_api_or_an_address_is_not_purged() -> None:
    said: list[EdgeRecord] = []
    assert FrontCache.of("", {}, said.append, 1) is None
    assert FrontCache.of("nginx", {}, said.append, 1) is None
    assert said == []
    assert FrontCache.of("varnish", {}, said.append, 1) is None
    (notice,) = said
    assert isinstance(notice, Notice)
    assert "SSG_VARNISH_URLS is not set" in notice.message
    assert FrontCache.of("varnish", {"SSG_VARNISH_URLS": "http://127.0.0.1"}, print, 1)


def test_a_deploy_purges_what_it_changes() -> None:
    everything = PurgeSelection(everything=True)
    assert changed_selection(None) == everything
    assert changed_selection(TagChanges("x", ())) is None
    assert changed_selection(TagChanges("x", ("a",))) == PurgeSelection(("a",))
    many = tuple(f"t{number}" for number in range(MAX_TAGS + 1))
    assert changed_selection(TagChanges("x", many)) == everything


# -- processes ---------------------------------------------------------------------------------


@pytest.fixture
def varnish() -> Iterator[tuple[str, list[str]]]:
    """Something that takes the requests that the VCL of Varnish takes."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            asked.append(self.headers.get("xkey-purge") or "everything")
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ssg_purge_reaches_a_server_and_the_cache_in_front(
    tmp_path: Path, varnish: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    address, asked = varnish
    monkeypatch.setenv("SSG_PURGE_SECRET", SECRET)
    (folder,) = releases(tmp_path, ["one"])
    words = [str(folder), "--workers", workers, "--front", "varnish"]
    with started(tmp_path / "run", *words, SSG_VARNISH_URLS=address) as server:
        until(lambda: asked == ["everything"])  # its first deploy
        _, headers, _ = server.get(SAME)
        tag = next(t for t in headers["surrogate-key"].split() if t.startswith("page:"))
        assert "s-maxage" in headers["cache-control"]
        until(lambda: "ssg; hit" in server.get(SAME)[1]["cache-status"])
        done = ssg(tmp_path, "purge", "--tag", tag, "--host", server.url)
        assert (done.returncode, done.stderr) == (0, "")
        assert asked == ["everything", tag]
        assert "uri-miss" in server.get(SAME)[1]["cache-status"]
        done = ssg(tmp_path, "purge", "--all", "--host", server.url)
        assert done.returncode == 0
        assert "uri-miss" in server.get(SAME)[1]["cache-status"]
        monkeypatch.setenv("SSG_PURGE_SECRET", "w" * 32)
        assert "status 401" in ssg(tmp_path, "purge", "--all", "--host", server.url).stderr


def test_a_deploy_purges_the_front_once_of_what_differs(
    tmp_path: Path, varnish: tuple[str, list[str]]
) -> None:
    address, asked = varnish
    folders, link = releases(tmp_path, ["one", "two"]), tmp_path / "current"
    lead_to(link, folders[0])
    words = [str(link), "--front", "varnish", "--workers", "2"]
    with started(tmp_path / "run", *words, SSG_VARNISH_URLS=address) as server:
        until(lambda: asked == ["everything"])
        tag = next(
            t for t in server.get("/blog/a/")[1]["surrogate-key"].split() if t.startswith("page:")
        )
        lead_to(link, folders[1])
        until(lambda: len(asked) > 1)
        assert tag in asked[1].split()
        assert "site" not in asked[1].split()
    with started(tmp_path / "run", *words, SSG_VARNISH_URLS=address) as server:
        assert server.get("/blog/a/")[0] == 200
        time.sleep(0.5)
        assert "everything" not in asked[1:], "the cache knows this build"
