"""What a database is asked, and why it has no answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ssg.model.live.data_request import Scalar
from ssg.model.live.query import Query


class QueryError(Exception):
    """Why a query has no answer. The message contains neither the URL nor a password.

    `position` is the place in the text of the query, from 0, if the database says it.
    """

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


class ImpossibleValueError(Exception):
    """A value that no row can have, such as a word where the column has numbers."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an answer may take, and how large it may be."""

    seconds: float
    max_bytes: int
    deadline: float
    """In seconds of `time.monotonic`."""

    @classmethod
    def starting_now(cls, seconds: float, max_bytes: int) -> Limits:
        """The limits of a request that begins now."""
        return cls(seconds, max_bytes, time.monotonic() + seconds)

    @property
    def seconds_left(self) -> float:
        """At least 0."""
        return max(0.0, self.deadline - time.monotonic())

    @property
    def overtime(self) -> QueryError:
        """The error for a request that took too long."""
        return QueryError(f"no answer within {self.seconds:g} seconds")


class Database(Protocol):
    """A database that is only read. Safe between threads, but not after a fork."""

    def answer(self, query: Query, values: Mapping[str, Scalar], limits: Limits) -> bytes:
        """The rows as JSON. Raises QueryError and ImpossibleValueError."""
        ...

    def close(self) -> None:
        """Close its connections."""
        ...
