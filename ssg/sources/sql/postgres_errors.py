"""Errors of PostgreSQL: what they say of a query, and which of them say that there is no such row.

A value that cannot be read as what the query compares it with, such as a word for a number, is one
that no row has. The same SQLSTATE is that of a mistake in stored data, which must not make a page
vanish. PostgreSQL 14 and later tell them apart: the context of the first has its number, `$1`.
"""

from __future__ import annotations

import re

import psycopg

from ssg.model.live.query import Query
from ssg.sources.sql.database import ImpossibleValueError, QueryError

_DATA_EXCEPTION = "22"
"""The class of SQLSTATEs for values that do not fit (PostgreSQL, "Error Codes")."""
_CONNECTION_EXCEPTION = "08"
_SHUTDOWN = frozenset({"57P01", "57P02"})
_UNKNOWN_TYPE = frozenset({"42P08", "42P18"})
_NUMBER = re.compile(r"\$\d")


class BrokenConnectionError(QueryError):
    """A connection ended before there was an answer."""


def reason_of(error: Exception, query: Query) -> QueryError | ImpossibleValueError:
    """What to raise in place of an error of psycopg."""
    if isinstance(error, UnicodeEncodeError):
        return ImpossibleValueError()
    if isinstance(error, RecursionError):
        return QueryError("JSON that is nested too deeply")
    if not isinstance(error, psycopg.Error):
        return QueryError("a text that is not UTF-8")
    state = error.sqlstate or ""
    if _is_impossible_value(error, state):
        return ImpossibleValueError()
    kind = BrokenConnectionError if _is_broken(error, state) else QueryError
    message = error.diag.message_primary or str(error).strip().partition("\n")[0]
    hint = "; write its type, as in :name::text" if state in _UNKNOWN_TYPE else ""
    return kind(f"{state}: {message}{hint}" if state else message, _position(error, query))


def _is_impossible_value(error: psycopg.Error, state: str) -> bool:
    if isinstance(error, psycopg.DataError) and not state:
        return True  # of psycopg itself: the character NUL
    context = error.diag.context or ""
    return state.startswith(_DATA_EXCEPTION) and _NUMBER.search(context) is not None


def _is_broken(error: psycopg.Error, state: str) -> bool:
    lost = isinstance(error, psycopg.OperationalError) and not state
    return lost or state.startswith(_CONNECTION_EXCEPTION) or state in _SHUTDOWN


def _position(error: psycopg.Error, query: Query) -> int | None:
    """The place in the text of the query, in which parameters have other lengths than numbers."""
    if not error.diag.statement_position:
        return None
    place = int(error.diag.statement_position) - 1
    numbers = {name: f"${number}" for number, name in enumerate(query.parameters, 1)}
    for start, end in query.places:
        if place <= start:
            break
        place += end - start - len(numbers[query.text[start + 1 : end]])
    return place
