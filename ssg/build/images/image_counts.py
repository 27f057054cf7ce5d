"""What a build did for pictures, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageCounts:
    """Pictures of a site, and their variants."""

    pictures: int = 0
    made: int = 0
    """Variants that this build has encoded."""
    kept: int = 0
    """Variants of earlier builds, from the publish folder or the cache."""
    deferred: int = 0
    """Variants that are made on request."""
    left_out: int = 0
    """Originals that are not published."""
    bytes_saved: int = 0
    """The size of these."""
