"""Bytecode of templates, which can be compiled ahead of time.

A template becomes code in two steps. Jinja makes Python of it when the site is compiled; this
source is stored in the site database. Python compiles the source to bytecode where pages are
rendered. The function of a host mostly starts cold, and the second step for half a dozen templates
would be a large part of its first response. So a build runs `pack` in the function's own Python,
and the function calls `preload` at its start.

Bytecode fits one version of Python only. So it is a file beside the site database, begins with the
magic number of its version, and is ignored by any other. A digest follows: a damaged file is also
ignored. Its keys are hashes of source and file name: a template that has changed is not found and
is compiled as usual.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable
from functools import lru_cache
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType

_MAX_CACHED = 1024
_HEAD_BYTES = len(MAGIC_NUMBER) + hashlib.sha256().digest_size
_preloaded: dict[bytes, bytes] = {}


@lru_cache(maxsize=_MAX_CACHED)
def code_of(source: str, filename: str) -> CodeType:
    """Compile the Python of a template. The environments of all languages share the result."""
    packed = _preloaded.get(_key(source, filename))
    code = marshal.loads(packed) if packed else None  # noqa: S302 written by our own build
    return code if isinstance(code, CodeType) else compile(source, filename, "exec")


def pack(templates: Iterable[tuple[str, str]]) -> bytes:
    """Compile templates, given as source and file name, for this version of Python."""
    codes = {
        _key(source, filename): marshal.dumps(compile(source, filename, "exec"))
        for source, filename in templates
    }
    packed = marshal.dumps(codes)
    return _head(packed) + packed


def preload(file: Path) -> None:
    """Load the result of `pack`, if the file is intact and fits this version of Python."""
    content = file.read_bytes() if file.is_file() else b""
    packed = content[_HEAD_BYTES:]
    if content.startswith(_head(packed)):
        _preloaded.update(marshal.loads(packed))  # noqa: S302 the digest says that a build wrote it


def _head(packed: bytes) -> bytes:
    return MAGIC_NUMBER + hashlib.sha256(packed).digest()


def _key(source: str, filename: str) -> bytes:
    return hashlib.sha256(f"{filename}\0{source}".encode()).digest()
