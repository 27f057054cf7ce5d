"""The cache of the user, for what all sites share: npm packages, bundles, compiled templates."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ssg.model.errors import Problem, TargetError

_IN_USE_SECONDS = 3600


def cache_root() -> Path:
    """$SSG_CACHE_DIR, else ssg's folder in the user's cache (XDG Base Directory Specification)."""
    if chosen := os.environ.get("SSG_CACHE_DIR"):
        return Path(chosen).absolute()
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    # "All paths set in these environment variables must be absolute", others are to be ignored.
    home = Path(xdg) if Path(xdg).is_absolute() else Path.home() / ".cache"
    return home / "ssg"


@contextmanager
def new_entry(entry: Path) -> Iterator[Path]:
    """A temporary folder that becomes `entry` if the block succeeds.

    Builds that make the same entry at the same time all succeed: the first to finish wins.
    """
    draft = _draft(entry)
    try:
        yield draft
        _move(draft, entry)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _draft(entry: Path) -> Path:
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{entry.name}-", dir=entry.parent))
    except OSError as error:
        message = f"the cache folder {entry.parent} cannot be written: {error.strerror}"
        raise TargetError(Problem(message, hint="Set SSG_CACHE_DIR to another folder")) from error


def _move(draft: Path, entry: Path) -> None:
    draft.chmod(0o755)  # mkdtemp makes it private; the folder of the cache decides who may read
    try:
        draft.rename(entry)
    except OSError:
        if not entry.is_dir():
            raise


def mark_used(entry: Path) -> None:
    """Note that `entry` is in use, unless the cache is read-only."""
    with suppress(OSError):
        os.utime(entry)


def prune(folder: Path, keep: int) -> None:
    """Remove all but the `keep` entries used last. One used within the hour always stays."""
    used = sorted(((_last_used(entry), entry) for entry in folder.iterdir()), reverse=True)
    for seconds, entry in used[keep:]:
        if time.time() - seconds > _IN_USE_SECONDS:
            shutil.rmtree(entry, ignore_errors=True)


def _last_used(entry: Path) -> float:
    with suppress(FileNotFoundError):  # another build prunes too
        return entry.stat().st_mtime
    return 0.0
