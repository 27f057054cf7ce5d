"""Parses lines of access logs: ours as JSON and as text, and the combined and common formats.

The patterns are possessive, so a line takes time in proportion to its length, whatever is in it.
Nothing of a visitor is kept but the name of the program, which tells robots from readers.
"""

from __future__ import annotations

import calendar
import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_CACHED_MINUTES = 4096
_LAST_MINUTE = 500 * 365 * 24 * 60


class LogLine(NamedTuple):
    """A request as a log has it. `agent` is '' in a format without it, `target` in no request."""

    time: str
    method: str
    target: str
    status: str
    agent: str = ""


LineParser = Callable[[str], LogLine | None]
"""The request of a line; None for a line of another format."""

NOT_A_REQUEST = LogLine("", "", "", "")
"""A line of the format that tells something else."""


@dataclass(frozen=True, slots=True)
class LineFormat:
    """A format of logs with a line for each request."""

    name: str
    parse: LineParser
    minute: Callable[[str], int | None]
    """The time of a request in minutes since 1970; None for a text that is not a time."""


_QUOTED = r'[^"\\]*+(?:\\.[^"\\]*+)*+'
_COMBINED = re.compile(
    rf'[^\["]*+\[([^\]"]++)\] "(?:([!-~]++) ([^\s"]++)[^"]*+|{_QUOTED})" (\d{{3}}) (?:\d++|-)'
    rf'(?: "{_QUOTED}" "({_QUOTED})")?'
)
"""Time, method, target, status, agent. A virtual host may be in front, more fields may follow. The
method and the target are missing where a client sent something else, such as TLS to a port for
HTTP."""

_TEXT = re.compile(
    r"(\d{4}-\d\d-\d\dT\S++) (\d{3}) (\S++) (\S++) \S++ \d++\.\d ms \d++ bytes \S*+ \S++"
)
_TEXT_NOTICE = re.compile(r"(?:error|warning): ")

_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if number}
_COMBINED_TIME = re.compile(r"(\d\d)/(\w{3})/(\d{4}):(\d\d):(\d\d)\S*+ ([+-])(\d\d)(\d\d)")


def parse_combined(line: str) -> LogLine | None:
    """Parse `127.0.0.1 - - [31/Jan/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "Mozilla"`."""
    found = _COMBINED.match(line)
    if found is None:
        return None
    return LogLine._make(found.groups(""))


def parse_text(line: str) -> LogLine | None:
    """Parse a line of `ssg start --access-log text`."""
    found = _TEXT.match(line)
    if found is None:
        return NOT_A_REQUEST if _TEXT_NOTICE.match(line) else None
    time, status, method, target = found.groups()
    return LogLine(time, method, target, status)


def parse_json(line: str) -> LogLine | None:
    """Parse a line of `ssg start --access-log json`."""
    try:
        values = json.loads(line)
        if values["event"] != "request":
            return NOT_A_REQUEST
        texts = values["time"], values["method"], values["path"]
        status = values["status"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if type(status) is not int or not all(type(text) is str for text in texts):
        return None
    return LogLine(*texts, str(status))


def _combined_minute(text: str) -> int | None:
    """`31/Jan/2026:12:00:59 +0100`; the seconds do not count."""
    return _combined_time(text[:17] + text[20:])


@lru_cache(_CACHED_MINUTES)
def _combined_time(text: str) -> int | None:
    found = _COMBINED_TIME.fullmatch(text)
    if found is None or found[2] not in _MONTHS:
        return None
    day, hour, minute = int(found[1]), int(found[4]), int(found[5])
    offset = int(f"{found[6]}1") * (int(found[7]) * 60 + int(found[8]))
    try:
        date = dt.date(int(found[3]), _MONTHS[found[2]], day)
    except ValueError:
        return None
    days = date.toordinal() - dt.date(1970, 1, 1).toordinal()
    return _sane((days * 24 + hour) * 60 + minute - offset)


def _iso_minute(text: str) -> int | None:
    """`2026-01-31T12:00:59.123+00:00`; the seconds do not count."""
    return _iso_time(f"{text[:16]}{text[-6:]}")


@lru_cache(_CACHED_MINUTES)
def _iso_time(text: str) -> int | None:
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return _sane(int(time.timestamp()) // 60) if time.tzinfo else None


def _sane(minute: int) -> int | None:
    """A time from 1970 on that a date can say in every zone; None for another."""
    return minute if 0 <= minute < _LAST_MINUTE else None


LINE_FORMATS: Mapping[str, LineFormat] = {
    one.name: one
    for one in (
        LineFormat("ssg-json", parse_json, _iso_minute),
        LineFormat("ssg-text", parse_text, _iso_minute),
        LineFormat("combined", parse_combined, _combined_minute),
    )
}
