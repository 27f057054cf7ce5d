"""What a build did for pictures, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageCounts:
    """Pictures of a site, and their variants."""

    pictures: int = 0
    made: int = 0
    """Variants that were written by this build: made now, or copied from the cache."""
    kept: int = 0
    """Variants that were in the publish folder already."""
    deferred: int = 0
    """Variants that are made on request."""
    left_out: int = 0
    """Originals that are not published."""
    bytes_saved: int = 0
    """The size of these."""
