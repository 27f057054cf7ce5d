"""Several server processes on one cache folder."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssg.edge.purge import purge, purge_tags
from ssg.edge.storage.disk_store import DiskStore
from ssg.edge.storage.process_lock import ProcessLocks

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks between processes need POSIX")

ASKER = textwrap.dedent(
    """
    import json, os, sys, threading, time
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path
    from ssg.edge.cache import PageCache
    from ssg.edge.thread_pool import DaemonThreadPool
    from ssg.model.capabilities import Capabilities
    from ssg.edge.storage.disk_store import DiskStore
    from ssg.runtime.caching import Caching
    from ssg.runtime.http import Response

    folder, count, seconds, limit = Path(sys.argv[1]), *map(float, sys.argv[2:5])

    def answer(request):
        with (folder / "renders").open("a") as log:
            log.write(f"{os.getpid()} {request.path}\\n")
        time.sleep(seconds)
        return Response(200, b"page", {}, Caching(60, None, ("site",)))

    now = [1000.0]
    host = Capabilities("a host", serves_any_stale=True, stale_seconds=60, seconds=limit)
    cache = PageCache(
        DiskStore(folder / "cache", print).open("b"), answer, host,
        spawn=DaemonThreadPool(4, limit), log=lambda record: None, now=lambda: now[0],
    )
    print("ready", flush=True)
    for line in sys.stdin:
        path, at = line.split()
        now[0] = float(at)
        with ThreadPoolExecutor(int(count)) as pool:
            replies = list(pool.map(lambda _: cache.wait("GET", path), range(int(count))))
        print(json.dumps(sorted(f"{r.entry.status} {r.source}" for r in replies)), flush=True)
    """
)


@contextlib.contextmanager
def askers(
    folder: Path, processes: int, requests: int, seconds: float, limit: float = 10.0
) -> Iterator[list[subprocess.Popen[str]]]:
    """Server processes that ask their cache when told to; ended by their own ids."""
    command = [sys.executable, "-c", ASKER, *map(str, (folder, requests, seconds, limit))]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(processes)
    ]
    try:
        for process in running:
            assert line(process) == "ready"
        yield running
    finally:
        for process in running:
            process.kill()
            process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str], path: str, now: float = 1000.0) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{path} {now}\n")
    process.stdin.flush()


def replies(process: subprocess.Popen[str]) -> list[str]:
    found = json.loads(line(process))
    assert isinstance(found, list)
    return found


def renders(folder: Path) -> list[str]:
    log = folder / "renders"
    return log.read_text().split("\n")[:-1] if log.exists() else []


def test_two_hundred_first_requests_in_three_processes_render_a_page_once(tmp_path: Path) -> None:
    with askers(tmp_path, 3, 67, seconds=0.3) as running:
        for process in running:
            tell(process, "/a/")
        answers = [reply for process in running for reply in replies(process)]
    assert len(answers) == 201
    assert {answer.split()[0] for answer in answers} == {"200"}
    assert len(renders(tmp_path)) == 1
    assert answers.count("200 miss") == 1


def test_different_pages_are_rendered_at_the_same_time(tmp_path: Path) -> None:
    with askers(tmp_path, 2, 1, seconds=2.0) as running:
        started = time.monotonic()
        tell(running[0], "/a/")
        tell(running[1], "/b/")
        assert [replies(process) for process in running] == [["200 miss"], ["200 miss"]]
        assert time.monotonic() - started < 3.8
    assert len(renders(tmp_path)) == 2


def test_an_owner_that_is_killed_frees_the_others_at_once(tmp_path: Path) -> None:
    with askers(tmp_path, 2, 20, seconds=3.0, limit=20.0) as running:
        owner, other = running
        tell(owner, "/a/")
        wait_for_renders(tmp_path, 1)
        tell(other, "/a/")
        time.sleep(0.2)
        assert len(renders(tmp_path)) == 1
        owner.send_signal(signal.SIGKILL)
        wait_for_renders(tmp_path, 2)  # long before the limit
        assert set(replies(other)) == {"200 miss", "200 collapsed"}


def test_an_owner_that_hangs_holds_the_others_no_longer_than_the_limit(tmp_path: Path) -> None:
    with askers(tmp_path, 2, 5, seconds=6.0, limit=1.0) as running:
        owner, other = running
        tell(owner, "/a/")
        wait_for_renders(tmp_path, 1)
        started = time.monotonic()
        tell(other, "/a/")
        assert set(replies(other)) == {"504 miss", "504 collapsed"}
        assert time.monotonic() - started < 5
        wait_for_renders(tmp_path, 2)  # it tries for itself then


def test_a_refresh_is_rendered_once_and_seen_by_all(tmp_path: Path) -> None:
    with askers(tmp_path, 2, 1, seconds=0.2) as running:
        for process in running:
            tell(process, "/a/")
            assert replies(process) in (["200 miss"], ["200 hit"])
        for process in running:
            tell(process, "/a/", 1061.0)
        for process in running:
            assert replies(process) == ["200 refresh"]
        time.sleep(0.6)
        for process in running:
            tell(process, "/a/", 1061.0)
            assert replies(process) == ["200 hit"]
    assert len(renders(tmp_path)) == 2


def wait_for_renders(folder: Path, count: int) -> None:
    end = time.monotonic() + 8
    while len(renders(folder)) < count:
        assert time.monotonic() < end, "nobody renders"
        time.sleep(0.01)


def test_without_locks_everybody_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with ProcessLocks(tmp_path / "file" / "locks").held("a", 5.0) as is_ours:
        assert not is_ours
    locks = ProcessLocks(tmp_path / "locks")
    for _ in range(2):
        with locks.held("a", 5.0) as is_ours:
            assert is_ours
    locks.close()


def test_a_purge_is_seen_by_all_processes_at_once(tmp_path: Path) -> None:
    with askers(tmp_path, 2, 1, seconds=0.0) as running:
        for path in ("/a/", "/b/"):
            for process in running:
                tell(process, path)
                replies(process)
        assert purge(DiskStore(tmp_path / "cache", print), ["/a/"]) == {"/a/": 1}
        assert purge_tags(DiskStore(tmp_path / "cache", print), ["page:x"]) == 0
        for path, sources in (("/a/", ["200 miss", "200 hit"]), ("/b/", ["200 hit", "200 hit"])):
            found = []
            for process in running:
                tell(process, path, 900.0)  # the clock is set back
                found += replies(process)
            assert found == sources
        assert purge_tags(DiskStore(tmp_path / "cache", print), ["site"]) == 2
        tell(running[1], "/b/")
        assert replies(running[1]) == ["200 miss"]
