"""The Python code of the function: ssg's own, and the packages that it imports.

It is made once for each version of that code and each kind of machine, and kept in the cache of the
user. If the function has the Python version of this process, the code is compiled, too, and the
function starts faster: it cannot write bytecode itself.
"""

from __future__ import annotations

import hashlib
import importlib.resources
import importlib.util
import py_compile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import ssg
from ssg.model.errors import Problem, TargetError
from ssg.model.live.data_source import SourceKind
from ssg.model.settings import SiteSettings
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
_SOURCES = ("sources", "sources/http", "sources/sql")
_IMAGES = ("images", "images/headers")
_CARDS = "images/cards"
_VARIANTS = "targets/aws_lambda/variant_function.py"
AUTHORITIES = "certifi/cacert.pem"
"""The authorities that certificates of sources are verified with."""
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


@dataclass(frozen=True, slots=True)
class CodeParts:
    """What a site needs beside the code that each site needs."""

    roles: bool = False
    """Rules for roles."""
    sources: bool = False
    """Sources of live pages, or variables in templates."""
    http: bool = False
    postgres: bool = False
    images: bool = False
    """Variants of pictures that are made on request."""
    cards: bool = False
    """Cards of pages, which are drawn on request."""

    @classmethod
    def of(cls, settings: SiteSettings, *, has_roles: bool, has_images: bool = False) -> Self:
        """What a site needs. A URL that is a variable may be that of PostgreSQL."""
        sources = settings.sources.values()
        urls = [one.url for one in sources if one.kind == SourceKind.SQL]
        return cls(
            has_roles,
            sources=bool(sources or settings.env),
            http=any(one.kind == SourceKind.HTTP for one in sources),
            postgres=any(not url.startswith("sqlite:") for url in urls),
            images=has_images,
            cards=bool(settings.images and settings.images.cards),
        )

    def packages(self, machine: Machine) -> Sequence[str]:
        """Packages in Python alone."""
        typing = () if machine.has_typing else ("typing_extensions",)
        return (
            "tomli_w",
            *(("jwt",) if self.roles else ()),
            *(("httpcore", "h11", "certifi") if self.http else ()),
            *(("psycopg", *typing) if self.postgres else ()),
        )

    @property
    def compiled(self) -> Sequence[str]:
        """Packages that are compiled. They contain the libraries that they need."""
        return (
            *(("psycopg-binary",) if self.postgres else ()),
            *(("pillow",) if self.images else ()),
        )

    @property
    def rooms(self) -> Sequence[str]:
        """Folders of ssg's own."""
        return (
            *_ROOMS,
            *(_SOURCES if self.sources else ()),
            *(_IMAGES if self.images else ()),
            *((_CARDS,) if self.cards else ()),
        )

    @property
    def modules(self) -> Sequence[str]:
        """Modules of ssg's own."""
        return (*_MODULES, *((_VARIANTS,) if self.images else ()))


def function_code(machine: Machine, parts: CodeParts = CodeParts()) -> Path:
    """The folder with the code, from the cache or made now. Raises TargetError."""
    files = dict(_files(machine, parts))
    entry = cache_root() / "lambda" / _key(files, machine)
    if not is_intact(entry):
        with new_entry(entry) as draft:
            _write(files, draft / _CODE, compiles=machine.has_this_python)
        prune(entry.parent, _KEPT)
    if not is_intact(entry):
        raise TargetError(Problem(f"{entry} in the cache is damaged", hint="Remove it"))
    mark_used(entry)
    return entry / _CODE


def _files(machine: Machine, parts: CodeParts) -> Iterator[tuple[str, bytes]]:
    yield from shipped_files((*SHIPPED_PACKAGES, *parts.packages(machine)))
    home = Path(ssg.__file__).parent
    for room in parts.rooms:
        for file in sorted((home / room).glob("*.py")):
            yield f"ssg/{room}/{file.name}", file.read_bytes()
    for name in parts.modules:
        yield f"ssg/{name}", (home / name).read_bytes()
    if parts.http:
        yield AUTHORITIES, importlib.resources.files("certifi").joinpath("cacert.pem").read_bytes()
    yield from compiled_files(machine, parts.compiled).items()


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
