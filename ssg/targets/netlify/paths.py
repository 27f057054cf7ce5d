"""`paths.bin`: which paths a function may know. Read by `function/lib/paths.js`, before Python."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

PREFIX_BYTES = 6


def path_prefixes(paths: Iterable[str]) -> bytes:
    """Sorted prefixes of the SHA-256 digests of canonical paths, each once."""
    return b"".join(sorted({_prefix(path) for path in paths}))


def _prefix(path: str) -> bytes:
    return hashlib.sha256(path.encode()).digest()[:PREFIX_BYTES]
