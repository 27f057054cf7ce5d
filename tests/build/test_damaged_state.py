"""Files that an earlier build left, damaged: the next build is right, or says what is wrong."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.build.incremental.session import Session
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.publish.publish_folder import file_names
from ssg.config.load import load
from ssg.content.source.publication import IncludeOptions
from ssg.model.errors import SsgError, TargetError
from tests.conftest import BARE, NOW, Silent, write
from tests.damage import DAMAGES

SITE = {
    **BARE,
    "ssg.toml": 'theme = ""\n[search]\nenabled = true\n[taxonomies.tags]\n'
    '[target]\nname = "netlify"\n[[deferred.rules]]\nmatch = "old/**"\n',
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/old/_index.md": "---\ntitle: Old\n---\n",
    "static/x.css": "1",
    **{
        f"content/{n}.md": f"---\ntitle: Page {n}\ntags: [t{n % 3}]\n---\nText {n}."
        for n in range(12)
    },
    **{f"content/old/{n}.md": f"---\ntitle: Old {n}\n---\nOld text {n}." for n in range(12)},
}
EDIT = {"content/3.md": "---\ntitle: Page 3\ntags: [t0]\n---\nAn edit.", "static/x.css": "2"}
TITLE = {"content/5.md": "---\ntitle: Another title\ntags: [t2]\n---\nText"}
LAST = {"content/9.md": "---\ntitle: Page 9\ntags: [t0]\n---\nThe last edit."}
NEW = {"content/new.md": "---\ntitle: New\n---\nNew."}
PACKAGED = bool(os.environ.get("SSG_PACKAGED"))


def build_in(
    root: Path, *, preview: bool = False, session: Session | None = None
) -> Session | None:
    project, include = load(root, environment={}), IncludeOptions()
    layout = Layout.for_preview(root) if preview else Layout.of(project)
    known = session.knowledge(project, include, layout, frozenset()) if session else None
    options = BuildOptions(NOW, include, package=PACKAGED, session=known)
    return build(project, layout, options, Silent()).session


def made(root: Path, *, preview: bool = False) -> dict[str, object]:
    """What a build left: the publish folder, the rows of the database, and the function."""
    state = root / ".ssg/serve" if preview else root / ".ssg"
    found: dict[str, object] = {}
    for folder in (state / "public" if preview else root / "public", root / ".netlify"):
        found |= {
            f"{folder.name}/{name}": (folder / name).read_bytes()
            for name in file_names(folder)
            if not name.endswith("site.db")
        }
    with contextlib.closing(sqlite3.connect(state / "site.db")) as connection:
        rows = sorted(connection.iterdump())
    found["rows"] = [row for row in rows if "sqlite_stat" not in row]
    blocks = {row.split("'")[1] for row in rows if row.startswith('INSERT INTO "block"')}
    found["texts"] = {name: (state / "texts" / name).read_bytes() for name in sorted(blocks)}
    return found


def sources(root: Path, place: Path) -> Path:
    """A site with the same sources, and nothing that a build made."""
    shutil.rmtree(place, ignore_errors=True)
    ignored = shutil.ignore_patterns(".ssg", "public", ".netlify", ".public.ssg")
    return shutil.copytree(root, place, ignore=ignored)


def clean(root: Path, place: Path, *, preview: bool = False) -> dict[str, object]:
    build_in(sources(root, place), preview=preview)
    return made(place, preview=preview)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("built") / "site"
    write(root, SITE)
    build_in(root)
    write(root, EDIT)
    build_in(root)
    return root


@pytest.mark.parametrize("damage", DAMAGES)
def test_each_file_of_state_may_be_damaged(
    tmp_path: Path, built: Path, damage: Callable[[Path], None]
) -> None:
    write(sources(built, tmp_path / "wanted"), {**TITLE, **NEW})
    wanted = clean(tmp_path / "wanted", tmp_path / "clean")
    names = list(file_names(built / ".ssg"))
    assert len(names) > 10
    for name in names:
        root = tmp_path / "site"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(built, root)
        damage(root / ".ssg" / name)
        write(root, {**TITLE, **NEW})
        try:
            build_in(root)
        except SsgError as error:
            assert name == "written.json", (name, error)
            assert "delete the folder and build again" in str(error)
            shutil.rmtree(root / "public")
            build_in(root)
        assert made(root) == wanted, name


# -- builds that are killed ---------------------------------------------------------------------


def _first(root: Path) -> None:
    shutil.rmtree(root)
    write(root, SITE)


def _edits(root: Path) -> None:
    write(root, {**EDIT, **NEW})
    (root / "content/7.md").unlink()


KINDS: dict[str, Callable[[Path], None]] = {
    "first": _first,
    "edits": _edits,
    "title": lambda root: write(root, TITLE),
    "preview": lambda root: write(root, {**EDIT, **TITLE, **NEW}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_build_may_be_killed_at_any_time(tmp_path: Path, kind: str) -> None:
    """The next build is equal to a clean one. Only builds that were hit are counted."""
    wanted_hits = int(os.environ.get("SSG_KILLS", "2"))
    chance = random.Random(os.environ.get("SSG_SEED", kind))  # noqa: S311 no secret
    preview, hits, tries = kind == "preview", 0, 0
    write(tmp_path / "old", SITE)
    build_in(tmp_path / "old", preview=preview)
    wanted, seconds = None, 1.0
    while hits < wanted_hits and tries < 10 * wanted_hits:
        tries += 1
        root = tmp_path / "site"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(tmp_path / "old", root, symlinks=True)
        KINDS[kind](root)
        was_hit, seconds = _kill(root, chance.random() * seconds, seconds, preview=preview)
        hits += was_hit
        write(root, LAST)
        wanted = wanted or clean(root, tmp_path / "clean", preview=preview)
        _build_after_all_workers(root, preview=preview)
        assert made(root, preview=preview) == wanted
        assert not (root / ".public.ssg").exists()
    assert hits == wanted_hits


def _build_after_all_workers(root: Path, *, preview: bool) -> None:
    """Workers of the killed build keep its lock until they have ended, too."""
    for _ in range(100):
        try:
            build_in(root, preview=preview)
        except TargetError as error:
            if "another ssg build" not in str(error):
                raise
            time.sleep(0.05)
        else:
            return


def _kill(root: Path, after: float, expected: float, *, preview: bool) -> tuple[bool, float]:
    """Start a build, and kill its group after some seconds. Whether it still ran, and how long
    a build takes."""
    started = time.monotonic()
    if not (pid := os.fork()):
        os.setpgid(0, 0)
        with contextlib.suppress(BaseException):
            session = build_in(root, preview=preview)
            if preview:
                write(root, LAST)
                build_in(root, preview=preview, session=session)
        os._exit(0)
    time.sleep(after)
    ended, _ = os.waitpid(pid, os.WNOHANG)
    if ended:
        return False, min(expected, time.monotonic() - started)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return True, expected
