"""Numbers of things, in words for people."""

from __future__ import annotations


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 page`, `1,000 pages`. `many` is said where it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
