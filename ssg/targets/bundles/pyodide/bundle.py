"""The part of a function that all sites and hosts share: Python, the shipped code, the snapshot.

It is made once for each version of that code, kept in the cache, and copied into each function.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import ssg
from ssg.model.errors import Problem, TargetError
from ssg.targets.bundles.pyodide import function_size, npm, snapshot
from ssg.targets.bundles.pyodide.code_archive import CodeArchive, code_archive, signature
from ssg.targets.bundles.pyodide.function_size import FileSize
from ssg.targets.bundles.pyodide.tree_shaking import TREE_SHAKER, tree_shake
from ssg.targets.bundles.pyodide.user_cache import (
    cache_root,
    is_intact,
    mark_used,
    new_entry,
    prune,
)

_HERE = Path(__file__).parent
LIBRARY_FOLDER = _HERE / "lib"

_KEPT_BUNDLES = 3


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files that every function contains, as they are in `folder`."""

    folder: Path
    key: str
    """A digest of everything that the bundle is made of."""
    files: tuple[FileSize, ...]
    reused: bool


def bundle() -> Bundle:
    """The bundle for the code that is installed here, from the cache or made now."""
    if found := kept():
        return found
    code = code_archive()
    key = _key(code)
    entry = cache_root() / "bundles" / key
    with new_entry(entry) as draft:
        _make(code, draft)
    prune(entry.parent, _KEPT_BUNDLES)
    made = _read(entry)
    if not made:
        raise TargetError(Problem(f"{entry} in the cache is damaged", hint="Remove it"))
    return Bundle(entry / "files", key, made, reused=False)


def kept() -> Bundle | None:
    """The same bundle, if the cache has it."""
    key = _installed()
    entry = cache_root() / "bundles" / key
    files = _read(entry)
    if not files:
        return None
    mark_used(entry)
    return Bundle(entry / "files", key, files, reused=True)


@lru_cache(maxsize=1)
def _installed() -> str:
    """The key for the code that is installed here, remembered until one of its files changes."""
    files = sorted((*_HERE.rglob("*.*js"), *_HERE.glob("*.py")))
    own = "".join(f"{file} {file.stat().st_mtime_ns}" for file in files)
    memo = cache_root() / "keys" / hashlib.sha256(f"{signature()}{own}".encode()).hexdigest()[:20]
    with suppress(OSError, UnicodeDecodeError):
        key, _, seal = memo.read_text("ascii").partition(" ")
        if seal == _seal(key):
            return key
    key = _key(code_archive())
    with suppress(OSError):
        memo.parent.mkdir(parents=True, exist_ok=True)
        draft = memo.with_suffix(f".{os.getpid()}")
        draft.write_text(f"{key} {_seal(key)}", "ascii")
        draft.replace(memo)
    return key


def _seal(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _key(code: CodeArchive) -> str:
    """A digest of everything that the bundle is made of."""
    digest = hashlib.sha256(code.digest.encode())
    package = npm.PYODIDE
    digest.update(f"{package.spec} {package.integrity} {package.files}".encode())
    sources = sorted(LIBRARY_FOLDER.glob("*.js"))
    digest.update(npm.ACORN.integrity.encode())
    for source in (
        *sources,
        snapshot.SNAPSHOT_MAKER,
        snapshot.WARM_UP,
        TREE_SHAKER,
        Path(__file__),
    ):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:20]


def _read(entry: Path) -> tuple[FileSize, ...]:
    """The files of a bundle in the cache; empty unless all are as they were made."""
    if not is_intact(entry):
        return ()
    return tuple(FileSize(*row) for row in json.loads((entry / "sizes.json").read_bytes()))


def _make(code: CodeArchive, entry: Path) -> None:
    files = entry / "files"
    files.mkdir()
    shutil.copytree(LIBRARY_FOLDER, files / "lib")
    pyodide = files / "node_modules" / npm.PYODIDE.name
    shutil.copytree(npm.package_folder(npm.PYODIDE), pyodide)
    _empty_lock(pyodide / "pyodide-lock.json")
    tree_shake(pyodide, files / "lib" / "load_python.js")
    (files / "code.zip").write_bytes(code.content)
    _make_snapshot(code, files)
    sizes = [
        function_size.exact(file, files) for file in sorted(files.rglob("*")) if file.is_file()
    ]
    rows = [(file.name, file.bytes, file.zipped_bytes) for file in sizes]
    (entry / "sizes.json").write_text(json.dumps(rows))


def _empty_lock(file: Path) -> None:
    """Pyodide indexes its 300 packages at each start; the function loads none of them."""
    lock = json.loads(file.read_bytes())
    file.write_text(json.dumps({**lock, "packages": {}}))


def _make_snapshot(code: CodeArchive, files: Path) -> None:
    output = files / "snapshot.bin"
    snapshot.make_snapshot(files / "node_modules" / npm.PYODIDE.name, files, output)
    about = {
        "ssg": ssg.__version__,
        "pyodide": npm.PYODIDE.version,
        "code_sha256": code.digest,
    }
    (files / "bundle.json").write_text(json.dumps(about, indent=2) + "\n")
