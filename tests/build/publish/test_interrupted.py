"""A publication that fails midway: the next build or `ssg clean` completes it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from ssg.build.layout import Layout
from ssg.build.publish import publish_folder, work_folder, workspace
from ssg.build.publish.clean import clean
from ssg.build.publish.publish_folder import file_names
from ssg.build.publish.workspace import Workspace
from ssg.config.load import load
from ssg.model.errors import SsgError, TargetError
from tests.conftest import BARE, Built, build_site, write
from tests.damage import DAMAGES

OLD = {
    **BARE, "content/a.md": "A", "content/b.md": "B", "static/x.css": "1", "content/gone.md": "old",
    "content/deep/gone.md": "old", "static/v": "a file, and then a folder",
}  # fmt: skip
NEW = {"content/a.md": "A2", "content/new.md": "new", "static/x.css": "2", "content/v/w.md": "w"}
GONE = ("content/gone.md", "content/deep/gone.md", "static/v")
OPERATIONS = (
    "rename", "replace", "unlink", "rmdir", "mkdir", "link", "fsync", "open", "write", "utime",
)  # fmt: skip
ERRORS = (errno.EACCES, errno.EIO, errno.ENOSPC, errno.EXDEV)
WAYS = ("one by one", "one step", "two renames", "mount")


def read(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in file_names(folder)}


def edit(root: Path) -> None:
    for name in GONE:
        (root / name).unlink()
    write(root, NEW)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that was built and then edited."""
    root = tmp_path_factory.mktemp("prepared") / "site"
    write(root, OLD)
    build_site(root)
    write(root, {"public/mine.txt": "mine", "public/deep/mine.txt": "mine"})
    return root


@pytest.fixture(scope="module")
def old(prepared: Path) -> dict[str, bytes]:
    return read(prepared / "public")


