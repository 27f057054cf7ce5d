"""The purge log: a file that says what was purged from a cache, in which order.

Theory of operation. Purging a page deletes its responses, but a render that has begun before would
store the old content afterwards, and other processes have responses in memory. So a purge also
appends a line to this log. The size of the file is the clock of the cache: no time is read, so a
clock that is set back does no harm. Each response keeps the position of the log at which its
content was read, before its render began. It is valid if no later line names its page or one of
its tags. A process that finds another size reads the new lines; if the size is the one that it has
seen, that costs one system call. Appends are single writes, which the system puts one after
another, so no lock is needed.

The first line names the generation of the log. Responses of another generation are not valid. A new
one begins when the file has grown too large, or is missing, damaged or foreign: everything is
forgotten, once. A purge that cannot be written begins a new one, too.

Builds that share a cache (`Deployment.cache_id`) write a line for each deploy. A process that still
serves an outdated build renders old content; it counts as read when the successor was deployed, so
the purges of that deploy apply to it.
"""

from __future__ import annotations

import os
import re
import secrets
import threading
import weakref
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path

from ssg.edge.purge_index import (
    EVERYTHING_LINE,
    LogPosition,
    PurgeIndex,
    TagChanges,
    build_line,
    deploy_lines,
    path_line,
    tag_line,
)

MAX_BYTES = 1_000_000
"""A larger log is replaced by a new generation: after about a thousand deploys."""
MAX_LINES = 20_000
"""More purges at once forget everything."""
_HEADER = b"ssg-purges 1 "
_GENERATION = re.compile(rb"[0-9a-f]{16}")
_LINE = len(_HEADER) + 17
_ATTEMPTS = 5
_READ = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)  # Windows has no such flag
_APPEND = os.O_WRONLY | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)


