"""Requests for variants of pictures: each variant is made once, however many ask for it.

Theory of operation. A variant is a file of the variant cache, and it never changes: its name
changes with its bytes. So a file that was read once by this process is sent from then on, as long
as its status is the same. A variant that is not known yet is looked for on another thread: in the
cache, then on other machines if these share their cache, and then it is made. Requests that come
meanwhile wait for that one; the lock of the name holds off other processes. The threads and their
queue are not those of pages, so neither keeps the other waiting.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from ssg.edge.error_page import error_entry
from ssg.edge.events import EdgeLog, VariantOutcome, VariantRecord
from ssg.edge.images.image_function import ImageFunction, VariantContent
from ssg.edge.policy import CacheEntry, etag_of
from ssg.edge.single_flight import Clock, OverloadError, SingleFlight, Spawn, Ticket
from ssg.edge.storage.namespace import CacheNamespace
from ssg.model.images.variant import Variant
from ssg.runtime.caching import Caching
from ssg.runtime.http import Failure

MAX_SHARED_BYTES = 4 * 1024 * 1024
"""A larger variant is not shared with other machines."""
_MAX_KNOWN = 4096


@dataclass(frozen=True, slots=True)
class VariantFile:
    """A variant whose content was read by this process."""

    media_type: str
    etag: str
    path: Path | None
    """Its file, with the status of it; None if it could not be stored."""
    stat: os.stat_result | None
    data: bytes = field(default=b"", repr=False)
    """Its content, if it has no file."""

    @classmethod
    def of(cls, variant: Variant, content: VariantContent) -> Self:
        """The variant with this content."""
        kind, etag = variant.media_type, etag_of(content.data)
        status = _status(content.path)
        if status is None:
            return cls(kind, etag, None, None, content.data)
        return cls(kind, etag, content.path, status)

    @property
    def is_unchanged(self) -> bool:
        """Whether the file is the one that was read."""
        now, then = _status(self.path), self.stat
        if now is None or then is None:
            return False
        return (now.st_ino, now.st_mtime_ns, now.st_size, now.st_dev) == (
            then.st_ino,
            then.st_mtime_ns,
            then.st_size,
            then.st_dev,
        )


def _status(path: Path | None) -> os.stat_result | None:
    try:
        return os.stat(path) if path else None  # noqa: PTH116 - runs on each request
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class VariantResult:
    """What a search for a variant has found."""

    file: VariantFile
    outcome: VariantOutcome
    seconds: float = 0.0
    joined: bool = False


@dataclass(frozen=True, slots=True)
class VariantFailure:
    """Why there is no variant. The page is for its visitor, the failure for the author."""

    page: CacheEntry
    is_overload: bool = False
    failure: Failure | None = None


class VariantRequests:
    """The variants of one build. Safe between threads.

    `shared` has the locks, and the variants that other machines have made if it is remote. A thread
    enters `blocked` while it waits for another process.
    """

    def __init__(
        self,
        function: ImageFunction,
        shared: CacheNamespace,
        *,
        spawn: Spawn,
        blocked: Callable[[], AbstractContextManager[None]] = nullcontext,
        log: EdgeLog,
        limit_seconds: float,
        now: Callable[[], float] = time.time,
        clock: Clock = time.monotonic,
    ) -> None:
        self.function = function
        self._shared = shared
        self._blocked = blocked
        self._log = log
        self._limit_seconds = limit_seconds
        self._now = now
        self._clock = clock
        self._known: dict[str, VariantFile] = {}
        self._flights: SingleFlight[VariantResult] = SingleFlight(spawn, limit_seconds, clock)

    def request(self, variant: Variant) -> VariantResult | Ticket[VariantResult]:
        """The file of a variant that this process knows, or a ticket for a search. Never waits."""
        known = self._known.get(variant.file_name)
        if known is not None and known.is_unchanged:
            return VariantResult(known, VariantOutcome.CACHED)
        return self._flights.join(variant.file_name, lambda: self._search(variant))

    def remaining_seconds(self, ticket: Ticket[VariantResult]) -> float:
        """How long the holder of a ticket may still wait."""
        return self._flights.remaining_seconds(ticket)

    def result_of(self, ticket: Ticket[VariantResult]) -> VariantResult | VariantFailure:
        """The result of a ticket. A search that has not ended by now is given up."""
        future = ticket.future
        if not future.done():
            return _failed(504, f"it was not made within {self._limit_seconds:g} s")
        error = future.exception()
        if isinstance(error, OverloadError):
            return VariantFailure(
                error_entry(503, "Too many visitors at once", "Please try again in a moment."),
                is_overload=True,
            )
        if error is not None:
            return _failed(500, str(error) or type(error).__name__)
        return replace(future.result(), joined=ticket.joined)

    def _search(self, variant: Variant) -> Iterator[VariantResult]:
        """Find a variant, or make it."""
        if file := self._made(variant):
            yield VariantResult(file, VariantOutcome.CACHED)
            return
        with self._locked(variant.path):
            file = self._made(variant)
            outcome = VariantOutcome.CACHED
            if file is None:
                file, outcome = self._from_others(variant), VariantOutcome.SHARED
            if file is not None:
                yield VariantResult(file, outcome)
            else:
                yield from self._make(variant)

    def _make(self, variant: Variant) -> Iterator[VariantResult]:
        """Make a variant. Visitors do not wait until other machines know it."""
        started = self._clock()
        read_at = self._shared.position()
        try:
            content = self.function.make(variant)
        except Exception as error:
            self._note(variant, VariantOutcome.FAILED, started, str(error))
            raise
        seconds = self._note(variant, VariantOutcome.MADE, started)
        file = self._known_as(variant, content)
        yield VariantResult(file, VariantOutcome.MADE, seconds)
        if self._shared.is_remote and read_at and len(content.data) <= MAX_SHARED_BYTES:
            headers, kept = {"content-type": file.media_type}, (self._now(), Caching())
            entry = CacheEntry(200, headers, content.data, *kept, file.etag, read_at)
            self._shared.put(variant.path, entry, None)

    def _note(
        self, variant: Variant, outcome: VariantOutcome, started: float, problem: str = ""
    ) -> float:
        seconds = self._clock() - started
        picture, name = variant.picture.path, variant.file_name
        self._log(VariantRecord(picture, name, outcome, seconds * 1000, problem))
        return seconds

    def _made(self, variant: Variant) -> VariantFile | None:
        content = self.function.made(variant)
        return self._known_as(variant, content) if content else None

    def _from_others(self, variant: Variant) -> VariantFile | None:
        """A variant that another machine has made, written into the cache of this one."""
        entry = self._shared.reload(variant.path) if self._shared.is_remote else None
        if entry is None or entry.etag != etag_of(entry.body):
            return None
        return self._known_as(variant, self.function.keep(variant, entry.body))

    def _known_as(self, variant: Variant, content: VariantContent) -> VariantFile:
        """A variant that is known from now on, if it has a file."""
        file = VariantFile.of(variant, content)
        if file.path is not None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[variant.file_name] = file
        return file

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        """Hold the lock of a name. This thread counts as blocked while another process has it."""
        with ExitStack() as locks:
            if not locks.enter_context(self._shared.lock(name, 0)):
                with self._blocked():
                    locks.enter_context(self._shared.lock(name, self._limit_seconds))
            yield


def _failed(status: int, reason: str) -> VariantFailure:
    page = error_entry(status, "This picture cannot be shown", "Please try again later.")
    return VariantFailure(page, failure=Failure(reason))
