"""Rows as JSON: a list of objects.

JSON has fewer values than SQL. A number of any precision is a number if that loses nothing, else a
text; NaN and infinity are null. Bytes, and what has no form that is known, are errors.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from typing import Any
from uuid import UUID

from ssg.sources.sql.database import QueryError

MAX_DIGITS = 300
"""A longer number is a text: it is none that anybody computes with."""
_PLAIN = frozenset({str, int, bool, type(None)})
_AS_TEXT = (
    UUID, IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network,
)  # fmt: skip
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class _NoJsonError(Exception):
    """A value that JSON cannot hold."""


def json_rows(names: Sequence[str], rows: Iterable[Sequence[Any]], max_bytes: int) -> bytes:
    """The rows with columns of these names. Raises QueryError, as soon as there are too many."""
    _check_names(names)
    parts: list[bytes] = []
    size = 2
    for row in rows:
        parts.append(_encoded(names, row))
        size += len(parts[-1]) + 1
        if size > max_bytes:
            raise QueryError(f"the answer is larger than {max_bytes:,} bytes (max_bytes)")
    return b"[" + b",".join(parts) + b"]"


def _check_names(names: Sequence[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise QueryError(f'two columns have the name "{twice[0]}"; write AS and another name')


def _encoded(names: Sequence[str], row: Sequence[Any]) -> bytes:
    values = {}
    for name, value in zip(names, row, strict=True):
        try:
            values[name] = value if type(value) in _PLAIN else _plain(value)
        except _NoJsonError as error:
            raise QueryError(f'the column "{name}" has {error}') from None
        except RecursionError:
            raise QueryError(f'the column "{name}" has JSON that is nested too deeply') from None
    return _ENCODE(values).encode("utf-8", "replace")


def _plain(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, _AS_TEXT):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        raise _NoJsonError("bytes; write it as text, such as encode(…, 'base64') or hex(…)")
    raise _NoJsonError(f"values of the type {type(value).__name__}; write them as text")


def _number(value: Decimal) -> int | float | str | None:
    """A number, if that is exact."""
    if not value.is_finite():
        return None
    _, digits, exponent = value.as_tuple()
    if len(digits) + abs(int(exponent)) > MAX_DIGITS:
        return f"{value:f}"
    if exponent == 0:
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else f"{value:f}"
