"""Facts of files that a build copies: digests, and what an `Inspection` finds in some of them.

A file is read only if it has changed.

A file counts as unchanged if its size, its times and its inode are those of the moment before it
was read. A file that changed less than a tick of the clock before that moment may change again and
show the same times, so its facts are not kept, and the next build reads it again (Git's rule for
its index). The cache is one file with a checksum: a build that finds it missing or damaged reads
all files.
"""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import os
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from ssg.fingerprint.files import UNKNOWN, FileStat, settled_stat
from ssg.fingerprint.parallel_map import ParallelMap

FileIdentity = tuple[FileStat, int]
"""Stat and inode of a file, or of the file that a link leads to."""

_FORMAT = 2
_CHECKSUM_BYTES = 4
_SMALL_BYTES = 256 * 1024
"""A file up to this size is read at once."""
_BATCH_BYTES = 32 * 1024 * 1024
"""About a tenth of a second of work."""
_BATCH_FILES = 1024


class FileFacts(NamedTuple):
    """What a build knows of the content of a file."""

    sha384: str
    """In hex digits."""
    found: tuple[Any, ...] = ()
    """What the inspection found."""
    key: str = ""
    """That of the inspection."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """Finds more than digests in some files."""

    places: frozenset[str]
    inspect: Callable[[str], tuple[Any, ...]]
    """Returns plain values. It may run in another process."""
    key: str
    """A fingerprint of what the result depends on, besides the content of the file."""


class FactsOfBatch(NamedTuple):
    """The facts of files that were read together; a text says why a file could not be read."""

    facts: list[FileFacts | str]
    identities: list[FileIdentity | None]
    """None for a file that changed just now."""


class FileFactsCache:
    """The facts of files, by their places. New facts take effect with `close`."""

    def __init__(self, path: Path | None = None) -> None:
        """`path` is the file of the cache; None for none."""
        self._path = path
        self._known: dict[str, tuple[FileIdentity, tuple[Any, ...]]] = _read(path) if path else {}
        self._is_changed = False
        self.read = 0
        """The number of files that were read."""

    def facts(
        self,
        places: Sequence[str],
        parallel_map: ParallelMap = map,
        inspection: Inspection | None = None,
    ) -> dict[str, FileFacts | str]:
        """The facts of each file; a text says why a file cannot be read."""
        found: dict[str, FileFacts | str] = {}
        unknown: list[tuple[str, int]] = []
        for place in places:
            try:
                identity = _identity(os.stat(place))  # noqa: PTH116 for every file of a site
            except OSError as error:
                found[place] = error.strerror or str(error)
                continue
            known, facts = self._known.get(place, (None, ()))
            if known == identity and _key(inspection, place) in {"", facts[-1]}:
                found[place] = FileFacts._make(facts)
            else:
                unknown.append((place, identity[0][0]))
        if unknown:
            self._add(unknown, parallel_map, inspection, found)
        self._forget_others(found)
        return found

    def _add(
        self,
        unknown: Sequence[tuple[str, int]],
        parallel_map: ParallelMap,
        inspection: Inspection | None,
        found: dict[str, FileFacts | str],
    ) -> None:
        tasks = [
            [(place, _key(inspection, place)) for place in batch] for batch in _batches(unknown)
        ]
        read = partial(read_facts, inspection.inspect if inspection else None)
        for task, result in zip(tasks, parallel_map(read, tasks), strict=True):
            for (place, _), facts, identity in zip(task, *result, strict=True):
                found[place] = facts
                self._keep(place, facts, identity)
        self.read += len(unknown)

    def _keep(self, place: str, facts: FileFacts | str, identity: FileIdentity | None) -> None:
        if identity is not None and isinstance(facts, FileFacts):
            self._known[place] = identity, tuple(facts)
            self._is_changed = True

    def _forget_others(self, found: dict[str, FileFacts | str]) -> None:
        """Forget files that no build asks for, once they are the most.

        Not at once: a build with drafts has files that another one has not.
        """
        if len(self._known) > 2 * len(found):
            self._known = {place: self._known[place] for place in found if place in self._known}
            self._is_changed = True

    def close(self) -> None:
        """Write the cache, if it has changed. Does nothing if its folder is missing, or cannot be
        written.
        """
        if self._path is None or not self._is_changed:
            return
        data = marshal.dumps((_FORMAT, self._known))
        temporary = self._path.with_name(f"{self._path.name}.{os.getpid()}.new")
        try:
            temporary.write_bytes(_checksum(data) + data)
            temporary.replace(self._path)
        except OSError:
            with contextlib.suppress(OSError):
                temporary.unlink()


def read_facts(
    inspect: Callable[[str], tuple[Any, ...]] | None, files: Sequence[tuple[str, str]]
) -> FactsOfBatch:
    """Read some files, each given with the key of its inspection."""
    result = FactsOfBatch([], [])
    for place, key in files:
        try:
            facts, identity = _facts_of(place)
            if inspect and key:
                facts = facts._replace(found=inspect(place), key=key)
        except OSError as error:
            result.facts.append(error.strerror or str(error))
            result.identities.append(None)
            continue
        result.facts.append(facts)
        result.identities.append(identity)
    return result


def _key(inspection: Inspection | None, place: str) -> str:
    """The key of the facts of a file; '' for one that is not inspected."""
    return inspection.key if inspection and place in inspection.places else ""


def _facts_of(place: str) -> tuple[FileFacts, FileIdentity | None]:
    now = time.time_ns()
    with open(place, "rb", buffering=0) as file:  # noqa: PTH123 for every file of a site
        status = os.fstat(file.fileno())
        if status.st_size <= _SMALL_BYTES:
            digest = hashlib.sha384(file.readall())
        else:
            digest = hashlib.file_digest(file, "sha384")
    is_settled = settled_stat(status, now) != UNKNOWN
    return FileFacts(digest.hexdigest()), _identity(status) if is_settled else None


def _identity(status: os.stat_result) -> FileIdentity:
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns), status.st_ino


def _batches(files: Iterable[tuple[str, int]]) -> Iterator[list[str]]:
    """Files in runs that take about as long as each other."""
    batch, batch_bytes = list[str](), 0
    for place, size in files:
        batch.append(place)
        batch_bytes += size
        if batch_bytes >= _BATCH_BYTES or len(batch) >= _BATCH_FILES:
            yield batch
            batch, batch_bytes = [], 0
    if batch:
        yield batch


def _read(path: Path) -> dict[str, tuple[FileIdentity, tuple[Any, ...]]]:
    """What the cache has; empty if it is missing, damaged, or of another version."""
    try:
        sealed = path.read_bytes()
    except OSError:
        return {}
    data = sealed[_CHECKSUM_BYTES:]
    if not data or _checksum(data) != sealed[:_CHECKSUM_BYTES]:
        return {}
    version, known = marshal.loads(data)  # noqa: S302 our own bytes, checked
    return known if version == _FORMAT else {}


def _checksum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM_BYTES, "big")