@pytest.fixture(scope="module")
def new(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    root = copy(prepared, tmp_path_factory.mktemp("new"))
    edit(root)
    build_site(root)
    return read(root / "public")


def copy(site: Path, place: Path) -> Path:
    shutil.rmtree(place / "site", ignore_errors=True)
    return shutil.copytree(site, place / "site", symlinks=True)


@contextmanager
def way_of(way: str) -> Iterator[None]:
    """Publish in one of the ways that there are."""
    is_mount = way == "mount"
    with (
        patch.object(workspace, "SINGLE_MOVES_BELOW", 500 if way == "one by one" else 0),
        patch.object(work_folder, "_mount_points", lambda: _Everything() if is_mount else set()),
        pytest.MonkeyPatch.context() as patches,
    ):
        if way == "two renames":
            patches.setattr(publish_folder, "_swap_atomically", lambda _one, _other: False)
        yield


class _Everything:
    def __contains__(self, name: str) -> bool:
        return name.endswith("/public")


class Fault:
    """Fails one file operation of a publication, and counts them."""

    def __init__(self, number: int, error: int, *, is_lasting: bool = False) -> None:
        self.error = error
        self.was_hit = False
        self._left = number
        self._is_lasting = is_lasting

    @contextmanager
    def injected(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patches:
            publish = Workspace.publish

            def counted(*values: Any) -> Any:
                with pytest.MonkeyPatch.context() as inner:
                    for name in OPERATIONS:
                        inner.setattr(os, name, self._failing(getattr(os, name)))
                    swap = self._failing(publish_folder._swap_atomically)
                    inner.setattr(publish_folder, "_swap_atomically", swap)
                    return publish(*values)

            patches.setattr(Workspace, "publish", counted)
            yield

    def _failing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*values: Any, **options: Any) -> Any:
            self._left -= 1
            if self._left == -1 or (self._is_lasting and self._left < -1):
                self.was_hit = True
                raise OSError(self.error, os.strerror(self.error), str(values[0]))
            return function(*values, **options)

        return run


def fail(root: Path, way: str, fault: Fault) -> None:
    """Build with a fault. It is told as a problem, or does no harm."""
    with way_of(way), fault.injected():
        try:
            build_site(root)
        except SsgError as error:
            assert fault.was_hit
            assert os.strerror(fault.error) in str(error) or "is full" in str(error)


@pytest.mark.parametrize("way", WAYS)
def test_after_a_fault_at_any_operation_the_next_build_is_whole(
    tmp_path: Path, prepared: Path, old: dict[str, bytes], new: dict[str, bytes], way: str
) -> None:
    every = int(os.environ.get("SSG_FAULTS_EVERY", "3"))
    for number in count(step=every):
        root = copy(prepared, tmp_path)
        edit(root)
        fault = Fault(number, ERRORS[(number // every) % 4], is_lasting=bool(number // every % 3))
        fail(root, way, fault)
        wanted = new
        if number % 2:  # the edit is taken back
            shutil.rmtree(root / "content")
            shutil.rmtree(root / "static")
            write(root, OLD)
            wanted = old
        with way_of(way):
            build_site(root)
        assert read(root / "public") == wanted, number
        assert not (root / ".public.ssg").exists()
        assert not (root / ".ssg/journal.json").exists()
        if not fault.was_hit:
            break
    assert number > 20


@pytest.mark.parametrize("way", WAYS)
def test_after_a_fault_clean_leaves_only_what_is_not_from_ssg(
    tmp_path: Path, prepared: Path, way: str
) -> None:
    for number in count(step=int(os.environ.get("SSG_FAULTS_EVERY", "7"))):
        root = copy(prepared, tmp_path)
        edit(root)
        fault = Fault(number, ERRORS[number % 4])
        fail(root, way, fault)
        with way_of(way):
            clean(Layout.of(load(root, environment={})))
        assert read(root / "public").keys() == {"mine.txt", "deep/mine.txt"}, number
        assert not (root / ".public.ssg").exists()
        assert not (root / ".ssg").exists()
        if not fault.was_hit:
            break


def test_a_folder_without_permission_is_named_and_the_next_build_completes(
    prepared: Path, new: dict[str, bytes]
) -> None:
    """As a user who is not root, whom no permission stops."""
    if os.getuid() != 0:
        pytest.skip("another user needs root")
    place = Path(tempfile.mkdtemp(dir="/tmp"))
    place.chmod(0o755)
    root = copy(prepared, place)
    edit(root)
    for path in (place, *place.rglob("*")):
        os.chown(path, 65534, 65534)
    reader, writer = os.pipe()
    if not (pid := os.fork()):
        text = "failed"
        try:
            os.setgid(65534)
            os.setuid(65534)
            (root / "public/deep").chmod(0o555)
            for _ in range(2):
                with pytest.raises(TargetError) as caught:
                    build_site(root)
                text = str(caught.value)
            (root / "public/deep").chmod(0o755)
            build_site(root)
        finally:
            os.write(writer, text.encode())
            os._exit(0)
    os.waitpid(pid, 0)
    told = os.read(reader, 10_000).decode()
    assert "public/deep" in told
    assert "Permission denied" in told
    assert "The publication is not complete" in told
    assert read(root / "public") == new
    shutil.rmtree(place)


def interrupted(root: Path, way: str = "one by one", number: int = 30) -> None:
    """A site whose publication was interrupted after its journal was written."""
    fault = Fault(number, errno.EIO, is_lasting=True)
    fail(root, way, fault)
    assert (root / ".ssg/journal.json").is_file()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("way", WAYS)
def test_an_unreadable_journal_is_set_aside(
    tmp_path: Path, prepared: Path, new: dict[str, bytes], damage: Callable[[Path], None], way: str
) -> None:
    root = copy(prepared, tmp_path)
    edit(root)
    interrupted(root, way)
    damage(root / ".ssg/journal.json")
    with way_of(way):
        built = build_site(root)
    (warning,) = built.report.warnings
    assert "the journal of an interrupted build cannot be used and is now journal-" in str(warning)
    assert read(root / "public") == new
    assert len(list((root / ".ssg").glob("journal-*.json"))) == 1


@pytest.mark.parametrize("place", ["folder", "link"])
def test_something_else_in_the_place_of_the_journal_is_set_aside(
    tmp_path: Path, prepared: Path, new: dict[str, bytes], place: str
) -> None:
    root = copy(prepared, tmp_path)
    edit(root)
    if place == "folder":
        (root / ".ssg/journal.json").mkdir()
    else:
        (root / ".ssg/journal.json").symlink_to("/nowhere")
    assert len(build_site(root).report.warnings) == 1
    assert read(root / "public") == new


def test_a_copied_site_leaves_the_original_alone(
    tmp_path: Path, prepared: Path, new: dict[str, bytes]
) -> None:
    for way in WAYS:
        root = copy(prepared, tmp_path)
        edit(root)
        interrupted(root, way)
        shutil.rmtree(tmp_path / "copy", ignore_errors=True)
        shutil.copytree(root, tmp_path / "copy", symlinks=True)
        before = read(root)
        with way_of(way):
            build_site(tmp_path / "copy")
        assert read(root) == before
        assert read(tmp_path / "copy/public") == new


@pytest.mark.parametrize(
    "changes",
    [
        [["remove folder", "VICTIM"]],
        [["drop", "VICTIM"]],
        [["remove folder", "target/../victim"]],
        [["remove folder", "target/link/victim"]],
        [["remove file", "output/../../victim/x"]],
        [["remove file", "output//VICTIM/x"]],
        [["remove folder", "output"]],
        [["remove folder", "target"]],
        [["remove file", "target/content/a.md"]],
        [["move", "work/new/a/index.html", "output/../../victim/x"]],
        [["move", "output/../../victim/x", "output/y"]],
        [["swap", "work/new", "target/content", "work/old"]],
        [["remove file", "output/a/index.html", "more"]],
        [["remove file"]],
        [[]],
        [5],
    ],
)
def test_a_planted_journal_changes_nothing(tmp_path: Path, changes: list[list[str]]) -> None:
    root, victim = tmp_path / "site", tmp_path / "victim"
    write(root, {**BARE, "content/a.md": "A"})
    write(victim, {"x": "precious"})
    (root / "link").symlink_to(tmp_path)
    build_site(root)
    text = json.dumps({"output": "public", "changes": changes}).replace("VICTIM", str(victim))
    for planted in (text, json.dumps(json.loads(text)["changes"])):
        (root / ".ssg/journal.json").write_text(planted)
        built = build_site(root)
        assert len(built.report.warnings) == 1
        assert read(victim) == {"x": b"precious"}
        assert built.read("a/index.html")
        assert (root / "content/a.md").is_file()


def test_a_journal_of_another_publish_folder_is_left_for_its_build(
    tmp_path: Path, prepared: Path
) -> None:
    root, outside = copy(prepared, tmp_path), tmp_path / "www"
    build_site(root, output_dir=str(outside))
    edit(root)
    with Fault(30, errno.EIO, is_lasting=True).injected(), pytest.raises(TargetError):
        build_site(root, output_dir=str(outside))
    with pytest.raises(TargetError, match=f"a build into {outside} was interrupted"):
        build_site(root)
    built = build_site(root, output_dir=str(outside))
    assert built.read("a/index.html") == "A|<p>A2</p>\n"


# -- lists of written files ---------------------------------------------------------------------


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_list_is_named_with_the_way_out(
    tmp_path: Path, prepared: Path, damage: Callable[[Path], None]
) -> None:
    root = copy(prepared, tmp_path)
    damage(root / ".ssg/written.json")
    before = read(root / "public")
    with pytest.raises(TargetError, match=r"written\.json, is damaged.*delete the folder"):
        build_site(root)
    assert read(root / "public") == before
    shutil.rmtree(root / "public")
    assert "mine.txt" not in build_site(root).files


def test_a_list_that_names_other_peoples_files_is_damaged(tmp_path: Path, prepared: Path) -> None:
    root = copy(prepared, tmp_path)
    write(tmp_path, {"victim": "precious"})
    place = root / ".ssg/written.json"
    values = json.loads(place.read_text())
    values["outputs"]["public"]["../../victim"] = [8, 1, ""]
    place.write_text(json.dumps(values))
    with pytest.raises(TargetError, match="is damaged"):
        build_site(root)
    clean(Layout.of(load(root, environment={})))
    assert (tmp_path / "victim").read_text() == "precious"


def test_clean_keeps_outputs_outside_of_the_project(tmp_path: Path, prepared: Path) -> None:
    root = copy(prepared, tmp_path)
    build_site(root, output_dir=str(tmp_path / "www"))
    removal = clean(Layout.of(load(root, environment={})))
    assert removal.left == (tmp_path / "www",)
    assert (tmp_path / "www/a/index.html").is_file()
    assert not (root / "public/a").exists()


def test_a_folder_of_the_user_with_the_name_of_the_workspace_stays(
    site: Callable[..., Built], tmp_path: Path
) -> None:
    site({"content/a.md": "A"})
    write(tmp_path, {".public.ssg/mine.txt": "mine"})
    with pytest.raises(SsgError, match=r"\.public\.ssg is not from ssg"):
        site({"content/a.md": "B"})
    clean(Layout.of(load(tmp_path, environment={})))
    assert (tmp_path / ".public.ssg/mine.txt").read_text() == "mine"


def test_a_linked_folder_of_state_is_let_go(tmp_path: Path, prepared: Path) -> None:
    root = copy(prepared, tmp_path)
    (root / ".ssg").rename(tmp_path / "elsewhere")
    (root / ".ssg").symlink_to(tmp_path / "elsewhere")
    write(tmp_path, {"elsewhere/cache/mine": "mine", "elsewhere/mine": "mine"})
    build_site(root)
    removal = clean(Layout.of(load(root, environment={})), caches_only=True)
    assert set(removal.left) == {root / ".ssg/cache"}
    removal = clean(Layout.of(load(root, environment={})))
    assert removal.left == (tmp_path / "elsewhere",)
    assert not os.path.lexists(root / ".ssg")
    assert (tmp_path / "elsewhere/mine").is_file()
    assert (tmp_path / "elsewhere/cache/mine").is_file()
    assert not (root / "public/a").exists()
