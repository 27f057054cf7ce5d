"""The Python of templates -> code that runs. It can be made ahead, for the Python that will run it.

A builder is mostly cold, and compiling half a dozen templates would be a good part of its first
answer. Bytecode is of one version of Python alone, so it stands beside the site database and not
in it.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType

_MOST = 1024
_ahead: dict[bytes, bytes] = {}


@lru_cache(maxsize=_MOST)
def code_of(source: str, filename: str) -> CodeType:
    """Compile a template's Python. Editions of several languages share it."""
    packed = _ahead.get(_key(source, filename))
    code = marshal.loads(packed) if packed else None  # noqa: S302 our own build wrote it
    return code if isinstance(code, CodeType) else compile(source, filename, "exec")


def pack(templates: Iterable[tuple[str, str]]) -> bytes:
    """Source and file name of templates, compiled for this Python."""
    codes = {
        _key(source, filename): marshal.dumps(compile(source, filename, "exec"))
        for source, filename in templates
    }
    return MAGIC_NUMBER + marshal.dumps(codes)


def preload(file: Path) -> None:
    """Take over what `pack` gave, if it is there and this Python made it."""
    content = file.read_bytes() if file.is_file() else b""
    if content.startswith(MAGIC_NUMBER):
        _ahead.update(marshal.loads(content[len(MAGIC_NUMBER) :]))  # noqa: S302 our own build wrote it


def _key(source: str, filename: str) -> bytes:
    return hashlib.sha256(f"{filename}\0{source}".encode()).digest()
