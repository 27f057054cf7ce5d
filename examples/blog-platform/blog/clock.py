"""Times as texts, in UTC and to the second: 2026-11-30T11:15:57Z. They sort as they pass."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], float]
"""The seconds since 1970."""


def text_of_time(seconds: float) -> str:
    """The text of a time."""
    return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def time_of_text(text: str) -> float:
    """The seconds since 1970 of a text of this form. Raises ValueError."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
