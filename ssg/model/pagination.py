"""Long lists over several pages."""

from __future__ import annotations

PAGER_FOLDER = "page"
"""The folder of pages 2, 3, ... where nothing else is asked for."""


def page_count(total: int, size: int) -> int:
    """How many pages a list of `total` takes; an empty list takes one. `size` 0: no limit."""
    return max(1, -(-total // size)) if size else 1


def pager_path(first: str, number: int, folder: str = PAGER_FOLDER) -> str:
    """`/blog/`, 3 -> `/blog/page/3/`."""
    return first if number == 1 else f"{first}{folder}/{number}/"
