"""What a purge log says, in memory: pure, fed with the bytes of the log.

`purge_log` tells what the log is for. Its lines are:

    t TAG         forget the responses with this tag
    p PATH        forget the responses of this page
    *             forget everything
    b NEW [OLD]   the build NEW was deployed; the lines after it purge what differs from OLD

Tags, paths and ids of builds are percent-encoded, so a line has no other spaces. `b` forgets
everything if the build before is not OLD. A line that cannot be read forgets everything, too: so
damage, or a line of a later version, costs renders and no correctness.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote, unquote

from ssg.edge.cache_key import same_page

_SAFE = "/:@+,;=!$&'()*"


@dataclass(frozen=True, slots=True)
class LogPosition:
    """A moment in the history of a cache: a log, and an offset in bytes."""

    generation: str
    offset: int


NOWHERE = LogPosition("", 0)
"""In no log: a response that was read here is never valid."""


@dataclass(frozen=True, slots=True)
class TagChanges:
    """What differs between a build and the build `since`, by their names in the purge log."""

    since: str
    tags: tuple[str, ...]


def tag_line(tag: str) -> bytes:
    """The line that forgets a tag."""
    return b"t " + _quoted(tag)


def path_line(key: str) -> bytes:
    """The line that forgets a page, by the key of any of its responses."""
    return b"p /" + _quoted(same_page(key))


EVERYTHING_LINE = b"*"


def build_line(new: str, old: str = "") -> bytes:
    """The line of a deploy."""
    return b" ".join([b"b", _quoted(new), *([_quoted(old)] if old else [])])


def deploy_lines(build_id: str, changes: TagChanges | None) -> list[bytes]:
    """The lines of a deploy. Changes that are not known are a change of everything."""
    if changes is None:
        return [build_line(build_id)]
    return [build_line(build_id, changes.since), *map(tag_line, changes.tags)]


class PurgeIndex:
    """The last purge of each tag and each page."""

    def __init__(self, generation: str, offset: int = 0) -> None:
        self.generation = generation
        self.offset = offset
        """The end of the last whole line that was read."""
        self.build = ""
        """The build that was deployed last; empty if none was."""
        self._forgotten_at = 0
        self._tags: dict[str, int] = {}
        self._paths: dict[str, int] = {}
        self._outdated_at: dict[str, int] = {}

    def read(self, data: bytes) -> None:
        """Read the next bytes of the log. The rest after the last whole line is read later."""
        start = self.offset
        for line in data[: data.rfind(b"\n") + 1].splitlines(keepends=True):
            self._apply(line.decode("utf-8", "replace").split(), start, start + len(line))
            start += len(line)
        self.offset = start

    def position(self, build_id: str = "") -> LogPosition | None:
        """The moment as of which content of a build is read now.

        That of an outdated build is as old as the deploy of its successor. None if the log does not
        know the build: what it renders cannot be stored. Without a build, all content is current.
        """
        if not build_id or build_id == self.build:
            return LogPosition(self.generation, self.offset)
        outdated_at = self._outdated_at.get(build_id)
        return None if outdated_at is None else LogPosition(self.generation, outdated_at)

    def is_valid(self, key: str, read_at: LogPosition, tags: Collection[str]) -> bool:
        """Whether nothing has purged a response whose content was read then."""
        offset = read_at.offset
        if read_at.generation != self.generation or offset > self.offset:
            return False
        if offset == self.offset:
            return True
        if offset < self._forgotten_at:
            return False
        if self._paths and self._paths.get(same_page(key), 0) > offset:
            return False
        purged = self._tags
        return purged.keys().isdisjoint(tags) or all(purged.get(tag, 0) <= offset for tag in tags)

    def _apply(self, words: list[str], start: int, end: int) -> None:
        match words:
            case []:
                return
            case ["t", tag]:
                self._tags[unquote(tag)] = end
            case ["p", path]:
                self._paths[unquote(path).removeprefix("/")] = end
            case ["b", new]:
                self._deploy(unquote(new), "", start, end)
            case ["b", new, old]:
                self._deploy(unquote(new), unquote(old), start, end)
            case _:
                self._forget_everything(end)

    def _deploy(self, new: str, old: str, start: int, end: int) -> None:
        if new == self.build:
            return
        if not old or old != self.build:
            self._forget_everything(end)
        if self.build:
            self._outdated_at[self.build] = start
        self._outdated_at.pop(new, None)
        self.build = new

    def _forget_everything(self, end: int) -> None:
        self._forgotten_at = end
        self._tags.clear()
        self._paths.clear()


def _quoted(text: str) -> bytes:
    return quote(text, safe=_SAFE).encode()
