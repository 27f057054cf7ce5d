"""The emitted function itself: the real folder, in Node, with Python inside."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ssg.model.queries.site import Site
from ssg.render.renderer import Renderer
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.function import local_function
from tests.damage import DAMAGES, half, noise
from tests.targets.conftest import ERRORS, NOT_FOUND, EmittedFunction

pytestmark = pytest.mark.node


class Visit:
    """Asks a function, and keeps its log."""

    def __init__(self, folder: Path) -> None:
        self.lines: list[str] = []
        self.host = local_function(folder, log=self.lines.append, time_limit_seconds=30)

    def get(self, path: str, kind: str = "miss") -> Response:
        return self.host.answer(Request("GET", path), kind)

    def log(self) -> list[dict[str, Any]]:
        """All that was logged; ends the process, so that nothing is still on its way."""
        self.host.close()
        return [json.loads(line) for line in self.lines if line.startswith("{")]

    def answers(self) -> list[dict[str, Any]]:
        return [entry for entry in self.log() if "path" in entry]


@pytest.fixture
def visit(function: EmittedFunction) -> Iterator[Visit]:
    visit = Visit(function.folder)
    yield visit
    visit.host.close()


@pytest.fixture(scope="module")
def started(function: EmittedFunction) -> Iterator[Visit]:
    """One that several tests ask, none of which reads its log or its end."""
    visit = Visit(function.folder)
    yield visit
    visit.host.close()


@pytest.fixture
def copy(function: EmittedFunction, tmp_path: Path) -> Path:
    """A function's folder that a test may break."""
    return Path(shutil.copytree(function.folder, tmp_path / "copy"))


def test_pages_are_the_bytes_that_a_build_writes(started: Visit, function: EmittedFunction) -> None:
    site = Site.open(function.database)
    renderer = Renderer(site)
    for page in site.deferred_pages():
        if page.template != "broken.html":
            assert started.get(renderer.localized.url(page.path)).body == renderer.render(page), (
                page.path
            )


def test_a_page_has_its_type_and_its_time_to_live(started: Visit) -> None:
    short, long, data = (
        started.get(path) for path in ("/blog/short-lived/", "/blog/k%C3%A4se/", "/data.xml")
    )
    assert (short.status, short.caching.fresh_seconds) == (200, 120)
    assert (long.status, long.caching.fresh_seconds) == (200, None)
    assert long.headers["Content-Type"].startswith("text/html")
    assert data.headers["Content-Type"].startswith("application/xml")


def test_other_spellings_are_redirected_to_the_page(started: Visit) -> None:
    for path in ("/blog/k%C3%A4se", "/blog/k%C3%A4se/index.html"):
        found = started.get(path)
        assert (found.status, found.headers["Location"]) == (301, "/blog/k%C3%A4se/")


def test_the_functions_own_address_leads_to_pages_too(started: Visit) -> None:
    found = started.get("/.netlify/builders/ssg-pages/blog/short-lived/")
    assert (found.status, found.caching.fresh_seconds) == (200, 120)


def test_head_is_answered_as_get_because_the_edge_keeps_it(started: Visit) -> None:
    head = started.host.answer(Request("HEAD", "/blog/short-lived/"))
    assert head == started.get("/blog/short-lived/")
    assert head.body


def test_other_methods_are_refused(started: Visit) -> None:
    assert started.host.answer(Request("POST", "/blog/short-lived/")).status == 405


def test_unknown_paths_get_the_sites_own_page_without_python(visit: Visit) -> None:
    for path in ("/nowhere/", "/%zz", "/%ff", "/blog/k%25C3%25A4se/", "/"):
        found = visit.get(path)
        assert (found.status, found.body.decode()) == (404, NOT_FOUND)
        assert found.headers["Content-Type"].startswith("text/html")
    assert {(entry["boot_ms"], entry["render_ms"]) for entry in visit.answers()} == {(0, 0)}


def test_the_page_is_that_of_the_language_whose_folder_a_path_is_in(started: Visit) -> None:
    for path, folder in (
        ("/fr/nowhere/", "/fr/"),
        ("/fr/ca/x", "/fr/ca/"),
        ("/fr/c%61/", "/fr/ca/"),
    ):
        found = started.get(path)
        assert (found.status, found.body.decode()) == (404, ERRORS[folder])
    assert started.get("/french/").body.decode() == NOT_FOUND


def test_a_failure_is_explained_in_the_log_and_not_to_the_visitor(visit: Visit) -> None:
    found = visit.get("/broken/")
    assert found.status == 500
    assert found.headers["Cache-Control"] == "no-store"
    for secret in (b"secret_method", b"broken.html", b"Traceback", b"bundle", b"5.md"):
        assert secret not in found.body
    (entry,) = visit.answers()
    assert entry["error"]["template"] == "templates/broken.html"
    assert entry["error"]["line"] == 3
    assert "secret_method" in entry["error"]["message"]


