"""Format sizes, durations and times for people."""

from __future__ import annotations

import datetime as dt

from ssg.model.durations import SECONDS_PER_DAY

_MINUTE, _HOUR, _DAY = 60, 3600, SECONDS_PER_DAY


def size(count: float | None) -> str:
    """`1.4 kB`; an en dash for None."""
    if count is None:
        return "–"
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000 or unit == "GB":
            break
        count /= 1000
    return f"{count:,.0f} {unit}" if unit == "B" or count >= 100 else f"{count:.1f} {unit}"


def duration(milliseconds: float | None) -> str:
    """`0.4 ms`, `12 ms`, `1.3 s`."""
    if milliseconds is None:
        return "–"
    if milliseconds >= 1000:
        return f"{milliseconds / 1000:.1f} s"
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms"


def span(seconds: float) -> str:
    """`90 s`, `5 min`, `1 h 30 min`, `2 d`."""
    whole = int(seconds)
    if whole < 2 * _MINUTE:
        return f"{whole} s"
    units = ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"))
    parts = []
    for length, name in units:
        number, whole = divmod(whole, length)
        parts += [f"{number} {name}"] if number else []
    return " ".join(parts[:2])


def local_time(timestamp: float) -> dt.datetime:
    """A timestamp in the local time zone."""
    return dt.datetime.fromtimestamp(timestamp).astimezone()


def moment(timestamp: float, now: float) -> str:
    """`14:32:05`, or `2026-11-29 14:32` on another day."""
    when = local_time(timestamp)
    same_day = when.date() == local_time(now).date()
    return f"{when:%H:%M:%S}" if same_day else f"{when:%Y-%m-%d %H:%M}"


def iso_time(text: str) -> tuple[str, str]:
    """`14:32:05`, and the date with its offset from UTC."""
    when = dt.datetime.fromisoformat(text)
    return f"{when:%H:%M:%S}", f"{when:%Y-%m-%d} UTC{f'{when:%z}' if when.utcoffset() else ''}"


def number(count: int) -> str:
    """`12,345`."""
    return f"{count:,}"
