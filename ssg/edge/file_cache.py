"""Bytes of static files in memory, as they are and encoded.

A file is read and encoded on its first use, on another thread; requests that come meanwhile wait
for it. What is kept is named by the path, the time of the last change and the size, so a file that
changed is read again. Files that nobody asked for longest go first. Large files are not kept, and
sent from the disk as they are.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from pathlib import Path

from ssg.edge.http.encodings import encode
from ssg.edge.static_files import StaticFile

LARGEST_BYTES = 2 * 1024 * 1024
_LIMIT_BYTES = 32 * 1024 * 1024
_OVERHEAD_BYTES = 512
"""What a file takes beside its bytes."""

_Key = tuple[Path, int, int, str]


class FileCache:
    """A least-recently-used cache, bounded in bytes. All calls are on one event loop."""

    def __init__(self, limit_bytes: int = _LIMIT_BYTES, largest_bytes: int = LARGEST_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._largest_bytes = largest_bytes
        self._bodies: OrderedDict[_Key, bytes] = OrderedDict()
        self._bytes = 0
        self._reading: dict[_Key, asyncio.Task[bytes | None]] = {}

    def keeps(self, file: StaticFile) -> bool:
        """Whether a file is small enough."""
        return file.stat.st_size <= self._largest_bytes

    def get(self, file: StaticFile, encoding: str) -> bytes | None:
        """The bytes of a file, if they are here."""
        key = _key(file, encoding)
        body = self._bodies.get(key)
        if body is not None:
            self._bodies.move_to_end(key)
        return body

    async def read(self, file: StaticFile, encoding: str) -> bytes | None:
        """Read and encode a file; None if it is no longer the one that was found."""
        key = _key(file, encoding)
        task = self._reading.get(key)
        if task is None:
            reading = asyncio.to_thread(_read, file, encoding)
            task = self._reading[key] = asyncio.create_task(reading)
            task.add_done_callback(lambda done: self._keep(key, done))
        return await asyncio.shield(task)  # a client that leaves does not stop the others

    def _keep(self, key: _Key, task: asyncio.Task[bytes | None]) -> None:
        del self._reading[key]
        body = None if task.cancelled() or task.exception() else task.result()
        if body is None:
            return
        self._bodies[key] = body
        self._bytes += len(body) + _OVERHEAD_BYTES
        while self._bytes > self._limit_bytes:
            _, oldest = self._bodies.popitem(last=False)
            self._bytes -= len(oldest) + _OVERHEAD_BYTES


def _key(file: StaticFile, encoding: str) -> _Key:
    return file.path, file.stat.st_mtime_ns, file.stat.st_size, encoding


def _read(file: StaticFile, encoding: str) -> bytes | None:
    try:
        body = file.path.read_bytes()
    except OSError:  # removed meanwhile
        return None
    return encode(body, encoding) if len(body) == file.stat.st_size else None
