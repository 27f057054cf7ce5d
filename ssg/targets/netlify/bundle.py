"""The part of a function that every site shares: Python, the shipped code, the snapshot.

It is made once for each version of that code, kept in the cache, and copied into each function.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import ssg
from ssg.model.errors import Problem, TargetError
from ssg.targets.netlify import npm, size, snapshot
from ssg.targets.netlify.cache import cache_root, mark_used, new_entry, prune
from ssg.targets.netlify.code import CodeArchive, code_archive
from ssg.targets.netlify.size import FileSize

FUNCTION_FOLDER = Path(__file__).parent / "function"

_KEPT_BUNDLES = 3


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files that stand in every function as they stand in `folder`."""

    folder: Path
    files: tuple[FileSize, ...]
    reused: bool


def bundle() -> Bundle:
    """The bundle for the code that is installed here, from the cache or made now."""
    code = code_archive()
    entry = cache_root() / "bundles" / _key(code)
    if known := _read(entry):
        mark_used(entry)
        return Bundle(entry / "files", known, reused=True)
    with new_entry(entry) as draft:
        _make(code, draft)
    prune(entry.parent, _KEPT_BUNDLES)
    made = _read(entry)
    if not made:
        raise TargetError(Problem(f"{entry} in the cache is damaged", hint="Remove it."))
    return Bundle(entry / "files", made, reused=False)


def _key(code: CodeArchive) -> str:
    """A digest of everything that the bundle is made of."""
    digest = hashlib.sha256(code.digest.encode())
    for package in npm.PACKAGES:
        digest.update(f"{package.spec} {package.integrity} {package.files}".encode())
    sources = sorted(FUNCTION_FOLDER.rglob("*.js"))
    for source in (*sources, snapshot.MAKER, snapshot.REHEARSAL, Path(__file__)):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:20]


def _read(entry: Path) -> tuple[FileSize, ...]:
    """The files of a bundle in the cache; empty unless all are there in full."""
    try:
        rows = json.loads((entry / "sizes.json").read_bytes())
        files = tuple(FileSize(*row) for row in rows)
        whole = all((entry / "files" / file.name).stat().st_size == file.bytes for file in files)
    except (OSError, ValueError, TypeError):
        whole = False
    if not whole:
        shutil.rmtree(entry, ignore_errors=True)
    return files if whole else ()


def _make(code: CodeArchive, entry: Path) -> None:
    files = entry / "files"
    files.mkdir()
    shutil.copytree(FUNCTION_FOLDER / "lib", files / "lib")
    for package in npm.PACKAGES:
        shutil.copytree(npm.package_folder(package), files / "node_modules" / package.name)
    _empty_lock(files / "node_modules" / npm.PYODIDE.name / "pyodide-lock.json")
    (files / "code.zip").write_bytes(code.content)
    _make_snapshot(code, files)
    sizes = [size.exact(file, files) for file in sorted(files.rglob("*")) if file.is_file()]
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
        "snapshot_bytes": output.stat().st_size,
    }
    (files / "bundle.json").write_text(json.dumps(about, indent=2) + "\n")
