"""Plain values as bytes, as `marshal` writes them: for other processes, the cache and digests."""

from __future__ import annotations

import marshal
from typing import Any

_PLAIN = 0
"""The version of `marshal` in which the same values have the same bytes: it shares none."""


def pack(value: Any) -> bytes:
    """Plain values as bytes; the same values give the same ones."""
    return marshal.dumps(value, _PLAIN)


def unpack(data: bytes) -> Any:
    """The values of `pack`: of this build, or as the cache has checked them."""
    return marshal.loads(data)  # noqa: S302 our own bytes
