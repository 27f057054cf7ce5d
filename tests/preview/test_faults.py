"""What goes wrong around a preview: killed processes, a full disk, a lost folder, a wrong clock."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.edge.cache import PageCache
from ssg.edge.events import AnswerSource, Notice
from ssg.edge.storage.disk_store import CacheSizes, DiskStore
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.capabilities import BUILDER
from ssg.targets.netlify.function import local_function
from tests.conftest import write
from tests.preview.running import HTML, always, previewing, until
from tests.targets.conftest import EmittedFunction, function, site_db  # noqa: F401 fixtures

posix_only = pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")

# -- killed processes ----------------------------------------------------------------------------

STORING = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from ssg.preview.deployment import PreviewDeployment
    from ssg.edge.http.listener import listening_socket, url_of
    from ssg.preview.server import run
    from ssg.redirects.rule import RedirectRule
    from ssg.runtime.caching import Caching
    from ssg.runtime.http import Response
    from ssg.targets.netlify.capabilities import BUILDER

    folder = Path(sys.argv[1])
    answer = lambda request: Response(200, (request.path * 4000).encode(), caching=Caching())
    rule = RedirectRule("/*", "/.netlify/builders/ssg-pages", 200)
    listener = listening_socket("127.0.0.1", 0)
    run(
        listener, PreviewDeployment("b", folder / "public", (rule,), answer, BUILDER),
        cache_dir=folder / "cache", watch_paths=[], ignore=[], rebuild=None,
        on_log=lambda record: None,
        on_ready=lambda: print(url_of(listener, "127.0.0.1"), file=sys.stderr, flush=True),
    )
    """
)


