"""Tunes Python's cyclic garbage collector for a build."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

ALLOCATIONS_PER_COLLECTION = 50_000
"""The threshold of a collection of new objects. Rendering a page leaves no cycles."""
_COLLECTIONS = 100
"""Collections of new objects for one of older objects, of which nearly all stay alive."""


@contextlib.contextmanager
def rare_collections() -> Iterator[None]:
    """Collect rarely: a build makes millions of objects that stay alive until it ends.

    With its defaults, Python examines them again and again, which takes a third of the time that
    it takes to make them.
    """
    before = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS_PER_COLLECTION, _COLLECTIONS, _COLLECTIONS)
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()  # all objects are in the oldest generation now, which is not examined at once
        gc.set_threshold(*before)
