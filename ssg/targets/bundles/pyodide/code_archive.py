"""The Python code of a function, as one zip file that Python imports from.

It contains the three shipped rooms and the four packages that they may import, by a fixed list of
folders: imports are not followed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Problem, TargetError
from ssg.render import module_importer

SHIPPED_ROOMS = tuple(room.replace(".", "/") for room in module_importer.SHIPPED_ROOMS)
SHIPPED_PACKAGES = module_importer.SHIPPED_PACKAGES

_LEFT_OUT = frozenset(
    {
        "mistune/__main__.py",
        "pygments/__main__.py",
        "pygments/cmdline.py",
        "pygments/sphinxext.py",
    }
)
"""Command lines and a plugin of Sphinx, which need modules that are not shipped."""

_DISTRIBUTIONS = {"jwt": "pyjwt"}
"""Packages whose distribution has another name."""

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold
_UNIX = 3  # "version made by" of the zip format; Python writes the machine's own


@dataclass(frozen=True, slots=True)
class CodeArchive:
    """A zip file. The same sources give the same bytes on every machine."""

    content: bytes
    digest: str


def code_archive() -> CodeArchive:
    """Archive the shipped code as it is installed here."""
    content = archive(dict(shipped_files()))
    return CodeArchive(content, hashlib.sha256(content).hexdigest())


def signature() -> str:
    """A digest of sizes and times of the shipped files, which is faster than reading them."""
    ours = _folder_of("ssg").parent
    homes = [*(ours / room for room in SHIPPED_ROOMS), *map(_folder_of, SHIPPED_PACKAGES)]
    stats = ((file, file.stat()) for home in homes for file in sorted(home.rglob("*.py")))
    found = [f"{file} {stat.st_size} {stat.st_mtime_ns}" for file, stat in stats]
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def archive(files: Mapping[str, bytes]) -> bytes:
    """A zip file of `files`, in the order of their names.

    Stored, not deflated: compressors differ between machines, and the host zips it again.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as zipped:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, files[name])
    return buffer.getvalue()


def shipped_files(packages: Sequence[str] = SHIPPED_PACKAGES) -> Iterator[tuple[str, bytes]]:
    """The shipped rooms and the sources of packages, by their names in `sys.path`."""
    home = _folder_of("ssg")
    yield "ssg/__init__.py", (home / "__init__.py").read_bytes()
    for room in SHIPPED_ROOMS:
        yield from _sources(home.parent / room, room)
    for package in packages:
        if file := _single_file(package):
            yield file.name, file.read_bytes()
        else:
            yield from _sources(_folder_of(package), package)
        yield from _licences(package)


def _single_file(package: str) -> Path | None:
    """The file of a package that is one module."""
    spec = importlib.util.find_spec(package)
    is_one = spec is not None and spec.origin is not None and not spec.submodule_search_locations
    return Path(spec.origin) if is_one and spec and spec.origin else None


def _folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise TargetError(Problem(f"the Python package {package} is not installed"))
    return Path(next(iter(spec.submodule_search_locations)))


def _sources(folder: Path, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Every `.py` below a package. Compiled modules are left out: each has a twin in Python."""
    for file in folder.rglob("*.py"):
        name = f"{prefix}/{file.relative_to(folder).as_posix()}"
        if name not in _LEFT_OUT:
            yield name, file.read_bytes()


def _licences(package: str) -> Iterator[tuple[str, bytes]]:
    """The licence files of a package, which go with every copy of it."""
    from importlib.metadata import files  # noqa: PLC0415 an archive is seldom made

    for file in files(_DISTRIBUTIONS.get(package, package)) or ():
        if file.parent.name == "licenses" or file.name.startswith("LICENSE"):
            yield f"licenses/{package}/{file.name}", file.read_binary()