@contextlib.contextmanager
def serving(command: list[str], folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server process and its port; killed by its id, if the test has not done so."""
    process = subprocess.Popen(
        [sys.executable, *command], cwd=folder, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        line = next(text for text in process.stderr if "http://" in text)
        yield process, int(line.split("http://127.0.0.1:")[1].split("/")[0])
    finally:
        process.kill()
        process.communicate()


def body_of(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@posix_only
def test_a_server_killed_while_it_stores_leaves_nothing_wrong_behind(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    asked: list[str] = []
    for turn in range(3):
        with serving(["-c", STORING, str(tmp_path)], tmp_path) as (process, port):
            paths = [*asked, *(f"/{turn}/{number}/" for number in range(400))]
            killer = threading.Timer(0.3 + turn / 10, process.send_signal, [signal.SIGKILL])
            killer.start()
            with contextlib.suppress(OSError, http.client.HTTPException):
                for path in paths:
                    assert body_of(port, path) == (200, path.encode() * 4000)
                    asked.append(path)
            killer.join()
    assert len(asked) > 50
    with serving(["-c", STORING, str(tmp_path)], tmp_path) as (_, port):
        for path in asked[-60:]:
            assert body_of(port, path) == (200, path.encode() * 4000)


SITE = {
    "ssg.toml": 'theme = ""\n[target]\nname = "netlify"\n[[deferred.rules]]\nmatch = "blog/**"\n',
    "templates/page.html": "<body>{{ page.content }}</body>",
    "templates/section.html": "<body>{{ page.title }} {{ page.content }}</body>",
    "templates/taxonomy.html": "",
    "templates/term.html": "",
    "content/blog/post.md": "---\ntitle: Post\n---\nfirst",
    **{f"content/page-{n}.md": f"---\ntitle: Page {n}\n---\nfirst" for n in range(60)},
}
SERVE = ["-m", "ssg", "serve", "--port", "0", "--quiet"]


@posix_only
@pytest.mark.parametrize("delay", [0.1, 0.2, 0.3])
def test_a_server_killed_while_it_builds_starts_again_and_serves_what_is_there(
    tmp_path: Path, delay: float
) -> None:
    write(tmp_path, SITE)
    with serving(SERVE, tmp_path) as (process, port):
        assert b"first" in body_of(port, "/blog/post/")[1]
        for name in ("blog/post.md", "page-7.md"):
            (tmp_path / "content" / name).write_text("---\ntitle: New\n---\nsecond")
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with serving(SERVE, tmp_path) as (_, port):
        for path in ("/blog/post/", "/page-7/", "/blog/post/"):
            status, body = body_of(port, path)
            assert status == 200
            assert b"second" in body
            assert b"first" not in body
    assert sorted(path.name for path in (tmp_path / ".ssg/serve").iterdir()) == [
        ".gitignore", "cache", "lock", "manifest.json", "public", "site.db", "texts",
        "written.json",
    ]  # fmt: skip


@pytest.mark.node
def test_a_killed_runtime_fails_who_waits_and_the_next_request_starts_another(
    tmp_path: Path,
    function: EmittedFunction,  # noqa: F811
) -> None:
    with local_function(function.folder) as host, previewing(tmp_path, exact=True) as preview:
        preview.builder.answer_with = host.answer
        good = preview.get("/blog/short-lived/")
        assert good.status == 200
        assert host.pid is not None
        os.kill(host.pid, signal.SIGKILL)
        until(lambda: host.pid is None)
        assert preview.get("/blog/short-lived/").headers["cache-status"].startswith("ssg; hit")
        assert preview.get("/blog/k%C3%A4se/").status in (200, 500)
        assert preview.get("/blog/k%C3%A4se/").status == 200
        assert host.pid is not None


# -- the disk ------------------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(place: Path) -> Iterator[None]:
    """A file system of one megabyte."""
    place.mkdir()
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield
    finally:  # lazily: connections of threads that are still there keep it busy
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_costs_the_cache_and_no_page(tmp_path: Path) -> None:
    with small_disk(tmp_path / "cache"), previewing(tmp_path, exact=True) as preview:
        preview.builder.answer_with = lambda request: Response(
            200, request.path.encode().ljust(20_000, b"."), HTML, caching=Caching()
        )
        for number in range(150):
            got = preview.get(f"/{number}/")
            assert (got.status, got.body.rstrip(b".")) == (200, f"/{number}/".encode())
        preview.app.deploy(preview.deployment("build-2"))
        for _ in range(2):
            assert preview.get("/0/").status == 200
    assert not [record for record in preview.records if isinstance(record, Notice)]


def test_what_is_stored_outlives_a_full_disk(tmp_path: Path) -> None:
    told: list[str] = []
    with small_disk(tmp_path / "cache"):
        store = DiskStore(tmp_path / "cache", told.append, CacheSizes(memory=0))
        pages = PageCache(
            store.open("b"), always(Response(200, b"x" * 20_000, caching=Caching())),
            BUILDER, spawn=lambda work: work(), log=lambda _: None,
        )  # fmt: skip
        for number in range(100):
            assert pages.wait("GET", f"/{number}/").entry.status == 200
        assert pages.wait("GET", "/0/").source is AnswerSource.HIT
        assert pages.wait("GET", "/99/").source is AnswerSource.MISS
    assert len(told) == 1
    assert "full" in told[0]


def test_a_cache_folder_that_is_deleted_is_made_again(tmp_path: Path) -> None:
    with previewing(tmp_path, exact=True) as preview:
        bodies = {path: preview.get(path).body for path in ("/a/", "/b/")}
        shutil.rmtree(tmp_path / "cache")
        for path in ("/a/", "/b/", "/c/", "/d/", "/c/"):
            got = preview.get(path)
            assert (got.status, got.body) == (200, bodies.get(path, got.body))
        preview.app.deploy(preview.deployment("build-2"))
        for expected in ("fwd=uri-miss; stored", "hit"):
            assert preview.get("/a/").headers["cache-status"] == f"ssg; {expected}"
        assert list((tmp_path / "cache").glob("*/pages/cache.db"))


# -- the clock -----------------------------------------------------------------------------------


def test_a_clock_that_is_set_back_serves_what_is_stored_and_never_a_negative_age(
    tmp_path: Path,
) -> None:
    now = [100_000.0]
    with previewing(tmp_path, exact=True, now=lambda: now[0]) as preview:
        preview.builder.answer_with = lambda _: Response(
            200, str(len(preview.builder.requests)).encode(), HTML, Caching(60)
        )
        assert preview.get("/a/").body == b"1"
        for at in (5_000.0, 0.0, -10.0, 100_000.0):
            now[0] = at
            got = preview.get("/a/")
            assert (got.status, got.body, got.headers["age"]) == (200, b"1", "0")
        now[0] = 100_061.0
        assert preview.get("/a/").body == b"1"
        until(lambda: preview.accesses()[-1].source is AnswerSource.REFRESH)
        until(lambda: preview.get("/a/").body == b"2")


# -- a flood of unknown paths --------------------------------------------------------------------


def test_unknown_paths_evict_no_page_and_take_no_more_than_their_limit(tmp_path: Path) -> None:
    limit = 256 * 1024
    page, missing = (
        Response(200, b"good" * 500, HTML, caching=Caching()),
        Response(404, b"lost" * 500, HTML, caching=Caching()),
    )

    def answer(request: Request) -> Response:
        return page if request.path.startswith("/good/") else missing

    store = DiskStore(tmp_path, print, CacheSizes(pages=limit, missing=limit, memory=limit))
    pages = store.open("b")
    cache = PageCache(
        pages, answer, replace(BUILDER, pages=50), spawn=lambda work: work(), log=lambda _: None
    )
    good = [f"/good/{number}/" for number in range(20)]
    for path in good:
        cache.wait("GET", path)
    numbers = random.Random(1)  # noqa: S311 the same paths each time
    for _ in range(3000):
        assert cache.wait("GET", f"/{numbers.random()}/").entry.status == 404
    assert {cache.wait("GET", path).source for path in good} == {AnswerSource.HIT}
    assert {store.open("b").get(path) is not None for path in good} == {True}
    for file in tmp_path.glob("*/*/cache.db*"):
        # SQLite's log of changes is bounded, too: it begins anew after a thousand of its pages.
        assert file.stat().st_size < (6_000_000 if file.name.endswith("-wal") else 2 * limit)
    assert cache._flights._under_way == {}
    assert cache._refresh_triggered_at == {}
    assert len(cache._warned) == 0
