"""Faults of the system are problems that say what to do, and no tracebacks."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.build.publish import work_folder
from ssg.build.publish.work_folder import is_mount_point
from ssg.build.render.workers import workers
from ssg.content.source import walk
from ssg.model.errors import SsgError
from tests.conftest import BARE, Built, build_site, write

FILES = {**BARE, "content/a.md": "A", "content/b.md": "B", "static/x.bin": bytes(300_000)}
POSTS = {f"content/posts/{n}.md": f"Post {n}. " + "word " * n for n in range(300)}
_CLONE_NEWNS, _MS_REC, _MS_PRIVATE = 0x20000, 0x4000, 0x40000


def in_a_process(work: Callable[[], str]) -> str:
    """What a function returns in a process of its own, or the text of its SsgError."""
    reader, writer = os.pipe()
    if not (pid := os.fork()):
        try:
            text = work()
        except SsgError as error:
            text = str(error)
        except BaseException as error:
            text = f"TRACEBACK {error!r}"
        os.write(writer, text.encode())
        os._exit(0)
    os.waitpid(pid, 0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        return stream.read()


def mount_tmpfs(folder: Path, size: str) -> None:
    """Mount a file system that only this process sees. Skips the test without the right to."""
    libc = ctypes.CDLL(None, use_errno=True)
    folder.mkdir(parents=True, exist_ok=True)
    if libc.unshare(_CLONE_NEWNS) or libc.mount(b"none", b"/", None, _MS_REC | _MS_PRIVATE, None):
        raise PermissionError
    options = f"size={size}".encode()
    if libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", 0, options):
        raise PermissionError


def skip_without_mounts(folder: Path) -> None:
    told = in_a_process(lambda: mount_tmpfs(folder, "1m") or "mounted")  # type: ignore[func-returns-value]
    if told != "mounted":
        pytest.skip("mounts need root")


def test_a_publish_folder_may_be_a_mount(tmp_path: Path) -> None:
    skip_without_mounts(tmp_path / "probe")
    root = tmp_path / "a site"

    def work() -> str:
        write(root, FILES)
        mount_tmpfs(root / "public", "4m")
        assert is_mount_point(root / "public")
        write(root, {"public/mine.txt": "mine"})
        build_site(root)
        write(root, {"content/a.md": "A2", "content/c.md": "C"})
        (root / "content/b.md").unlink()
        built = build_site(root)
        assert not (root / ".public.ssg").exists()
        return built.read("a/index.html") + " ".join(built.files)

    told = in_a_process(work)
    assert told == (
        "A|<p>A2</p>\n404.html a/index.html c/index.html feed.xml index.html mine.txt sitemap.xml "
        "x.bin"
    )


def test_a_bind_mount_is_seen_in_the_list_of_mounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the device of its parent folder."""
    line = f"41 28 8:1 /data {tmp_path}/with\\040blank rw - ext4 /dev/sda1 rw\n"
    (tmp_path / "mountinfo").write_text(line)
    monkeypatch.setattr(work_folder, "_MOUNTS", tmp_path / "mountinfo")
    assert is_mount_point(tmp_path / "with blank")
    assert not is_mount_point(tmp_path / "with")


@pytest.mark.parametrize("kilobytes", [64, 128, 256, 384, 512, 700, 900, 1200, 1600, 2400])
def test_on_a_full_disk_a_build_is_right_or_says_so(tmp_path: Path, kilobytes: int) -> None:
    skip_without_mounts(tmp_path / "probe")
    root = tmp_path / "site"

    def work() -> str:
        mount_tmpfs(root, "16m")
        write(root, {**FILES, **POSTS})
        build_site(root)
        edits = {name: f"{text} again" for name, text in POSTS.items()}
        write(root, {**edits, "content/a.md": "A2", "content/c.md": "C"})
        free = shutil.disk_usage(root).free
        with (root / "filler").open("wb") as stream:
            stream.write(bytes(max(0, free - kilobytes * 1024)))
        try:
            build_site(root)
        except SsgError as error:
            assert "is full" in str(error), error
            assert "static/x.bin" not in str(error)
        (root / "filler").unlink()
        built = build_site(root)
        clean = build_site(root, output_dir="clean", no_cache=True)
        assert {name: built.read(name) for name in built.files} == {
            name: clean.read(name) for name in clean.files
        }
        return built.read("a/index.html")

    assert in_a_process(work) == "A|<p>A2</p>\n"


