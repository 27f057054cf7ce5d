"""The Python code of the function: ssg's own, and the packages that it imports.

It is made once for each version of that code and each kind of machine, and kept in the cache of the
user. If the function has the Python version of this process, the code is compiled, too, and the
function starts faster: it cannot write bytecode itself.
"""

from __future__ import annotations

import hashlib
import importlib.util
import py_compile
from collections.abc import Iterator, Mapping
from pathlib import Path

import ssg
from ssg.model.errors import Problem, TargetError
from ssg.targets.aws_lambda.wheels import Machine, compiled_files
from ssg.targets.bundles.pyodide.code_archive import SHIPPED_PACKAGES, shipped_files
from ssg.targets.bundles.pyodide.user_cache import (
    cache_root,
    is_intact,
    mark_used,
    new_entry,
    prune,
)

_KEPT = 4
_CODE = "code"
_ROOMS = ("redirects/matching", "redirects/formats", "redirects", "targets/bundles/native")
_MODULES = (
    "targets/__init__.py",
    "targets/bundles/__init__.py",
    "targets/aws_lambda/__init__.py",
    "targets/aws_lambda/capabilities.py",
    "targets/aws_lambda/function_files.py",
    "targets/aws_lambda/handler.py",
    "targets/aws_lambda/payload.py",
    "targets/aws_lambda/served_site.py",
)
"""What the handler imports beside the shipped rooms; a test asks Python."""


def function_code(machine: Machine, *, with_roles: bool = False) -> Path:
    """The folder with the code, from the cache or made now. Raises TargetError."""
    files = dict(_files(machine, with_roles=with_roles))
    entry = cache_root() / "lambda" / _key(files, machine)
    if not is_intact(entry):
        with new_entry(entry) as draft:
            _write(files, draft / _CODE, compiles=machine.has_this_python)
        prune(entry.parent, _KEPT)
    if not is_intact(entry):
        raise TargetError(Problem(f"{entry} in the cache is damaged", hint="Remove it"))
    mark_used(entry)
    return entry / _CODE


def _files(machine: Machine, *, with_roles: bool) -> Iterator[tuple[str, bytes]]:
    more = ("tomli_w", "jwt") if with_roles else ("tomli_w",)
    yield from shipped_files((*SHIPPED_PACKAGES, *more))
    home = Path(ssg.__file__).parent
    for room in _ROOMS:
        for file in sorted((home / room).glob("*.py")):
            yield f"ssg/{room}/{file.name}", file.read_bytes()
    for name in _MODULES:
        yield f"ssg/{name}", (home / name).read_bytes()
    yield from compiled_files(machine).items()


def _key(files: Mapping[str, bytes], machine: Machine) -> str:
    digest = hashlib.sha256(f"{machine} {importlib.util.MAGIC_NUMBER!r}".encode())
    for name, content in sorted(files.items()):
        digest.update(f"{name} {len(content)} ".encode())
        digest.update(content)
    return digest.hexdigest()[:20]


def _write(files: Mapping[str, bytes], folder: Path, *, compiles: bool) -> None:
    for name, content in sorted(files.items()):
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        if compiles and name.endswith(".py"):
            mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
            py_compile.compile(str(place), dfile=name, doraise=True, invalidation_mode=mode)
