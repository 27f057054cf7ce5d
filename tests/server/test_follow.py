"""Deploys without a gap: a link that changes, a folder that is rewritten, releases that fail."""

from __future__ import annotations

import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ssg.edge.events import EdgeRecord, Notice, NoticeLevel, RenderRecord
from ssg.model.errors import Problem, ServeError
from ssg.server.app import ServerApp
from ssg.server.follow import ReleaseWatch
from ssg.server.release import Release, WaitLimit, find_release, release_id
from ssg.server.settings import ServerSettings
from ssg.server.site import ServedSite
from tests.server.releases import PAGES, SAME, lead_to, releases
from tests.server.started import Started, started
from tests.server.test_app import get


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return releases(tmp_path_factory.mktemp("kept"), ["one", "two", "three"])


@pytest.fixture
def link(built: list[Path], tmp_path: Path) -> Path:
    lead_to(tmp_path / "current", built[0])
    return tmp_path / "current"


class Deploys:
    """Notes what a watch deploys and says."""

    def __init__(self, link: Path) -> None:
        self.deployed: list[Path] = []
        self.said: list[str] = []
        self.error: Exception | None = None
        served = release_id(link)
        assert served
        self.watch = ReleaseWatch(
            link, served, self.deploy, self.log, pause_seconds=0.01, wait=WaitLimit(0)
        )

    def deploy(self, release: Release) -> None:
        if self.error:
            raise self.error
        self.deployed.append(release.folder)

    def log(self, record: EdgeRecord) -> None:
        assert isinstance(record, Notice)
        assert record.level is NoticeLevel.ERROR
        self.said.append(record.message)


def test_a_link_that_leads_elsewhere_is_deployed_once(built: list[Path], link: Path) -> None:
    deploys = Deploys(link)
    deploys.watch.look()
    lead_to(link, built[1])
    for _ in range(3):
        deploys.watch.look()
    lead_to(link, built[0])
    deploys.watch.look()
    assert deploys.deployed == [built[1], built[0]]


def test_a_folder_that_is_rewritten_is_deployed(built: list[Path], tmp_path: Path) -> None:
    folder = Path(shutil.copytree(built[0], tmp_path / "dist"))
    deploys = Deploys(folder)
    shutil.rmtree(folder)
    shutil.copytree(built[1], folder, copy_function=shutil.copy)
    deploys.watch.look()
    assert deploys.deployed == [folder]


@pytest.mark.parametrize("error", [ServeError(Problem("is wrong")), RuntimeError("is wrong")])
def test_a_release_that_cannot_be_opened_is_said_once(
    built: list[Path], link: Path, error: Exception
) -> None:
    deploys = Deploys(link)
    deploys.error = error
    lead_to(link, built[1])
    for _ in range(3):
        deploys.watch.look()
    assert len(deploys.said) == 1
    assert "is wrong" in deploys.said[0]
    deploys.watch.look(again=True)
    assert len(deploys.said) == 2
    deploys.error = None
    deploys.watch.look(again=True)
    assert deploys.deployed == [built[1]]


def test_a_folder_that_is_gone_is_said_once_and_served_again_when_it_is_back(
    built: list[Path], link: Path
) -> None:
    deploys = Deploys(link)
    link.unlink()
    for _ in range(3):
        deploys.watch.look()
    assert len(deploys.said) == 1
    lead_to(link, built[0])
    deploys.watch.look()
    assert deploys.deployed == [], "it never ceased to be served"


def test_a_thread_looksuntil_it_is_stopped(built: list[Path], link: Path) -> None:
    deploys = Deploys(link)
    deploys.watch.start()
    lead_to(link, built[1])
    until(lambda: deploys.deployed == [built[1]])
    deploys.watch.stop()
    until(lambda: not deploys.watch._thread.is_alive())


# -- the cache over deploys --------------------------------------------------------------------


@contextmanager
def served(folder: Path, cache: Path) -> Iterator[tuple[ServerApp, ServedSite, list[str]]]:
    rendered: list[str] = []

    def log(record: EdgeRecord) -> None:
        if isinstance(record, RenderRecord):
            rendered.append(record.path)

    settings = ServerSettings(folder, cache=str(cache))
    app = ServerApp(lambda: ServedSite(settings, {}, log))
    site = app.start()
    try:
        yield app, site, rendered
    finally:
        site.stop()


