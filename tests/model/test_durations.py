"""Spans of time as people write them."""

from __future__ import annotations

import pytest

from ssg.model.durations import seconds_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0), ("90", 90), ("90s", 90), ("15m", 900), ("1h", 3600), ("1d", 86_400),
        ("2w", 1_209_600), (" 5m ", 300),
    ],
)  # fmt: skip
def test_a_span_has_a_unit_or_counts_seconds(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "-1", "1.5h", "1 h", "1y", "1h30m", "soon", "٣", "1D"])
def test_other_texts_are_no_span(text: str) -> None:
    assert seconds_of(text) is None
