"""The purge log in Redis, and the lease under which this process may rely on what it has read.

Two rules make every answer right. While the lease holds, every purge that has returned is in the
index. And an entry is served only while the lease holds and the index does not name it.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable

from ssg.edge.purge_index import (
    EVERYTHING_LINE,
    LogPosition,
    PurgeIndex,
    TagChanges,
    build_line,
    deploy_lines,
)
from ssg.edge.storage.namespace import StorageUnavailableError
from ssg.edge.storage.purge_log import MAX_BYTES, MAX_LINES
from ssg.edge.storage.redis import scripts
from ssg.edge.storage.redis.connection import Client, RedisConnection
from ssg.edge.storage.redis.keys import NamespaceKeys
from ssg.edge.storage.redis.lease import Lease, LeaseTimes, ServerList, lease_clock
from ssg.model.errors import Problem

LOCK_MILLISECONDS = 2000
"""A lock ends so long after the last beat of its server."""
_ATTEMPTS = 3
_FIRST_WAIT_SECONDS = 0.001
_MAX_WAIT_SECONDS = 0.02


class SharedPurgeLog:
    """The log of one namespace. Safe between threads."""

    def __init__(
        self,
        connection: RedisConnection,
        keys: NamespaceKeys,
        times: LeaseTimes = LeaseTimes(),  # noqa: B008 - a frozen value
        clock: Callable[[], float] = lease_clock,
        sleep: Callable[[float], None] = time.sleep,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._times = times
        self.clock = clock
        self.sleep = sleep
        self._max_bytes = max_bytes
        register = connection.client.register_script
        self._beat_script, self._append_script = register(scripts.BEAT), register(scripts.APPEND)
        self._leave_script = register(scripts.LEAVE)
        self._own_build = self._last_build = ""
        self._unsent: list[bytes] = []
        self.new_process()

    def new_process(self) -> None:
        """Begin anew in a copy of the process: it has no lease, and its own place in the list."""
        self.server_id = secrets.token_hex(8)
        self.locks: dict[bytes, str] = {}
        """The locks that this process holds, with their tokens."""
        self.counts = Counter(renders=0, stores=0, purges=0, hits=0)
        self._count_lock = threading.Lock()
        self._sent_counts: Counter[str] = Counter()
        self.index = PurgeIndex("")
        """What was purged, as far as this process has read the log; counts with a lease only."""
        self._began_at = 0.0
        self._beats = 0
        self._is_listed = False
        self._lease = Lease()
        self._lock = threading.RLock()

    def count(self, name: str) -> None:
        """Count something; the next beat adds it to what all servers have done."""
        with self._count_lock:
            self.counts[name] += 1

    # -- what is known -----------------------------------------------------------------------

    def has_lease(self) -> bool:
        """Whether every purge that has returned is known here; runs on each request."""
        return self._lease.until > self.clock()

    def ensure_lease(self) -> bool:
        """Whether there is a lease; asks Redis for one if it is not away."""
        if self.has_lease():
            return True
        with self._lock:
            for _ in range(_ATTEMPTS):
                if self.has_lease() or self._connection.is_away:
                    break
                self.beat()
        return self.has_lease()

    def position(self, build_id: str = "") -> LogPosition | None:
        """The position as of which content of a build is read now; None without a lease."""
        return self.index.position(build_id) if self.has_lease() else None

    def is_valid(self, key: str, read_at: LogPosition, tags: Collection[str]) -> bool:
        """Whether a response may be served now."""
        return self.has_lease() and self.index.is_valid(key, read_at, tags)

    def is_behind(self, read_at: LogPosition) -> bool:
        """Whether a response was read further in the log than this process has read."""
        index = self.index
        return read_at.generation != index.generation or read_at.offset > index.offset

    def deployed_build(self) -> str:
        """The build that was deployed last; empty if none is known."""
        self.ensure_lease()
        return self.index.build

    # -- reading -----------------------------------------------------------------------------

    def beat(self) -> bool | None:
        """Tell what was read, read on, and renew the lease.

        Returns whether there was something new, which the next beat acknowledges; None if Redis
        cannot be reached.
        """
        with self._lock:
            if self._unsent and not self._send_deploy():
                return None
            sent_at, counts = self.clock(), self.counts - self._sent_counts
            is_new = self._connection.contact(lambda _: self._beat(counts, sent_at))
            if is_new is None:
                return None
            self._sent_counts.update(counts)
            if self._announces_build():
                return True
            self._lease = self._lease.renewed(sent_at, self._times)
            return is_new

    def _beat(self, counts: Counter[str], now: float) -> bool:
        self._beats += 1
        self._is_listed = True
        index, locks = self.index, self.locks.copy()
        is_observed = now - self._began_at >= self._times.end_of_all
        first = b"".join(line + b"\n" for line in self._build_lines())
        words: list[object] = [self.server_id, index.generation, index.offset, int(is_observed)]
        words += [secrets.token_hex(8), first, LOCK_MILLISECONDS, self._beats, len(counts)]
        words += [word for name, count in counts.items() for word in (name, count)]
        generation, data = self._beat_script(
            [self._keys.purges, self._keys.servers, self._keys.counters, *locks],
            [*words, *locks.values()],
        )
        return self._read(generation, data)

    def _read(self, name: bytes, data: bytes) -> bool:
        """Read lines of the log of a generation: the next ones, or all of another one."""
        generation = name.decode()
        if generation == self.index.generation:
            before = self.index.offset
            self.index.read(data)
            is_new = self.index.offset > before
        else:
            begin = data.index(b"\n") + 1
            index = PurgeIndex(generation, begin)
            index.read(data[begin:])
            self.index, self._began_at, is_new = index, self.clock(), True
        self._last_build = self.index.build or self._last_build
        return is_new

    # -- builds ------------------------------------------------------------------------------

    def deploy(self, build_id: str, changes: TagChanges | None) -> None:
        """Note that a build was deployed; before that is told, nothing is served from here."""
        lines = deploy_lines(build_id, changes)
        lines = lines if len(lines) <= MAX_LINES else deploy_lines(build_id, None)
        with self._lock:
            self._own_build = self._last_build = build_id
            self._unsent, self._lease = lines, Lease()
            self.beat()

    def _send_deploy(self) -> bool:
        if self._append(self._unsent) is None:
            return False
        self._unsent = []
        return True

    def _announces_build(self) -> bool:
        """Tell a log of the own build that does not know it, which began without this server."""
        if not self._own_build or self.index.position(self._own_build) is not None:
            return False
        return self._append(self._build_lines()) is not None

    def _build_lines(self) -> list[bytes]:
        """The own build, and then the last one, which may be a later one of another server."""
        builds = dict.fromkeys([self._own_build, self._last_build])
        return [build_line(build) for build in builds if build]

    # -- purging -----------------------------------------------------------------------------

    def purge(self, lines: Iterable[bytes]) -> None:
        """Forget what lines name; returns when no server answers with it any more.

        Raises `StorageUnavailableError` if it is not known whether Redis has the lines.
        """
        found = list(lines)
        if not found:
            return
        end = self._append(found if len(found) <= MAX_LINES else [EVERYTHING_LINE])
        if end is None:
            text = f"{self._connection.where} is away: it is not known whether all servers purge"
            raise StorageUnavailableError(Problem(text, hint="Purge again when it is back"))
        self._wait_for_servers(end, self.clock() + self._times.end_of_all)

    def _append(self, lines: list[bytes]) -> LogPosition | None:
        """Append lines; returns where they end, or None if Redis fails."""
        data = b"".join(line + b"\n" for line in lines)
        keys = [self._keys.purges, self._keys.servers]
        words = [data, secrets.token_hex(8), self._max_bytes, self._keys.wake]
        for _ in range(_ATTEMPTS):
            found = self._connection.contact(lambda _: self._append_script(keys, words) or [])
            if found is None:
                return None
            if found:
                generation, size = found
                return LogPosition(generation.decode(), size)
            with self._lock:
                self._connection.contact(lambda _: self._beat(Counter(), self.clock()))
        return None

    def _wait_for_servers(self, end: LogPosition, deadline: float) -> None:
        """Wait until all servers have read up to here, or their leases have ended."""
        first, first_at = self._connection.attempt(self._servers, None), self.clock()
        found, wait_seconds = first, _FIRST_WAIT_SECONDS
        self.beat()
        while not self._has_all_read(found, end):
            if self.clock() >= deadline:
                if first and self.clock() - first_at >= self._times.lease:
                    self._remove(first.behind(end, self.server_id))
                return
            self.sleep(wait_seconds)
            wait_seconds = min(wait_seconds * 2, _MAX_WAIT_SECONDS)
            found = self._connection.attempt(self._servers, None)

    def _has_all_read(self, found: ServerList | None, end: LogPosition) -> bool:
        own = self.index
        is_read_here = own.generation != end.generation or own.offset >= end.offset
        return found is not None and is_read_here and found.has_all_read(end, self.server_id)

    def _servers(self, client: Client) -> ServerList:
        return ServerList.of(client.hgetall(self._keys.servers))

    def _remove(self, rows: dict[str, str]) -> None:
        """Remove servers whose rows have not changed: they have ended, or come back with others."""
        words = [word for row in rows.items() for word in row]
        if words:
            self._connection.attempt(lambda _: self._leave_script([self._keys.servers], words), 0)

    def leave(self) -> None:
        """Give up the lease, and tell the others that nobody needs to wait for this process."""
        with self._lock:
            self._lease = Lease()
            if not self._is_listed:
                return
            self._is_listed = False
            words = [self.server_id, ""]
            self._connection.attempt(lambda _: self._leave_script([self._keys.servers], words), 0)