def test_a_deploy_keeps_pages_that_it_does_not_change(
    built: list[Path], link: Path, tmp_path: Path
) -> None:
    with served(link, tmp_path / "cache") as (app, site, rendered):
        for folder, mark in zip(
            [*built, *built[:2]], ["one", "two", "three", "one", "two"], strict=True
        ):
            lead_to(link, folder)
            site.reload()
            until(lambda mark=mark: f"build {mark}" in get(app, "/blog/a/")[2].decode())
            get(app, SAME)
    assert rendered.count("blog/same/") + rendered.count(SAME) == 1, rendered


def test_a_server_that_starts_later_compares_with_the_build_that_was_deployed_last(
    built: list[Path], tmp_path: Path
) -> None:
    with served(built[0], tmp_path / "cache") as (app, _, _):
        get(app, SAME), get(app, "/blog/a/")
    with served(built[2], tmp_path / "cache") as (app, _, _):
        assert "hit" in get(app, SAME)[1]["cache-status"]
        assert b"build three" in get(app, "/blog/a/")[2]


def test_without_keep_cache_each_build_has_its_own(tmp_path: Path) -> None:
    first, second = releases(tmp_path, ["one", "two"], keep_cache=False)
    with served(first, tmp_path / "cache") as (app, _, _):
        get(app, SAME)
    with served(second, tmp_path / "cache") as (app, _, _):
        assert "uri-miss" in get(app, SAME)[1]["cache-status"]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts files by Linux’s /proc")
def test_old_releases_are_closed(built: list[Path], link: Path, tmp_path: Path) -> None:
    """Fifty deploys later, no more files are open, and no database of an old release is."""
    own = [Path(shutil.copytree(folder, tmp_path / folder.name)) for folder in built]
    with served(link, tmp_path / "cache") as (app, site, _):
        site._watch.stop()  # type: ignore[union-attr] # this test deploys in its own order
        counts = []
        for number in range(50):
            site._deploy(find_release(own[number % 3]))
            assert get(app, "/blog/a/")[0] == 200
            counts.append(len(_open_files()))
        until(
            lambda: (
                sum(name.endswith("site.db") and str(tmp_path) in name for name in _open_files())
                == 1
            )
        )
    assert max(counts[25:]) <= max(counts[:25]) + 1, counts


def _databases(folder: Path) -> list[str]:
    """The site databases below a folder that are open."""
    return [n for n in _open_files() if n.startswith(str(folder)) and n.endswith("site.db")]


def _open_files() -> list[str]:
    found = []
    for entry in os.scandir("/proc/self/fd"):
        try:
            found.append(os.readlink(entry.path))  # noqa: PTH115 a name of a file that is not there
        except OSError:
            continue
    return found


# -- processes ---------------------------------------------------------------------------------


def test_deploys_under_load_fail_no_request_and_mix_no_page(
    built: list[Path], link: Path, tmp_path: Path
) -> None:
    with started(tmp_path / "run", str(link)) as server, _load(server) as (wrong, seen):
        for number in range(20):
            folder = built[number % 2]
            lead_to(link, folder)
            if number % 4 == 0:
                server.process.send_signal(signal.SIGHUP)
            mark = ["one", "two"][number % 2]
            until(lambda mark=mark: f"build {mark}" in server.get("/blog/a/")[2].decode())
    assert wrong == []
    assert {"one", "two"} <= seen
    said = server.err.read_text()
    assert len(re.findall(r"is served, from", said)) >= 19


def test_a_release_that_is_broken_leaves_the_old_one_served(
    built: list[Path], link: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(built[1], tmp_path / "broken"))
    (broken / "site.db").write_bytes(b"no database")
    with started(tmp_path / "run", str(link)) as server:
        lead_to(link, broken)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: "the new release is not served" in server.err.read_text())
        assert b"build one" in server.get("/blog/a/")[2]
        lead_to(link, built[1])
        until(lambda: b"build two" in server.get("/blog/a/")[2])


@contextmanager
def _load(server: Started) -> Iterator[tuple[list[object], set[str]]]:
    """Ask for all pages without a pause, from some threads; collects what is wrong."""
    wrong: list[object] = []
    seen: set[str] = set()
    end = threading.Event()

    def ask() -> None:
        while not end.is_set():
            for path in PAGES:
                try:
                    status, _, body = server.get(path)
                except OSError as error:
                    wrong.append(repr(error))
                    continue
                marks = set(re.findall(r"build (\w+)", body.decode()))
                seen.update(marks)
                if status != 200 or len(marks) != 1:
                    wrong.append((path, status, body))

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield wrong, seen
    finally:
        end.set()
        for thread in threads:
            thread.join(20)


def until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never became so"
        time.sleep(0.01)