@pytest.mark.parametrize("kilobytes", [0, 1, 16, 60, 200])
def test_a_limit_of_file_sizes_is_told(tmp_path: Path, kilobytes: int) -> None:
    def work() -> str:
        write(tmp_path, FILES)
        limit = kilobytes * 1024
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        told = ""
        try:
            build_site(tmp_path)
        except SsgError as error:
            told = str(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (-1, resource.RLIM_INFINITY))
        build_site(tmp_path)
        return told

    told = in_a_process(work)
    assert "ulimit -f" in told or "is full" in told


def test_a_killed_worker_is_named() -> None:
    with pytest.raises(SsgError, match=r"a worker process ended by signal 9.*out of memory"):
        _map_with_a_death()


def _map_with_a_death() -> None:
    with workers(2) as pool:
        list(pool.map(_die, range(100)))


def _die(number: int) -> int:
    if number == 50:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_a_worker_that_was_killed_while_it_waited_is_named() -> None:
    with workers(2) as pool:
        list(pool.map(abs, range(100)))
        for worker in pool._workers:
            os.kill(worker.process.pid or 0, signal.SIGKILL)
            worker.process.join()
        with pytest.raises(SsgError, match="a worker process ended by signal 9"):
            list(pool.map(abs, range(100)))


def test_a_folder_that_cannot_be_read_is_named(
    problems: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def refuse(folder: Path | str) -> object:
        if str(folder).endswith("content/secret"):
            raise PermissionError(13, "Permission denied", folder)
        return scan(folder)

    monkeypatch.setattr(walk.os, "scandir", refuse)
    assert problems({"content/secret/a.md": "A"}) == [
        "content/secret: cannot read the folder: Permission denied"
    ]


def test_a_folder_in_the_place_of_the_lock_is_named(
    site: Callable[..., Built], tmp_path: Path
) -> None:
    write(tmp_path, {".ssg/lock/x": ""})
    with pytest.raises(SsgError, match=r"cannot open the lock .*\.ssg/lock: it is a folder"):
        site({"content/a.md": "A"})


def test_a_full_disk_in_sqlite_names_the_folder(
    problems: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("ssg.model.database.finish", full)
    assert problems({"content/a.md": "A"}) == [
        f"the disk of {tmp_path}/.ssg is full. Free some space there"
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("\n{% if page %}\n" * 500 + "{% endif %}" * 500, None),
        ("\n{% if page %}\n" * 110 + "{% endif %}" * 110, None),
        ("{% for x in [1] %}\n" * 30 + "{% endfor %}" * 30, None),
        ("\n{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", 2),
        ("\n{{ " + "(page.title ~ " * 250 + "1" + ")" * 250 + " }}", 2),
        ("\n{{ " + "[" * 3000 + "]" * 3000 + " }}", 2),
    ],
)
def test_what_is_nested_too_deep_in_a_template_is_told(
    problems: Callable[..., list[str]], text: str, line: int | None
) -> None:
    (told,) = problems({"content/a.md": "A", "templates/page.html": text})
    assert told.startswith(f"templates/page.html:{'' if line is None else line}")
    assert told.endswith("Jinja: blocks or brackets are nested too deep")


def test_a_current_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"cd {gone} && rmdir {gone} && exec {sys.executable} -m ssg build"
    ran = subprocess.run(
        ["/bin/sh", "-c", script], capture_output=True, text=True, check=False, env=os.environ
    )
    assert ran.returncode == 1
    assert ran.stderr == "error: the current folder no longer exists. Change to another one\n"
