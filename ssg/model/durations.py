"""Units of time that several rooms share, and spans of time as people write them."""

from __future__ import annotations

import re

SECONDS_PER_DAY = 86_400

SPAN = re.compile(r"([0-9]{1,10})([smhdw]?)")
"""A span of time as a text: `90`, `90s`, `15m`, `1h`, `1d`, `2w`."""

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": SECONDS_PER_DAY, "w": 7 * SECONDS_PER_DAY}


def seconds_of(text: str) -> int | None:
    """The seconds of a span of time; None if the text is not one."""
    span = SPAN.fullmatch(text.strip())
    return int(span[1]) * _SECONDS[span[2]] if span else None
