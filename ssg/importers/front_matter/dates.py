"""Dates in the forms that people write in front matter."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo

_DATE = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
    r"\s*(Z|UTC|[+-]\d{2}:?\d{2})?"
)


def read_date(value: object) -> dt.date | None:
    """A date, or a time with its UTC offset if it has one; None if it cannot be read."""
    if isinstance(value, dt.date):
        return value
    match = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        day = dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return day
        time = dt.time(int(match[4]), int(match[5]), int(match[6] or 0), tzinfo=_offset(match[7]))
    except ValueError:
        return None
    return dt.datetime.combine(day, time)


def _offset(text: str | None) -> dt.timezone | None:
    if not text:
        return None
    if text in {"Z", "UTC"}:
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    span = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(span if text[0] == "+" else -span)


def local(date: dt.date, zone: str) -> dt.datetime:
    """The time in a site's time zone. An unknown zone means UTC."""
    try:
        own: dt.tzinfo = zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        own = dt.UTC
    if not isinstance(date, dt.datetime):
        return dt.datetime.combine(date, dt.time(), own)
    if date.tzinfo is None:
        return date.replace(tzinfo=own)
    try:
        return date.astimezone(own)
    except OverflowError:
        return date


def is_zone(name: str) -> bool:
    """Whether a text is the name of a time zone."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