def test_every_answer_is_one_line_in_the_log(visit: Visit) -> None:
    sizes = [
        len(visit.get(path, kind).body)
        for path, kind in (
            ("/blog/short-lived/", "miss"),
            ("/blog/short-lived/", "revalidate"),
            ("/blog/short-lived", "miss"),
            ("/nowhere/", "forged\nvalue"),
            ("/broken/", "miss"),
        )
    ]
    log = visit.log()
    assert [(entry["path"], entry["status"], entry["kind"]) for entry in log] == [
        ("/blog/short-lived/", 200, "miss"),
        ("/blog/short-lived/", 200, "revalidate"),
        ("/blog/short-lived", 301, "miss"),
        ("/nowhere/", 404, "miss"),
        ("/broken/", 500, "miss"),
    ]
    assert [entry["bytes"] for entry in log] == sizes
    assert [entry["boot_ms"] > 0 for entry in log] == [True, False, False, False, False]
    assert [sorted(entry) for entry in log[:1]] == [
        ["boot_ms", "bytes", "kind", "path", "render_ms", "status"]
    ]


@pytest.mark.parametrize("spoil", [half, noise, Path.unlink])
def test_without_a_usable_snapshot_pages_come_slower_and_the_log_says_so(
    copy: Path, function: EmittedFunction, spoil: Any
) -> None:
    spoil(copy / "snapshot.bin")
    visit = Visit(copy)
    site = Site.open(function.database)
    page = site.page_at("/blog/short-lived/")
    assert page is not None
    assert visit.get(page.path).body == Renderer(site).render(page)
    warning, answer = visit.log()
    assert warning["event"] == "snapshot-unusable"
    assert warning["message"]
    assert answer["status"] == 200


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_bytecode_of_templates_is_left_out(
    copy: Path, function: EmittedFunction, damage: Callable[[Path], None]
) -> None:
    damage(copy / "templates.bin")
    _same_page(copy, function)


def test_damaged_memory_in_a_snapshot_is_noticed(copy: Path, function: EmittedFunction) -> None:
    """The table at the beginning is whole."""
    snapshot = copy / "snapshot.bin"
    with snapshot.open("r+b") as stream:
        stream.seek(snapshot.stat().st_size // 2)
        stream.write(b"\xff" * 100_000)
    _same_page(copy, function)


def _same_page(folder: Path, function: EmittedFunction) -> None:
    site, visit = Site.open(function.database), Visit(folder)
    page = site.page_at("/blog/short-lived/")
    assert page is not None
    assert visit.get(page.path).body == Renderer(site).render(page)
    visit.host.close()


def test_a_start_that_failed_is_tried_again(copy: Path) -> None:
    database = copy / "site.db"
    database.rename(copy / "away.db")
    visit = Visit(copy)
    assert visit.get("/blog/short-lived/").status == 500
    (copy / "away.db").rename(database)
    assert visit.get("/blog/short-lived/").status == 200
    first, second = visit.answers()
    assert "unable to open database file" in first["error"]["message"]
    assert "error" not in second


def test_a_bundle_without_python_fails_request_by_request(copy: Path) -> None:
    (copy / "node_modules/pyodide/python_stdlib.zip").unlink()
    visit = Visit(copy)
    assert [visit.get(path).status for path in ("/blog/short-lived/", "/nowhere/")] == [500, 404]
    visit.host.close()


DOOR = b"""
import os

def boot(path, host, env):
    pass

def answer(method, path, is_refresh, brought):
    if path == "/broken/":
        os.abort()
    if path == "/data.xml":
        raise ValueError("a secret")
    return 200, "{}", b"fine", 0, ""
"""


def replace_door(file: Path) -> None:
    with zipfile.ZipFile(file) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    with zipfile.ZipFile(file, "w") as zipped:
        for name, content in {**files, "ssg/runtime/pyodide.py": DOOR}.items():
            zipped.writestr(name, content)


def test_python_is_started_anew_after_its_end_and_kept_after_an_exception(copy: Path) -> None:
    replace_door(copy / "code.zip")
    (copy / "snapshot.bin").unlink()
    visit = Visit(copy)
    asked = (
        "/blog/short-lived/",
        "/data.xml",
        "/blog/short-lived/",
        "/broken/",
        "/blog/short-lived/",
    )
    found = [visit.get(path) for path in asked]
    assert [answer.status for answer in found] == [200, 500, 200, 500, 200]
    assert b"secret" not in found[1].body
    log = visit.answers()
    assert [entry["boot_ms"] > 0 for entry in log] == [True, False, False, False, True]
    assert log[1]["error"] == {"message": "ValueError: a secret"}
    assert log[3]["error"]["message"]
