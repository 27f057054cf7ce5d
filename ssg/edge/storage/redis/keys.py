"""The names of keys in Redis."""

from __future__ import annotations

from dataclasses import dataclass

NAMES = "ssg:names"
_PREFIX = "ssg:{%s}:"


@dataclass(frozen=True, slots=True)
class NamespaceKeys:
    """The keys of one namespace. The braces let a proxy keep them on one machine."""

    namespace: str

    @property
    def purges(self) -> str:
        """The purge log."""
        return self._key("purges")

    @property
    def servers(self) -> str:
        """What each server has read."""
        return self._key("servers")

    @property
    def counters(self) -> str:
        """What the servers have done together."""
        return self._key("counters")

    @property
    def table(self) -> str:
        """The tag table of the build deployed last."""
        return self._key("table")

    @property
    def wake(self) -> str:
        """The channel that tells of new lines of the log."""
        return self._key("wake")

    @property
    def everything(self) -> str:
        """The pattern of all keys."""
        return self._key("*")

    def entry(self, path: str, *, missing: bool) -> bytes:
        """The entry of a path: a page, or a 404. A path may contain any character."""
        return _encoded(self._key("missing:" if missing else "page:") + path)

    def path_of(self, key: bytes, *, missing: bool) -> str | None:
        """The path of such a key; None for other keys."""
        begin = self.entry("", missing=missing)
        try:
            return key.removeprefix(begin).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return None

    def lock(self, path: str) -> bytes:
        """The lock of a path."""
        return _encoded(self._key("lock:") + path)

    def _key(self, name: str) -> str:
        return _PREFIX % self.namespace + name


def _encoded(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")
