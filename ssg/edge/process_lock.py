"""What server processes on one cache folder tell each other: who renders, and what was purged."""

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
except ImportError:  # not on Windows: there, each process renders for itself
    fcntl = None  # type: ignore[assignment]

FIRST_NAP_SECONDS = 0.002
LONGEST_NAP_SECONDS = 0.05


class ProcessLocks:
    """One process at a time for a key: a lock on one byte of a file, its place a hash of the key.

    The system keeps these locks and knows their owners. One that was killed, however, holds none:
    nothing is left behind that could go stale, and nothing is written. Within a process they mean
    nothing; there, single flight stands before them. Where they cannot be had (a full disk, a
    file system without them) everybody goes on without.
    """

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
        self._opening = threading.Lock()

    @contextlib.contextmanager
    def held(self, key: str, limit_seconds: float) -> Iterator[bool]:
        """Hold the lock of a key, once its owner lets go or the time is up; says whether it is."""
        place = _place(key)
        is_ours = self._wait(place, limit_seconds)
        try:
            yield is_ours
        finally:
            if is_ours:
                self._let_go(place)

    def close(self) -> None:
        """Let go of everything."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _wait(self, place: int, limit_seconds: float) -> bool:
        until, nap = self._clock() + limit_seconds, FIRST_NAP_SECONDS
        while (taken := self._take(place)) is False:
            if self._clock() >= until:
                return False
            self._sleep(nap)
            nap = min(nap * 2, LONGEST_NAP_SECONDS)
        return bool(taken)

    def _take(self, place: int) -> bool | None:
        """Whether the byte is ours now; None where there are no locks."""
        file = self._open()
        if file is None:
            return None
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except (BlockingIOError, PermissionError):  # POSIX allows either
            return False
        except OSError:
            return None
        return True

    def _let_go(self, place: int) -> None:
        with contextlib.suppress(OSError):
            if self._file is not None:
                fcntl.lockf(self._file, fcntl.LOCK_UN, 1, place)

    def _open(self) -> int | None:
        """The one descriptor: closing a second one would give up the locks of the first."""
        with self._opening:
            if self._file is None and fcntl is not None:
                with contextlib.suppress(OSError):
                    self._path.parent.mkdir(parents=True, exist_ok=True)
                    self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            return self._file


class PurgeMarker:
    """A note beside cached responses: what a process remembers of them is void from now on."""

    def __init__(self, path: Path) -> None:
        self.path = os.fspath(path)
        self._seen = self._written()

    def has_changed(self) -> bool:
        """Whether anything was purged since this was asked last."""
        written = self._written()
        is_new, self._seen = written != self._seen, written
        return is_new

    def touch(self) -> None:
        """Tell the other processes; where that cannot be written, there is nothing cached."""
        with contextlib.suppress(OSError):
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
            now = time.time_ns()  # finer than the file system's own "now"
            os.utime(self.path, ns=(now, now))

    def _written(self) -> int:
        try:
            return os.stat(self.path).st_mtime_ns  # noqa: PTH116 - runs on each request
        except OSError:
            return 0


def _place(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest()) >> 2
