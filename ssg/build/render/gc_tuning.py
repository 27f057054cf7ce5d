"""When to look for garbage that counting references does not free, because it is in a circle."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

ALLOCATIONS_PER_COLLECTION = 50_000
"""So many new objects are worth a search. A page leaves none that needs one."""
_SEARCHES = 100
"""So many searches among new objects before one among older ones: nearly all of those stay."""


@contextlib.contextmanager
def rare_collections() -> Iterator[None]:
    """A build makes millions of objects that stay until it ends: look at each of them once.

    Python would look at all of them again and again, which takes a third of the time that is spent
    on making them.
    """
    before = gc.get_threshold()
    gc.set_threshold(ALLOCATIONS_PER_COLLECTION, _SEARCHES, _SEARCHES)
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()  # all of it is old now, and not looked at right away
        gc.set_threshold(*before)
