"""Counts with the singular or plural of a noun."""

from __future__ import annotations


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 page`, `1,000 pages`. `many` is given if it is not `one` with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
