"""Fetches the npm packages that a function needs: pinned, fetched once, checked.

`npm pack` fetches them, so the user's registry, proxy and credentials apply. Each tarball must
have the digest written here, whatever registry it came from.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Problem, TargetError
from ssg.model.glob import compile_glob
from ssg.model.urls import path_problem
from ssg.targets.bundles.pyodide.user_cache import cache_root, is_intact, mark_used, new_entry

MIN_NODE_MAJOR = 20
"""The oldest Node that loads Pyodide's modules and that hosts still offer."""

_STATIC_HINT = "A build with --target static does not need it"
_INSTALL_HINT = f"Install Node {MIN_NODE_MAJOR} or newer, which brings npm. {_STATIC_HINT}"
_FETCH_SECONDS = 300
_ERROR_LINES = 5
_FILES = "files"
"""The folder of a package in its entry of the cache."""


@dataclass(frozen=True, slots=True)
class NpmPackage:
    """A package, and the files of it that a function needs at run time.

    A name may be a pattern: `*` stands for a part without a slash.
    """

    name: str
    version: str
    integrity: str  # Subresource Integrity of the tarball, as package-lock.json has it
    files: tuple[str, ...]

    @property
    def spec(self) -> str:
        return f"{self.name}@{self.version}"


PYODIDE = NpmPackage(
    "pyodide",
    "314.0.7",
    "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==",
    (
        "package.json",
        "pyodide-lock.json",
        "pyodide.asm.mjs",
        "pyodide.asm.wasm",
        "pyodide.js",
        "python_stdlib.zip",
    ),
)
ACORN = NpmPackage(
    "acorn",
    "8.19.0",
    "sha512-oJlA3XiRm7Cyk6qFD2Jn8ak9B7jSy0qy00ADO3+8dpT0LSjFihQYv4C02LFCSYJV3Q37xYwwRy5m+IpIiUzqWw==",
    ("LICENSE", "dist/acorn.js", "package.json"),
)
"""A parser of JavaScript, with which the bundle is made."""


def package_folder(package: NpmPackage) -> Path:
    """The folder of the unpacked package in the cache, which fetches it first if need be."""
    entry = _entry(package)
    if not is_intact(entry):
        with new_entry(entry) as draft:
            (draft / _FILES).mkdir()
            _fetch(package, draft / _FILES)
    mark_used(entry)
    return entry / _FILES


def package_files(package: NpmPackage) -> list[str]:
    """The names of its files, which are fetched first if need be."""
    folder = package_folder(package)
    if not any("*" in name for name in package.files):
        return list(package.files)
    files = (file for file in folder.rglob("*") if file.is_file())
    return sorted(file.relative_to(folder).as_posix() for file in files)


def _entry(package: NpmPackage) -> Path:
    content = f"{package.integrity} {package.files} {_FILES}"
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    name = package.name.removeprefix("@").replace("/", "-")
    return cache_root() / "npm" / f"{name}-{package.version}-{digest}"


def are_fetched(packages: Iterable[NpmPackage]) -> bool:
    """Whether the cache has all of them."""
    return all(is_intact(_entry(package)) for package in packages)


def missing_tools(packages: Iterable[NpmPackage] = ()) -> list[Problem]:
    """The tools that making a bundle and fetching `packages` need, and that are not installed."""
    problems = [problem] if (problem := _node_problem()) else []
    if not shutil.which("npm") and not are_fetched((PYODIDE, ACORN, *packages)):
        problems.append(_missing("npm"))
    return problems


def node() -> str:
    """The path of Node. Raises TargetError where it is missing or too old."""
    if problem := _node_problem():
        raise TargetError(problem)
    return shutil.which("node") or "node"


def _node_problem() -> Problem | None:
    program = shutil.which("node")
    if program is None:
        return _missing("Node")
    result = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 Node, as PATH has it
    version = re.match(r"v(\d+)\.\S+", result.stdout)
    if version and int(version[1]) >= MIN_NODE_MAJOR:
        return None
    found = f"found {version[0]}" if version else f"{program} --version does not work"
    needs = f"the function of deferred pages needs Node {MIN_NODE_MAJOR} or newer"
    return Problem(f"{needs}; {found}", hint=_INSTALL_HINT)


def _missing(tool: str) -> Problem:
    return Problem(
        f"the function of deferred pages needs {tool}, which is not installed", hint=_INSTALL_HINT
    )


def _fetch(package: NpmPackage, folder: Path) -> None:
    """Fetch a tarball, check it, and unpack the files that are needed into `folder`."""
    node()
    tarball = _pack(package, folder)
    check_integrity(tarball.read_bytes(), package)
    unpack(tarball, package.files, folder)
    tarball.unlink()


def _pack(package: NpmPackage, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise TargetError(_missing("npm"))
    command = [npm, "pack", package.spec, "--pack-destination", str(folder), "--ignore-scripts"]
    try:
        result = subprocess.run(  # noqa: S603 our own words
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=_FETCH_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        raise _failed(package, f"no answer within {_FETCH_SECONDS} seconds") from error
    tarballs = sorted(folder.glob("*.tgz"))
    if result.returncode != 0 or len(tarballs) != 1:
        raise _failed(package, _last_lines(result.stderr))
    return tarballs[0]


def _failed(package: NpmPackage, reason: str) -> TargetError:
    hint = f"It is fetched once and then kept in {cache_root()}. {_STATIC_HINT}"
    return TargetError(Problem(f"npm could not fetch {package.spec}: {reason}", hint=hint))


def _last_lines(text: str) -> str:
    """The last lines of npm's message, without its prefix and the names of its log files."""
    lines = [re.sub(r"^npm (error|ERR!) ?", "", line).strip() for line in text.splitlines()]
    told = [line for line in lines if line and "complete log" not in line and "-debug-" not in line]
    return "; ".join(told[-_ERROR_LINES:]) or "no message"


def check_integrity(tarball: bytes, package: NpmPackage) -> None:
    """Raise TargetError unless the tarball is the pinned one (W3C Subresource Integrity)."""
    found = "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if found != package.integrity:
        message = f"{package.spec} is not the expected package: its digest is {found}"
        hint = f"Expected {package.integrity}. Check npm's `registry` setting"
        raise TargetError(Problem(message, hint=hint))


def unpack(tarball: Path, files: Sequence[str], folder: Path) -> None:
    """Unpack `files` of an npm tarball, in which all paths begin with `package/`.

    Only the contents of the named files are used: no links, no modes, no other paths.
    """
    with tarfile.open(tarball) as archive:
        for name in _named(archive, files):
            member = archive.getmember(f"package/{name}")
            content = archive.extractfile(member) if member.isfile() else None
            if content is None:
                raise TargetError(Problem(f"{name} is not a file in {tarball.name}"))
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())


def _named(archive: tarfile.TarFile, files: Sequence[str]) -> list[str]:
    """The names that patterns stand for. Each stands for one at least."""
    inside = [name.removeprefix("package/") for name in archive.getnames()]
    names: dict[str, None] = {}
    for pattern in files:
        found = [pattern] if "*" not in pattern else _matching(pattern, inside)
        names |= dict.fromkeys(found)
    return list(names)


def _matching(pattern: str, names: Iterable[str]) -> list[str]:
    matches = compile_glob(pattern).fullmatch
    found = [name for name in names if matches(name) and path_problem(name) is None]
    if not found:
        raise TargetError(Problem(f"{pattern} stands for no file of the package"))
    return found
