"""Finds the format of a log by its content."""

from __future__ import annotations

from collections.abc import Sequence

from ssg.popularity.exports import EXPORTS
from ssg.popularity.log_lines import LINE_FORMATS

FORMATS = (*LINE_FORMATS, *EXPORTS)
SAMPLE_LINES = 50


def line_format(lines: Sequence[str]) -> str | None:
    """The format of the first lines of a log: one that at least half of them have."""
    sample = [line for line in lines[:SAMPLE_LINES] if line.strip()]
    for name, one in LINE_FORMATS.items():
        if sample and 2 * sum(one.parse(line) is not None for line in sample) >= len(sample):
            return name
    return None


def may_be_export(text: str) -> bool:
    """Whether the beginning of a text can be that of an export: JSON, a comment or CSV."""
    return text.lstrip("\ufeff \t\r\n").startswith(("{", "#")) or "," in text.partition("\n")[0]


def export_format(text: str) -> str | None:
    """The format of a whole export."""
    return next((name for name, read in EXPORTS.items() if read(text) is not None), None)
