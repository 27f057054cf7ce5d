"""The fingerprint of the code that makes a site."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import ssg
from ssg.model.database import SCHEMA_VERSION

PACKAGES = {
    "PIL": "pillow",
    "backports.zstd": "backports.zstd",
    "fastjsonschema": "fastjsonschema",
    "frontmatter": "python-frontmatter",
    "jinja2": "jinja2",
    "markupsafe": "markupsafe",
    "minify": "tdewolff-minify",
    "mistune": "mistune",
    "pygments": "pygments",
    "yaml": "pyyaml",
}
"""Installed packages that can change a byte of a site: names for imports, and names of
distributions. Some of them are optional."""

ROOMS_APART = frozenset(
    {
        "asgi",
        "check",
        "cli",
        "deploy",
        "edge",
        "importers",
        "plugins",
        "preview",
        "scaffold",
        "server",
    }
)
"""Rooms of `ssg` that no build imports by itself, so that nothing of a site depends on them. What a
plugin makes counts as a source."""


@cache
def code_fingerprint() -> str:
    """A fingerprint that is the same for two processes that make the same site from the same files.

    It covers Python, our own code, and the versions of `PACKAGES`.
    """
    digest = hashlib.blake2b(digest_size=10)
    for text in (sys.version, ssg.__version__, str(SCHEMA_VERSION), *sorted(installed())):
        digest.update(text.encode() + b"\0")
    for file in code_files():
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def installed() -> Iterator[str]:
    """The versions of `PACKAGES`, from the names of their folders: `mistune-3.3.4.dist-info`.

    See https://packaging.python.org/en/latest/specifications/recording-installed-packages/.
    `importlib.metadata` gives the same, but takes long to import.
    """
    names = tuple(f"{_normal(name)}_" for name in PACKAGES.values())
    folders = {folder for package in PACKAGES if (folder := _site_folder(package))}
    for folder in folders:
        for entry in os.scandir(folder):
            if _normal(entry.name).startswith(names) and entry.name.endswith("-info"):
                yield entry.name


def code_files() -> list[str]:
    """All files of our own code that a build may run."""
    return sorted(_sources(str(Path(ssg.__file__).parent), ROOMS_APART))


def _normal(name: str) -> str:
    """The name of a distribution, normalised: folders spell it in several ways."""
    return name.lower().replace("-", "_").replace(".", "_")


def _site_folder(package: str) -> Path | None:
    """The folder that a package is installed in."""
    top = package.partition(".")[0]
    spec = find_spec(top)
    if spec is None:
        return None
    if spec.submodule_search_locations:
        return Path(next(iter(spec.submodule_search_locations))).parent
    return Path(spec.origin).parent if spec.origin else None


def _sources(folder: str, left_out: frozenset[str] = frozenset()) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.name.removesuffix(".py") in left_out:
            continue
        if entry.name.endswith(".py"):
            yield entry.path
        elif entry.name != "__pycache__" and entry.is_dir():
            yield from _sources(entry.path)
