"""Compiled packages for the machine of the function, which may be another one than this.

pip fetches the wheel of the version that is installed here, by the name of the platform, into the
cache of the user. So a second build needs no network. If this machine is such a platform, the
installed package is taken, and nothing is fetched.
"""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Problem, TargetError
from ssg.targets.bundles.pyodide.user_cache import cache_root, is_intact, mark_used, new_entry

_FETCH_SECONDS = 300
_LAST_LINES = 3
_GLIBC = ("manylinux2014", "manylinux_2_17", "manylinux_2_28", "manylinux_2_34")
"""Amazon Linux 2023 has glibc 2.34."""
_WHEEL_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
"""The architectures of Lambda, with their names in wheels."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What runs the function: `arm64` and `3.14`, for example."""

    architecture: str
    python: str

    @property
    def compiled_packages(self) -> Sequence[str]:
        """The packages that are compiled; zstd is in the standard library from 3.14 on."""
        return ("markupsafe",) if self._version >= (3, 14) else ("backports.zstd", "markupsafe")

    @property
    def has_typing(self) -> bool:
        """Whether its standard library has what psycopg needs of `typing_extensions`."""
        return self._version >= (3, 13)

    @property
    def is_this(self) -> bool:
        """Whether packages that are installed here can run there."""
        here = sys.platform, platform.machine(), sys.version_info[:2], sys.implementation.name
        return here == ("linux", _WHEEL_MACHINES[self.architecture], self._version, "cpython")

    @property
    def has_this_python(self) -> bool:
        """Whether the version of Python is that of this process."""
        return sys.version_info[:2] == self._version and sys.implementation.name == "cpython"

    @property
    def _version(self) -> tuple[int, ...]:
        return tuple(map(int, self.python.split(".")))

    @property
    def platforms(self) -> Sequence[str]:
        """The names of its platform in wheels."""
        return [f"{one}_{_WHEEL_MACHINES[self.architecture]}" for one in _GLIBC]


def compiled_files(machine: Machine, more: Sequence[str] = ()) -> dict[str, bytes]:
    """The files of all compiled packages, by their names in `sys.path`. Raises TargetError."""
    files: dict[str, bytes] = {}
    for package in (*machine.compiled_packages, *more):
        files |= _installed(package, machine) or _fetched(package, machine)
    return files


def _installed(package: str, machine: Machine) -> Mapping[str, bytes]:
    """The package as it is here; empty unless it came as a wheel for such a machine."""
    if not machine.is_this:
        return {}
    found = importlib.metadata.distribution(package)
    if "manylinux" not in (found.read_text("WHEEL") or ""):
        return {}
    files = {file.as_posix(): file for file in found.files or () if _is_shipped(file.as_posix())}
    return {_name(name, package): file.read_binary() for name, file in files.items()}


def _fetched(package: str, machine: Machine) -> Mapping[str, bytes]:
    version = importlib.metadata.version(package)
    name = f"{package}-{version}-{machine.python}-{machine.architecture}"
    entry = cache_root() / "wheels" / name
    if not is_intact(entry):
        with new_entry(entry) as draft:
            _fetch(f"{package}=={version}", machine, draft)
    mark_used(entry)
    wheels = list(entry.glob("*.whl"))
    if len(wheels) != 1:
        raise TargetError(Problem(f"{entry} in the cache is damaged", hint="Remove it"))
    with zipfile.ZipFile(wheels[0]) as wheel:
        names = [one for one in wheel.namelist() if _is_shipped(one)]
        return {_name(one, package): wheel.read(one) for one in names}


def _is_shipped(name: str) -> bool:
    """Whether a file of a wheel runs, or is a licence."""
    if ".." in name.split("/") or name.startswith("/") or name.endswith("/"):
        return False
    if ".dist-info/" in name:
        return "/licenses/" in name or name.rpartition("/")[2].startswith("LICENSE")
    return not name.endswith((".pyc", ".pyi", ".c"))


def _name(name: str, package: str) -> str:
    is_licence = ".dist-info/" in name
    return f"licenses/{package}/{name.rpartition('/')[2]}" if is_licence else name


def _fetch(requirement: str, machine: Machine, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-input"]
    command += ["--only-binary=:all:", "--disable-pip-version-check", "--implementation", "cp"]
    command += ["--python-version", machine.python, "--dest", str(folder), requirement]
    for one in machine.platforms:
        command += ["--platform", one]
    try:
        result = subprocess.run(  # noqa: S603 our own words
            command, capture_output=True, text=True, check=False, timeout=_FETCH_SECONDS
        )
    except subprocess.TimeoutExpired as error:
        reason = f"no answer within {_FETCH_SECONDS} seconds"
        raise _failed(requirement, machine, reason) from error
    if result.returncode != 0:
        lines = [
            line for line in result.stderr.splitlines() if "ERROR" in line or "No module" in line
        ]
        reason = "; ".join(lines[-_LAST_LINES:]) or "no message"
        raise _failed(requirement, machine, reason)


def _failed(requirement: str, machine: Machine, reason: str) -> TargetError:
    what = f"{requirement} for Python {machine.python} on {machine.architecture}"
    hint = f"It is fetched once and then kept in {cache_root()}; this needs pip and a network"
    return TargetError(Problem(f"pip could not fetch {what}: {reason}", hint=hint))
