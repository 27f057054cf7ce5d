"""What all sources of data have in common: how one is asked, and why it has no answer."""

from __future__ import annotations

from typing import Protocol

from ssg.model.live.data_request import DataAnswer, DataRequest


class SourceError(Exception):
    """Why a source has no answer. The message contains no secret; `status` is 0 without one."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class DataClient(Protocol):
    """Asks one source. Safe between threads, but not after a fork."""

    def ask(self, request: DataRequest) -> DataAnswer:
        """Ask once. An answer that failed has a `problem`, which begins with the source's name."""
        ...

    def close(self) -> None:
        """Close its connections."""
        ...
