"""Limits how many threads of a process do something expensive at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from blog.refusal import RefusalError


@dataclass
class Turns:
    """Lets `at_once` threads work and `waiting` ones wait. Further ones are refused at once, so
    that other requests find threads."""

    at_once: int
    waiting: int
    wait_seconds: float
    message: str
    """Why a request is refused."""
    retry_seconds: int
    _working: threading.BoundedSemaphore = field(init=False, repr=False)
    _places: threading.BoundedSemaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._working = threading.BoundedSemaphore(self.at_once)
        self._places = threading.BoundedSemaphore(self.at_once + self.waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until it is this thread's turn. Raises RefusalError."""
        with self._acquired(self._places, 0), self._acquired(self._working, self.wait_seconds):
            yield

    @contextmanager
    def _acquired(self, semaphore: threading.BoundedSemaphore, seconds: float) -> Iterator[None]:
        if not semaphore.acquire(timeout=seconds):
            raise RefusalError(503, self.message, headers={"Retry-After": str(self.retry_seconds)})
        try:
            yield
        finally:
            semaphore.release()
