"""Which code makes a site: what it makes of the same sources may hang on each line of it."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

import ssg
from ssg.model.database import SCHEMA_VERSION

_PACKAGES = ("jinja2", "markupsafe", "mistune", "pygments", "pyyaml")


@cache
def code_id() -> str:
    """The same for two processes that make the same of the same sources."""
    digest = hashlib.blake2b(digest_size=10)
    for text in (sys.version, ssg.__version__, str(SCHEMA_VERSION), *map(version, _PACKAGES)):
        digest.update(text.encode() + b"\0")
    for file in sorted(Path(ssg.__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
