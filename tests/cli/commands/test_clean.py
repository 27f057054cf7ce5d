"""`ssg clean`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from ssg.build.publish.workspace import locked
from tests.cli.conftest import Ran
from tests.conftest import write

Ssg = Callable[..., Ran]
FILES = {"content/a.md": "A", "content/b/c.md": "C", "static/x/y.txt": "y"}


def _files(root: Path) -> set[str]:
    return {str(file.relative_to(root)) for file in root.rglob("*") if file.is_file()}


def test_clean_removes_what_was_written_and_nothing_else(ssg: Ssg, tmp_path: Path) -> None:
    ssg("plan", files=FILES)
    before = _files(tmp_path)
    assert ssg("build").status == 0
    ran = ssg("clean")
    assert ran.status == 0
    assert _files(tmp_path) == before
    assert not (tmp_path / "public").exists()
    assert ran.out.splitlines()[0].startswith("removed ")


def test_files_of_the_user_stay(ssg: Ssg, tmp_path: Path) -> None:
    ssg("build", files=FILES)
    write(tmp_path, {"public/b/mine.txt": "mine", "public/CNAME": "x"})
    ran = ssg("clean")
    assert {name for name in _files(tmp_path) if name.startswith("public")} == {
        "public/b/mine.txt", "public/CNAME",
    }  # fmt: skip
    assert f"kept {tmp_path / 'public/CNAME'}: ssg did not write it" in ran.err


def test_a_dry_run_removes_nothing(ssg: Ssg, tmp_path: Path) -> None:
    ssg("build", files=FILES)
    before = _files(tmp_path)
    assert "would remove" in ssg("clean", "--dry-run").out
    assert _files(tmp_path) == before


def test_all_publish_folders_are_cleaned(ssg: Ssg, tmp_path: Path) -> None:
    ssg("build", files=FILES)
    ssg("build", "-o", "dist/site")
    ssg("clean")
    assert not (tmp_path / "public").exists()
    assert not (tmp_path / "dist/site").exists()


def test_only_caches_can_be_removed(ssg: Ssg, tmp_path: Path) -> None:
    ssg("build", files=FILES)
    write(tmp_path, {".ssg/serve/cache/x": "x", ".ssg/cache/y": "y", ".ssg/images/z": "z"})
    assert ssg("clean", "--cache").status == 0
    assert (tmp_path / ".ssg/site.db").is_file()
    assert (tmp_path / "public/a/index.html").is_file()
    assert not (tmp_path / ".ssg/serve/cache").exists()
    assert not (tmp_path / ".ssg/cache").exists()
    assert not (tmp_path / ".ssg/images").exists()


def test_what_was_never_built_has_nothing_to_remove(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg("clean", files={**FILES, "public/index.html": "mine"})
    assert (ran.status, ran.out) == (0, "there is nothing to remove\n")
    assert (tmp_path / "public/index.html").read_text() == "mine"


def test_a_link_in_the_place_of_a_folder_is_not_followed(ssg: Ssg, tmp_path: Path) -> None:
    ssg("build", files=FILES)
    write(tmp_path, {"elsewhere/index.html": "mine"})
    (tmp_path / "public/a/index.html").unlink()
    (tmp_path / "public/a").rmdir()
    (tmp_path / "public/a").symlink_to("../elsewhere")
    ssg("clean")
    assert (tmp_path / "elsewhere/index.html").read_text() == "mine"


def test_a_tampered_ledger_removes_nothing_outside(ssg: Ssg, tmp_path: Path) -> None:
    ssg("build", files={**FILES, "precious/x.txt": "mine"})
    place = tmp_path / ".ssg/written.json"
    ledger = json.loads(place.read_text())
    ledger["folders"] = ["precious/..", "../precious", "."]
    written = ledger["outputs"]["public"]
    written["../precious/x.txt"] = next(iter(written.values()))
    place.write_text(json.dumps(ledger))
    ssg("clean")
    assert (tmp_path / "precious/x.txt").read_text() == "mine"
    assert (tmp_path / "content/a.md").is_file()


def test_a_running_build_is_left_alone(ssg: Ssg, tmp_path: Path) -> None:
    ssg("build", files=FILES)
    with locked(tmp_path / ".ssg"):
        ran = ssg("clean")
    assert (ran.status, ran.out) == (1, "")
    assert "another ssg build of this site is running" in ran.err
    assert (tmp_path / "public/a/index.html").is_file()


def test_quiet_says_nothing(ssg: Ssg) -> None:
    ssg("build", files=FILES)
    assert ssg("clean", "-q") == Ran(0, "", "")
