"""Rebuild when a source changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch
from watchfiles.main import FileChange

from ssg.edge.app import Edge
from ssg.edge.deployment import Deployment
from ssg.edge.events import EdgeLog, Notice, NoticeLevel
from ssg.model.errors import Problem, SsgError

Rebuild = Callable[[frozenset[str] | None], Deployment]
"""Makes a new build. It is told the files that changed since the one before, by their real paths;
None where it has to look for itself."""

FEW = 100
"""More changes at once may be more than the system tells of."""
QUIET_MILLISECONDS = 10
"""An editor that writes a file anew is done within. Where it is not, another build follows."""
GATHER_MILLISECONDS = 400
LOOK_MILLISECONDS = 200
STOP_SECONDS = 5.0


class SourceFilter(DefaultFilter):
    """Changes that matter: not those of editors and version control, nor the build's output."""

    def __init__(self, ignore: Iterable[Path]) -> None:
        super().__init__()
        self._ignored = tuple(path.resolve() for path in ignore)

    def __call__(self, change: Change, path: str) -> bool:
        """Whether a change is one of a source."""
        return super().__call__(change, path) and not any(
            Path(path).is_relative_to(folder) for folder in self._ignored
        )


@dataclass(frozen=True, slots=True)
class Watcher:
    """Watches sources, and gives each new build to the edge.

    `ignore` must hold the build's output and cache folders, or a build would start the next one.
    """

    edge: Edge
    rebuild: Rebuild
    paths: tuple[Path, ...]
    ignore: tuple[Path, ...]
    log: EdgeLog
    poll: bool = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Watch in a thread of its own meanwhile."""
        stop = threading.Event()
        thread = threading.Thread(target=self._run, args=(stop,), name="ssg-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(STOP_SECONDS)

    def rebuild_now(self, changed: frozenset[str] | None = None) -> bool:
        """One build: deployed when it is good, its problems shown when it is not.

        Returns whether it is good.
        """
        try:
            deployment = self.rebuild(changed)
        except SsgError as error:
            self.edge.report(error.problems)
        except Exception as error:  # a bug must not end the watching; the next save tries again
            message = f"{type(error).__name__}: {error}"
            self.log(Notice(NoticeLevel.ERROR, f"the rebuild failed: {message}"))
            self.edge.report([Problem(message)])
        else:
            self.edge.deploy(deployment)
            return True
        return False

    def _run(self, stop: threading.Event) -> None:
        try:
            self._watch(stop, self.poll)
        except OSError as error:  # too many watches, a file system without them
            self.log(Notice(NoticeLevel.WARNING, f"cannot watch files ({error}); polling instead"))
            self._watch(stop, poll=True)

    def _watch(self, stop: threading.Event, poll: bool) -> None:
        """Rebuild after each burst of changes.

        The given paths themselves are looked at as well: a folder may come later, and an editor
        that replaces a file takes its watch away.

        What changed is known once a build has looked at everything under an unbroken watch: what
        a build that failed has seen, the next one looks at again.
        """
        is_due = False
        while not stop.is_set():
            before, is_known = self._state(), False
            for changes in self._changes(stop, poll):
                if self._state() != before:
                    is_due = True
                    break  # watch what is there now, and only then build
                if changes or is_due:
                    is_due = False
                    changed = frozenset(path for _, path in changes)
                    is_known = is_known and not poll and len(changed) <= FEW
                    is_known = self.rebuild_now(changed if is_known else None) and not poll

    def _changes(self, stop: threading.Event, poll: bool) -> Iterator[set[FileChange]]:
        """Each burst of changes below the folders; and nothing, a few times a second."""
        # Real paths on both sides, so that a link to the output folder cannot hide it.
        folders = [path.resolve() for path in self.paths if path.is_dir()]
        if not folders:
            while not stop.wait(LOOK_MILLISECONDS / 1000):
                yield set()
            return
        yield from watch(
            *folders,
            watch_filter=SourceFilter(self.ignore),
            debounce=GATHER_MILLISECONDS,
            step=QUIET_MILLISECONDS,
            rust_timeout=LOOK_MILLISECONDS,
            yield_on_timeout=True,
            stop_event=stop,
            force_polling=poll or None,
        )

    def _state(self) -> list[tuple[int, int] | None]:
        """Which of the paths exist; of a file also whether it is another one by now."""
        return [_identity(path) for path in self.paths]


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, 0 if path.is_dir() else found.st_mtime_ns
