"""Conditional requests and byte ranges (RFC 9110, sections 13 and 14), as pure functions.

Theory of operation. A response has validators: an ETag, and for files the time of their last
change. A client that has kept an earlier response sends those of that response back. `decide`
compares both in the order of section 13.2.2 and returns what to send: the whole content, the part
that `Range` names, 304 (the client has the content), or 412 (the client asked for content that is
no longer there). Conditions count only if the response would be a 200 without them. Of two
headers that say the same, the one with the ETag counts, since times have whole seconds only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

_FIELDS = {
    b"if-match": "if_match",
    b"if-none-match": "if_none_match",
    b"if-modified-since": "if_modified_since",
    b"if-unmodified-since": "if_unmodified_since",
    b"if-range": "if_range",
    b"range": "range",
}
_ETAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')  # may contain commas (section 8.8.3)
_DIGITS = re.compile("[0-9]+")
_DATE_FORMATS = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
MAX_RANGES = 100

ByteRange = tuple[int, int]
"""The first byte, and the one after the last."""


@dataclass(frozen=True, slots=True)
class RequestConditions:
    """The conditions of a request, as it sent them."""

    if_match: str | None = None
    if_none_match: str | None = None
    if_modified_since: str | None = None
    if_unmodified_since: str | None = None
    if_range: str | None = None
    range: str | None = None

    @classmethod
    def of(cls, headers: Iterable[tuple[bytes, bytes]]) -> RequestConditions:
        """Read the headers of an ASGI scope. The lines of one header are joined."""
        found: dict[str, str] = {}
        for name, value in headers:
            if field := _FIELDS.get(name):
                text = value.decode("latin-1")
                found[field] = f"{found[field]}, {text}" if field in found else text
        return cls(**found) if found else NO_CONDITIONS


NO_CONDITIONS = RequestConditions()


class ConditionOutcome(Enum):
    """What a conditional request gets."""

    WHOLE = 200
    PART = 206
    NOT_MODIFIED = 304
    FAILED = 412


def decide(  # noqa: PLR0911 the steps of section 13.2.2, in its order
    method: str, asked: RequestConditions, etag: str, last_modified: str | None = None
) -> ConditionOutcome:
    """What a GET or HEAD gets whose response would be a 200 with these validators.

    `etag` is strong, or empty if there is none. `last_modified` is the header of that name.
    """
    if asked.if_match is not None:
        if not _lists(asked.if_match, etag, weakly=False):
            return ConditionOutcome.FAILED
    elif _is_later(last_modified, asked.if_unmodified_since):
        return ConditionOutcome.FAILED
    if asked.if_none_match is not None:
        if _lists(asked.if_none_match, etag, weakly=True):
            return ConditionOutcome.NOT_MODIFIED
    elif _is_later(last_modified, asked.if_modified_since) is False:
        return ConditionOutcome.NOT_MODIFIED
    if method != "GET" or asked.range is None:
        return ConditionOutcome.WHOLE
    if asked.if_range is not None and asked.if_range not in (etag or None, last_modified):
        return ConditionOutcome.WHOLE
    return ConditionOutcome.PART


def byte_ranges(header: str, size: int) -> tuple[ByteRange, ...] | None:
    """The parts of content of this size that `Range` names; none if they are all beyond its end.

    None if the header is to be ignored: another unit, not a list of ranges, or too many of them.
    """
    unit, _, text = header.partition("=")
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if unit.strip().lower() != "bytes" or not 0 < len(parts) <= MAX_RANGES:
        return None
    ranges = [found for part in parts if (found := _byte_range(part, size))]
    if len(ranges) < len(parts):
        return None
    return tuple((first, end) for first, end in ranges if first < end)


def _byte_range(text: str, size: int) -> ByteRange | None:
    """A range, cut at the end of the content; None if the text is not a range."""
    first, dash, last = text.partition("-")
    if not dash or not _DIGITS.fullmatch(first + last):
        return None
    if not first:
        return max(size - _number(last), 0), size
    if last and _number(last) < _number(first):
        return None
    return _number(first), min(_number(last) + 1, size) if last else size


def _number(text: str) -> int:
    """A number; a huge one if it has too many digits to matter."""
    digits = text.lstrip("0")
    return int(digits or "0") if len(digits) < 19 else 10**19


def _lists(header: str, etag: str, *, weakly: bool) -> bool:
    """Whether a list of ETags contains this one (section 8.8.3.2)."""
    if header.strip() == "*":
        return True
    tags = _ETAG.findall(header)
    return bool(etag) and (etag in tags or (weakly and f"W/{etag}" in tags))


def _is_later(last_modified: str | None, than: str | None) -> bool | None:
    """Whether the content changed after a time; None if either time is not known."""
    if last_modified is None or than is None:
        return None
    changed, time = _date(last_modified), _date(than)
    return None if changed is None or time is None else changed > time


def _date(text: str) -> datetime | None:
    """A date of HTTP in one of its three formats (section 5.6.7)."""
    for date_format in _DATE_FORMATS:
        try:
            return datetime.strptime(text.strip(), date_format).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None
