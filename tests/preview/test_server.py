"""The whole preview: sockets, watching, rebuilding, stopping."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from watchfiles import Change

from ssg.edge.app import Edge
from ssg.edge.events import EdgeRecord, Notice, NoticeLevel
from ssg.edge.storage.disk_store import DiskStore
from ssg.model.errors import ContentError, Problem
from ssg.preview.app import PreviewApp
from ssg.preview.deployment import PreviewDeployment
from ssg.preview.watch import SourceFilter, Watcher
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.capabilities import BUILDER
from tests.preview.running import Builder, Preview, previewing, until


def test_answers_are_sent_without_delay(tmp_path: Path) -> None:
    # Without TCP_NODELAY each answer on a kept connection waits about 40 ms for an ACK.
    with previewing(tmp_path) as preview:
        connection = http.client.HTTPConnection("127.0.0.1", preview.port)
        started = time.perf_counter()
        for _ in range(20):
            connection.request("GET", "/a/")
            connection.getresponse().read()
        connection.close()
    assert time.perf_counter() - started < 0.4


def test_the_filter_ignores_the_output_and_nothing_that_only_sounds_like_it(tmp_path: Path) -> None:
    wanted = SourceFilter([tmp_path / "public", tmp_path / ".ssg"])

    def asks(name: str) -> bool:
        return wanted(Change.modified, str(tmp_path / name))

    assert not asks("public/index.html")
    assert not asks(".ssg/site.db")
    assert not asks("content/.a.md.swp")
    assert not asks(".git/index")
    assert asks("public-data/a.md")
    assert asks("content/a.md")


def watcher_of(
    root: Path, build: object, *, poll: bool = False
) -> tuple[Watcher, list[EdgeRecord]]:
    records: list[EdgeRecord] = []
    edge = Edge(DiskStore(root / ".ssg", print), records.append)
    ignore = (root / "public", root / ".ssg")
    watcher = Watcher(PreviewApp(edge), build, (root,), ignore, records.append, poll)  # type: ignore[arg-type]
    return watcher, records


@pytest.mark.parametrize("poll", [False, True], ids=["events", "polling"])
def test_a_change_rebuilds_once_and_the_output_starts_nothing(tmp_path: Path, poll: bool) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "public").mkdir()
    builds: list[float] = []

    def rebuild(_: frozenset[str] | None) -> PreviewDeployment:
        builds.append(time.monotonic())
        (tmp_path / "public" / "index.html").write_text(str(len(builds)))
        return PreviewDeployment(
            f"build-{len(builds)}", tmp_path / "public", (), Builder(), BUILDER
        )

    watcher, _ = watcher_of(tmp_path, rebuild, poll=poll)
    with watcher.running():
        time.sleep(0.7 if poll else 0.3)
        for number in range(5):
            (tmp_path / "content" / f"{number}.md").write_text("text")
        until(lambda: len(builds) >= 1)
        time.sleep(1.0)
        assert len(builds) <= 2  # one burst, at worst cut in two
        before = len(builds)
        time.sleep(0.7)
        assert len(builds) == before
        assert watcher.preview.events.current.build_id == f"build-{before}"


def test_a_folder_that_comes_later_and_a_file_that_is_replaced_are_seen(tmp_path: Path) -> None:
    (tmp_path / "ssg.toml").write_text("one")
    builds: list[set[str]] = []

    def rebuild(_: frozenset[str] | None) -> PreviewDeployment:
        builds.append({path.name for path in tmp_path.rglob("*.*")})
        return PreviewDeployment("b", tmp_path, (), Builder(), BUILDER)

    watcher, _ = watcher_of(tmp_path, rebuild)
    watcher = replace(watcher, paths=(tmp_path / "data", tmp_path / "ssg.toml"))
    with watcher.running():
        time.sleep(0.3)
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "a.json").write_text("{}")
        until(lambda: any("a.json" in names for names in builds))
        (tmp_path / "data" / "b.json").write_text("{}")
        until(lambda: any("b.json" in names for names in builds))
        for _ in range(2):
            before = len(builds)
            (tmp_path / "new").write_text("two")
            (tmp_path / "new").replace(tmp_path / "ssg.toml")
            until(lambda before=before: len(builds) > before)  # type: ignore[misc]
            time.sleep(0.3)
        count = len(builds)
        time.sleep(0.6)
        assert len(builds) == count


def test_a_failed_rebuild_is_shown_and_the_next_good_one_clears_it(tmp_path: Path) -> None:
    outcomes: list[object] = [
        ContentError([Problem("bad date"), Problem("bad title")]),
        RuntimeError("a bug"),
        PreviewDeployment("good", tmp_path, (), Builder(), BUILDER),
    ]

    def rebuild(_: frozenset[str] | None) -> PreviewDeployment:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        assert isinstance(outcome, PreviewDeployment)
        return outcome

    watcher, records = watcher_of(tmp_path, rebuild)
    shown = []
    for _ in range(3):
        watcher.rebuild_now()
        shown.append([p.message for p in watcher.preview.events.current.problems])
    assert shown == [["bad date", "bad title"], ["RuntimeError: a bug"], []]
    assert [record.level for record in records if isinstance(record, Notice)] == [NoticeLevel.ERROR]


@pytest.mark.parametrize("poll", [False, True], ids=["events", "polling"])
def test_a_build_is_told_what_changed_once_one_has_looked_at_everything(
    tmp_path: Path, poll: bool
) -> None:
    """After one that failed it has to look again, and so has each where the folder is polled."""
    root = tmp_path.resolve()
    (root / "content").mkdir()
    told: list[frozenset[str] | None] = []

    def rebuild(changed: frozenset[str] | None) -> PreviewDeployment:
        told.append(changed)
        if (root / "content" / "bad.md").exists():
            raise ContentError(Problem("bad"))
        return PreviewDeployment("b", root, (), Builder(), BUILDER)

    watcher, _ = watcher_of(root, rebuild, poll=poll)
    watcher = replace(watcher, paths=(root / "content",))
    with watcher.running():
        time.sleep(0.7 if poll else 0.3)
        for name in ("a.md", "b.md", "bad.md", "c.md"):
            before = len(told)
            (root / "content" / name).write_text("text")
            until(lambda before=before: len(told) > before)  # type: ignore[misc]
            time.sleep(0.7)
    if poll:
        assert set(told) == {None}
    else:
        names = [one and {Path(path).name for path in one} for one in told]
        assert names == [None, {"b.md"}, {"bad.md"}, None]


SITE = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from ssg.preview.deployment import PreviewDeployment
    from ssg.edge.http.listener import listening_socket, url_of
    from ssg.preview.server import run
    from ssg.runtime.caching import Caching
    from ssg.runtime.http import Response
    from ssg.targets.netlify.capabilities import BUILDER

    root = Path(sys.argv[1])

    def build(changed=None):
        text = (root / "content" / "a.md").read_text()
        (root / "public").mkdir(exist_ok=True)
        (root / "public" / "index.html").write_text(text)
        missing = Response(404, b"", caching=Caching())
        return PreviewDeployment(text, root / "public", (), lambda request: missing, BUILDER)

    listener = listening_socket("127.0.0.1", 0)
    run(
        listener, build(), cache_dir=root / ".ssg", watch_paths=[root],
        ignore=[root / "public", root / ".ssg"], rebuild=build,
        on_log=lambda record: None,
        on_ready=lambda: print(url_of(listener, "127.0.0.1"), flush=True),
    )
    print("stopped", flush=True)
    """
)


