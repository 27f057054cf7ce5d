"""Fingerprints of plain values."""

from __future__ import annotations

import hashlib
import marshal
from typing import Any

_SHARES_NOTHING = 0
"""The version of `marshal` in which equal values have equal bytes."""
_BYTES = 16


def digest_of(*values: Any) -> str:
    """A fingerprint of plain values: numbers, texts, bytes, and tuples, lists or dicts of them.

    The order of a dict is significant.
    """
    data = marshal.dumps(values, _SHARES_NOTHING)
    return hashlib.blake2b(data, digest_size=_BYTES).hexdigest()


def sha256_of(data: bytes) -> str:
    """The SHA-256 of bytes, in hex digits: one that other programs compute, too."""
    return hashlib.sha256(data).hexdigest()
