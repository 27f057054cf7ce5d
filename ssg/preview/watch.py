"""Rebuild when a source changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch
from watchfiles.main import FileChange

from ssg.edge.events import EdgeLog, Notice, NoticeLevel
from ssg.model.errors import Problem, SsgError
from ssg.preview.app import PreviewApp
from ssg.preview.deployment import PreviewDeployment

Rebuild = Callable[[frozenset[str] | None], PreviewDeployment]
"""Makes a new build. The argument is the real paths of the files that changed since the build
before, or None if they are not known."""

MAX_KNOWN_CHANGES = 100
"""With more changes at once, the operating system may have dropped some."""
QUIET_MILLISECONDS = 10
"""An editor has rewritten a file within this time; if not, another build follows."""
MAX_BURST_MILLISECONDS = 400
POLL_MILLISECONDS = 200
STOP_SECONDS = 5.0


class SourceFilter(DefaultFilter):
    """Lets changes of sources through; not those of editors, version control, or the build."""

    def __init__(self, ignore: Iterable[Path]) -> None:
        super().__init__()
        self._ignored = tuple(path.resolve() for path in ignore)

    def __call__(self, change: Change, path: str) -> bool:
        """Whether a source has changed."""
        return super().__call__(change, path) and not any(
            Path(path).is_relative_to(folder) for folder in self._ignored
        )


@dataclass(frozen=True, slots=True)
class Watcher:
    """Watches sources, and deploys a new build after each change.

    `ignore` must contain the output and cache folders of the build; otherwise each build would
    start the next one.
    """

    preview: PreviewApp
    rebuild: Rebuild
    paths: tuple[Path, ...]
    ignore: tuple[Path, ...]
    log: EdgeLog
    poll: bool = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Watch in another thread until the context ends."""
        stop = threading.Event()
        thread = threading.Thread(target=self._run, args=(stop,), name="ssg-watch", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(STOP_SECONDS)

    def rebuild_now(self, changed: frozenset[str] | None = None) -> bool:
        """Build, and deploy the result or show its problems; returns whether it succeeded."""
        try:
            deployment = self.rebuild(changed)
        except SsgError as error:
            self.preview.report(error.problems)
        except Exception as error:  # a bug must not end the watcher; the next save tries again
            message = f"{type(error).__name__}: {error}"
            self.log(Notice(NoticeLevel.ERROR, f"the rebuild failed: {message}"))
            self.preview.report([Problem(message)])
        else:
            self.preview.deploy(deployment)
            return True
        return False

    def _run(self, stop: threading.Event) -> None:
        try:
            self._watch(stop, self.poll)
        except OSError as error:  # too many watches, or a file system without them
            self.log(Notice(NoticeLevel.WARNING, f"cannot watch files ({error}); polling instead"))
            self._watch(stop, poll=True)

    def _watch(self, stop: threading.Event, poll: bool) -> None:
        """Rebuild after each burst of changes.

        The watched paths themselves are polled as well, because a folder may be created later,
        and because an editor that replaces a file ends the watch on it.

        The changes are known only after a build that read everything has succeeded under the
        same watch. After a failed build the next one reads everything again.
        """
        is_due = False
        while not stop.is_set():
            before, is_known = self._state(), False
            for changes in self._changes(stop, poll):
                if self._state() != before:
                    is_due = True
                    break  # watch the new paths before building
                if changes or is_due:
                    is_due = False
                    changed = frozenset(path for _, path in changes)
                    is_known = is_known and not poll and len(changed) <= MAX_KNOWN_CHANGES
                    is_known = self.rebuild_now(changed if is_known else None) and not poll

    def _changes(self, stop: threading.Event, poll: bool) -> Iterator[set[FileChange]]:
        """Yield each burst of changes below the folders, and an empty set a few times a second."""
        # Real paths on both sides, so that a link to the output folder cannot hide it.
        folders = [path.resolve() for path in self.paths if path.is_dir()]
        if not folders:
            while not stop.wait(POLL_MILLISECONDS / 1000):
                yield set()
            return
        yield from watch(
            *folders,
            watch_filter=SourceFilter(self.ignore),
            debounce=MAX_BURST_MILLISECONDS,
            step=QUIET_MILLISECONDS,
            rust_timeout=POLL_MILLISECONDS,
            yield_on_timeout=True,
            stop_event=stop,
            force_polling=poll or None,
        )

    def _state(self) -> list[tuple[int, int] | None]:
        """Return which paths exist, and for a file its identity and modification time."""
        return [_identity(path) for path in self.paths]


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, 0 if path.is_dir() else found.st_mtime_ns