def test_run_serves_rebuilds_and_stops_at_ctrl_c(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    source = tmp_path / "content" / "a.md"
    source.write_text("one")
    process = subprocess.Popen(
        [sys.executable, "-c", SITE, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        port = int(process.stdout.readline().rstrip("/\n").rpartition(":")[2])
        assert page(port).startswith(b"one")
        source.write_text("two")
        until(lambda: page(port).startswith(b"two"))
        stream = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        stream.request("GET", "/__ssg/events")
        stream.getresponse().readline()
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
        assert time.monotonic() - started < 3
        assert process.stdout.read() == "stopped\n"
        assert process.stderr.read() == ""
        stream.close()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


def page(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/")
    body = connection.getresponse().read()
    connection.close()
    return body


def test_a_hung_render_does_not_hold_the_server(tmp_path: Path) -> None:
    gate = threading.Event()
    with previewing(tmp_path) as preview:

        def hang(_: Request) -> Response:
            gate.wait(20)
            return Response(200, b"", caching=Caching())

        preview.builder.answer_with = hang
        visitor = threading.Thread(target=_ignore_a_cut_connection, args=(preview,), daemon=True)
        visitor.start()
        until(lambda: bool(preview.builder.requests))
        started = time.monotonic()
    assert time.monotonic() - started < 4
    gate.set()
    visitor.join(5)


def _ignore_a_cut_connection(preview: Preview) -> None:
    with suppress(OSError, http.client.HTTPException):
        preview.get("/a/")
