"""Lists that are divided into several pages."""

from __future__ import annotations

PAGER_FOLDER = "page"
"""The default folder of pages 2, 3, ..."""


def page_count(total: int, size: int) -> int:
    """The number of pages for `total` items; at least 1. `size` 0 means no limit."""
    return max(1, -(-total // size)) if size else 1


def pager_path(first: str, number: int, folder: str = PAGER_FOLDER) -> str:
    """`/blog/`, 3 -> `/blog/page/3/`."""
    return first if number == 1 else f"{first}{folder}/{number}/"
