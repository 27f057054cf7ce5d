"""Which code makes a site: what it makes of the same sources may hang on each line of it."""

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

PACKAGES = {"jinja2": "jinja2", "markupsafe": "markupsafe", "mistune": "mistune",
            "pygments": "pygments", "yaml": "pyyaml"}  # fmt: skip
"""What pages are made with: packages as they are imported, and as they are installed."""

ROOMS_APART = frozenset({"check", "cli", "edge", "importers", "preview", "scaffold"})
"""Rooms above a build or beside it: nothing that it makes can hang on them."""


@cache
def code_id() -> str:
    """The same for two processes that make the same of the same sources."""
    digest = hashlib.blake2b(digest_size=10)
    for text in (sys.version, ssg.__version__, str(SCHEMA_VERSION), *sorted(installed())):
        digest.update(text.encode() + b"\0")
    home = str(Path(ssg.__file__).parent)
    for file in sorted(_sources(home, ROOMS_APART)):
        digest.update(Path(file).read_bytes())
    return digest.hexdigest()


def installed() -> Iterator[str]:
    """`mistune-3.3.4.dist-info`: names of folders, as `importlib.metadata` takes long to import.

    See https://packaging.python.org/en/latest/specifications/recording-installed-packages/.
    """
    names = tuple(f"{name}-" for name in PACKAGES.values())
    specs = map(find_spec, PACKAGES)
    for folder in {Path(spec.origin).parents[1] for spec in specs if spec and spec.origin}:
        for entry in os.scandir(folder):
            if entry.name.lower().startswith(names) and entry.name.endswith("-info"):
                yield entry.name


def _sources(folder: str, left_out: frozenset[str] = frozenset()) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.name.endswith(".py"):
            yield entry.path
        elif entry.name not in left_out and entry.name != "__pycache__" and entry.is_dir():
            yield from _sources(entry.path)
