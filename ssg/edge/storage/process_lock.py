"""Coordinate server processes that share a cache folder: one of them renders a path.

Theory of operation. One file holds all locks: the lock of a key is a POSIX lock on a single byte,
whose offset is a hash of the key. Nothing is written, so the file stays empty. The system releases
the locks of a process that ends, even one that is killed, so no lock can be left behind. Two keys
with one offset (of 2**62) only wait for each other. POSIX locks exclude processes and not threads;
within a process, `single_flight` comes first. Where locks are not available (Windows, a full disk,
a file system without them), each process renders for itself, which costs time and nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no such module
    fcntl = None  # type: ignore[assignment]

FIRST_WAIT_SECONDS = 0.002
MAX_WAIT_SECONDS = 0.05


class ProcessLocks:
    """Locks that one process at a time holds, each for a key."""

    def __init__(
        self,
        path: Path,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._path = path
        self._clock = clock
        self._sleep = sleep
        self._file: int | None = None
        self._open_lock = threading.Lock()

    @contextlib.contextmanager
    def held(self, key: str, limit_seconds: float) -> Iterator[bool]:
        """Wait for the lock of a key, and hold it; yields whether it is held.

        After `limit_seconds` the block runs without the lock.
        """
        offset = _offset(key)
        is_held = self._wait(offset, limit_seconds)
        try:
            yield is_held
        finally:
            if is_held:
                self._release(offset)

    def close(self) -> None:
        """Release all locks."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _wait(self, offset: int, limit_seconds: float) -> bool:
        deadline, wait_seconds = self._clock() + limit_seconds, FIRST_WAIT_SECONDS
        while (is_held := self._try(offset)) is False:
            if self._clock() >= deadline:
                return False
            self._sleep(wait_seconds)
            wait_seconds = min(wait_seconds * 2, MAX_WAIT_SECONDS)
        return bool(is_held)

    def _try(self, offset: int) -> bool | None:
        """Try to lock a byte; returns whether it is locked, and None if locks are not available."""
        file = self._open()
        if file is None:
            return None
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, offset)
        except (BlockingIOError, PermissionError):  # POSIX allows either
            return False
        except OSError:
            return None
        return True

    def _release(self, offset: int) -> None:
        with contextlib.suppress(OSError):
            if self._file is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, offset)

    def _open(self) -> int | None:
        """Return the only descriptor: closing a second one would release the locks of the first."""
        with self._open_lock:
            if self._file is None and fcntl is not None:
                with contextlib.suppress(OSError):
                    self._path.parent.mkdir(parents=True, exist_ok=True)
                    self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            return self._file


def _offset(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) >> 2