class PurgeLog:
    """The log of one cache. Safe between threads and processes."""

    def __init__(self, path: Path, warn: Callable[[str], None], max_bytes: int = MAX_BYTES) -> None:
        self._path = os.fspath(path)
        self._warn = warn
        self._max_bytes = max_bytes
        self._lock = threading.RLock()
        self._seen: tuple[int, int] | None = None
        self._file: int | None = None
        self._closing: weakref.finalize[..., PurgeLog] | None = None
        self._is_private = False  # where nothing can be written, other processes see no purge
        self._index = PurgeIndex("")
        if self._state() is None or not self._read_all():
            self._begin_anew()

    def refresh(self) -> None:
        """Read what other processes have purged."""
        if self._state() != self._seen:
            with self._lock:
                self._read()

    def position(self, build_id: str = "") -> LogPosition | None:
        """The moment as of which content of a build is read now (`PurgeIndex.position`)."""
        self.refresh()
        return self._index.position(build_id)

    def deployed_build(self) -> str:
        """The name of the build that was deployed last; empty if none is known."""
        self.refresh()
        return self._index.build

    def is_valid(self, key: str, read_at: LogPosition, tags: Collection[str]) -> bool:
        """Whether nothing has purged a response, as far as this process has read the log."""
        return self._index.is_valid(key, read_at, tags)

    def purge_tags(self, tags: Iterable[str]) -> None:
        """Forget the responses with these tags, in all processes from now on."""
        self._append([tag_line(tag) for tag in tags])

    def purge_paths(self, keys: Iterable[str]) -> None:
        """Forget the responses of the pages that have these keys."""
        self._append([path_line(key) for key in keys])

    def purge_everything(self) -> None:
        """Forget all responses."""
        self._append([EVERYTHING_LINE])

    def deploy(self, build_id: str, changes: TagChanges | None) -> None:
        """Note that a build was deployed, and forget what it changes."""
        lines = deploy_lines(build_id, changes)
        self._append(lines if len(lines) <= MAX_LINES else deploy_lines(build_id, None))

    def close(self) -> None:
        """Close the file."""
        if self._closing:
            self._closing()
        self._file = self._closing = None

    # -- reading -----------------------------------------------------------------------------

    def _state(self) -> tuple[int, int] | None:
        """The number and the size of the file. It is kept open, so no other gets its number."""
        try:
            status = os.stat(self._path)  # noqa: PTH116 - runs on each request
        except OSError:
            return None
        return status.st_ino, status.st_size

    def _read(self) -> None:
        state, seen = self._state(), self._seen
        if state == seen:
            return
        is_same_file = state and seen and state[0] == seen[0] and self._file is not None
        if not (self._read_on(state) if is_same_file else self._read_all()):
            self._begin_anew()

    def _read_on(self, state: tuple[int, int] | None) -> bool:
        """Read what was appended; returns whether the file is still a log."""
        if not state or not self._seen or state[1] < self._seen[1] or self._file is None:
            return False
        try:
            is_ours = _generation_of(_read_from(self._file, 0, _LINE)) == self._index.generation
            data = _read_from(self._file, self._index.offset)
        except OSError:
            return False
        self._index.read(data)
        self._seen = state
        return is_ours

    def _read_all(self) -> bool:
        """Read the file that is there now; returns whether it is a log."""
        try:
            file = os.open(self._path, _READ)
        except OSError:
            return False
        self._pin(file)
        try:
            status, data = os.fstat(file), _read_from(file, 0)
        except OSError:  # it is a folder, for example
            return False
        generation = _generation_of(data)
        if generation is None:
            self._warn(f"{self._path}: the list of purges cannot be read; the cache is emptied")
            return False
        begin = data.index(b"\n") + 1
        index = PurgeIndex(generation, begin)
        index.read(data[begin:])
        self._index, self._is_private = index, False
        self._seen = status.st_ino, status.st_size
        return True

    def _pin(self, file: int) -> None:
        self.close()
        self._file, self._closing = file, weakref.finalize(self, os.close, file)

    # -- writing -----------------------------------------------------------------------------

    def _append(self, lines: list[bytes]) -> None:
        if not lines:
            return
        if len(lines) > MAX_LINES:
            lines = [EVERYTHING_LINE]
        data = b"\n" + b"\n".join(lines) + b"\n"  # the first newline ends a line that is damaged
        with self._lock:
            self._read()
            if self._index.offset > self._max_bytes:
                self._compact()
            for _ in range(_ATTEMPTS):
                if self._is_private or self._write(data):
                    break
                self._begin_anew()
            if self._is_private:
                self._index.read(data)
            else:
                self._read()

    def _compact(self) -> None:
        """Begin a new generation that knows the last build, unless another process just wrote."""
        seen, file = self._seen, self._file
        if self._closing:
            self._closing.detach()  # it stays open until it is compared
        self._file = self._closing = None
        self._begin_anew(self._index.build)
        if file is not None:
            status = os.fstat(file)
            os.close(file)
            if (status.st_ino, status.st_size) != seen:
                self._begin_anew()

    def _write(self, data: bytes) -> bool:
        """Append in one write. The file may be replaced meanwhile; then it is another one."""
        try:
            file = os.open(self._path, _APPEND)
            try:
                written = os.write(file, data)
                os.fsync(file)
                state = self._state()
                return (
                    written == len(data)
                    and state is not None
                    and (os.fstat(file).st_ino == state[0])
                )
            finally:
                os.close(file)
        except OSError:
            return False

    def _begin_anew(self, build_id: str = "") -> None:
        """Begin a new generation.

        If it is not known which build was deployed last, no build that shares the cache stores
        anything until the next deploy.
        """
        generation, before = secrets.token_hex(8), self._index.build
        begin = [_HEADER + generation.encode(), *([build_line(build_id)] if build_id else [])]
        try:
            self._replace(b"\n".join(begin) + b"\n")
        except OSError:
            with suppress(OSError):  # without a log, other processes forget everything, too
                os.unlink(self._path)  # noqa: PTH108 a text, like in `_state`
        else:
            if self._read_all():
                return
        self._index, self._is_private = PurgeIndex(generation), True
        self._index.build = before
        self._seen = self._state()

    def _replace(self, data: bytes) -> None:
        """Put a new file into place. Of two processes that create the first one, one wins."""
        path = Path(self._path)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        try:
            new.write_bytes(data)
            if self._state() is not None:
                new.replace(path)
            else:
                _link_or_move(new, path)
        finally:
            new.unlink(missing_ok=True)


def _link_or_move(new: Path, path: Path) -> None:
    """Put a file into place if there is none."""
    try:
        os.link(new, path)
    except FileExistsError:
        return
    except OSError:  # a file system without links
        new.replace(path)


def _read_from(file: int, offset: int, limit: int = 1 << 30) -> bytes:
    """Read a file from an offset to its end, or less."""
    os.lseek(file, offset, os.SEEK_SET)
    data = b""
    while len(data) < limit and (part := os.read(file, min(limit, 1 << 20))):
        data += part
    return data


def _generation_of(data: bytes) -> str | None:
    """The generation that the first line names; None if this is not a log."""
    first, newline, _ = data.partition(b"\n")
    name = first.removeprefix(_HEADER)
    is_log = newline and first.startswith(_HEADER) and _GENERATION.fullmatch(name)
    return name.decode() if is_log else None
