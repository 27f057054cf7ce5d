"""What a place for cached responses promises, wherever it is: on disk, or in Redis.

Theory of operation. A purge is a line in a log that all servers read, and an entry says how much of
the log had been read before its content was (`purge_index`). So an entry counts if no later line
names it; which server stored it, and how long its render took, does not matter. All methods are
safe between threads. They fail no request: a storage that cannot be reached has no entries and
stores none. Only a purge raises an error, because its caller relies on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol

from ssg.edge.policy import CacheEntry
from ssg.edge.purge_index import LogPosition, TagChanges
from ssg.edge.storage.cache_listing import CacheEntryInfo
from ssg.model.errors import PurgeError


class StorageUnavailableError(PurgeError):
    """A purge that the storage cannot be told: other servers may go on serving what it names."""


class CacheNamespace(Protocol):
    """The cached responses of one build, or of builds that share them."""

    @property
    def is_remote(self) -> bool:
        """Whether `get` looks in memory only, and `reload` asks another machine."""

    def get(self, path: str) -> CacheEntry | None:
        """Return the entry of a path, fresh or expired; runs on each request and does not wait."""

    def reload(self, path: str) -> CacheEntry | None:
        """Return the entry of a path from where other servers store theirs; may wait."""

    def position(self, build_id: str = "") -> LogPosition | None:
        """The position of the purge log as of which content of a build is read now.

        None if what is rendered now cannot be stored.
        """

    def is_valid(self, path: str, entry: CacheEntry) -> bool:
        """Whether no purge that has returned by now concerns an entry; may wait."""

    def lock(self, path: str, limit_seconds: float) -> AbstractContextManager[bool]:
        """Be the only one that renders a path; waits at most this long for another one.

        Whether the lock is held, is the value of the context; its block runs in any case.
        """

    def count_render(self) -> None:
        """Count a render, where servers count together."""

    def put_in_memory(self, path: str, entry: CacheEntry) -> bool:
        """Keep an entry in memory; returns whether it was kept."""

    def put(self, path: str, entry: CacheEntry, previous: CacheEntry | None) -> None:
        """Store an entry instead of `previous`; may wait. The lock of the path is held."""

    def page_count(self) -> int:
        """Return the number of stored pages, 404s excluded; may be some seconds old."""

    def entry_infos(self, paths: Iterable[str] | None = None) -> Iterator[CacheEntryInfo]:
        """List the valid entries of these paths, or all pages, without 404s and bodies."""

    def disk_bytes(self) -> tuple[int, int]:
        """Return how many bytes are stored, and the limit; 0 if there is none."""

    def paths(self) -> list[str]:
        """Return the paths of all stored entries, 404s included."""

    def purge(self, paths: Iterable[str]) -> int:
        """Forget the entries of the pages at these paths.

        When it returns, no server answers a new request with one of them. Returns the number of
        entries that this server knew of. Raises `StorageUnavailableError` if it is not sure that
        all servers are told; the caller may try again.
        """

    def purge_tags(self, tags: Iterable[str]) -> int:
        """Forget the entries with one of these tags; otherwise like `purge`."""

    def clear(self) -> int:
        """Forget every entry; otherwise like `purge`."""

    def deploy(self, build_id: str, changes: TagChanges | None) -> None:
        """Forget the entries that a build changes. From now on, other builds are outdated.

        If the storage is away, that happens before it is used again.
        """

    def deployed_build(self) -> str:
        """The name of the build that was deployed last, as in `deploy`; empty if none is known."""

    def tag_table(self, build_id: str) -> bytes | None:
        """The tag table of a build, if it is that of `put_tag_table`. Its bytes are not trusted."""

    def put_tag_table(self, build_id: str, table: bytes) -> None:
        """Keep the tag table of the build deployed last, and no other one."""

    def delete_invalid(self) -> int:
        """Delete the entries that were purged; returns the number of those stored."""

    def close(self) -> None:
        """Close connections and files; using the namespace opens them again."""


class CacheStore(Protocol):
    """A place with the namespaces of several builds."""

    def open(self, name: str) -> CacheNamespace:
        """Open the namespace of a build or of a cache id, with the entries that it had."""

    def namespaces(self) -> Iterator[CacheNamespace]:
        """Open every namespace."""

    def prune(self, keep: int = 3) -> None:
        """Remove all namespaces but those opened last, which a rollback may need (rule 9)."""
