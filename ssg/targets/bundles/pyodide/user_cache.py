"""The cache of the user, for what all sites share: npm packages, bundles, compiled templates.

Each entry is a folder with a seal: a file that lists size, times and SHA-256 of every other file.
An entry is used only if its files are those of the seal. Sizes and times show that cheaply; where
one differs, as after a crash or in a restored cache, the content is read and compared.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ssg.fingerprint.files import FileStat, file_stat
from ssg.model.errors import Problem, TargetError

_IN_USE_SECONDS = 3600
_SEAL = "seal.json"


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
        _write_seal(draft)
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


def is_intact(entry: Path) -> bool:
    """Whether an entry is there, and each of its files is as it was made.

    An entry that is damaged is removed, so that it can be made again.
    """
    if not entry.is_dir():
        return False
    try:
        sealed = json.loads((entry / _SEAL).read_bytes())
        found = _stats(entry)
        if {name: tuple(stat) for name, (_, stat) in sealed.items()} == found:
            return True
        if {name: digest for name, (digest, _) in sealed.items()} == _digests(entry):
            _write_seal(entry)  # the next build need not read them again
            return True
    except (OSError, ValueError, TypeError, AttributeError):
        pass
    _remove(entry)
    return False


def _write_seal(entry: Path) -> None:
    """Write the seal of an entry; nothing if the cache is read-only."""
    stats, digests = _stats(entry), _digests(entry)
    seal = {name: (digests[name], stats[name]) for name in stats}
    draft = entry / f".{_SEAL}.{os.getpid()}"
    with suppress(OSError):
        draft.write_text(json.dumps(seal), "ascii")
        draft.replace(entry / _SEAL)


def _files(entry: Path) -> Iterator[tuple[str, Path]]:
    for file in entry.rglob("*"):
        if file.is_file() and file.name.lstrip(".") != _SEAL:
            yield file.relative_to(entry).as_posix(), file


def _stats(entry: Path) -> dict[str, FileStat]:
    return {name: file_stat(str(file)) for name, file in _files(entry)}


def _digests(entry: Path) -> dict[str, str]:
    found = {}
    for name, file in _files(entry):
        with file.open("rb") as stream:
            found[name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found


def _remove(entry: Path) -> None:
    """Remove an entry in one step, for builds that look at it meanwhile."""
    with suppress(OSError):
        away = Path(tempfile.mkdtemp(prefix=f".{entry.name}-", dir=entry.parent))
        entry.rename(away / entry.name)
        shutil.rmtree(away, ignore_errors=True)


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
