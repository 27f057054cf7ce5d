"""Follows the folder that is served: a link that leads elsewhere, or another build in it.

A thread looks at it a few times a second. A new release is opened there, beside the one that is
served, so no request waits for it. One that cannot be opened leaves the other one served.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

from ssg.edge.events import EdgeLog, Notice, NoticeLevel
from ssg.model.errors import SsgError
from ssg.server.release import Release, ReleaseId, WaitLimit, find_release, release_id

PAUSE_SECONDS = 0.5


class ReleaseWatch:
    """Deploys each new release of a folder. `wake` may be called by a handler of a signal."""

    def __init__(
        self,
        folder: Path,
        served: ReleaseId,
        deploy: Callable[[Release], None],
        log: EdgeLog,
        *,
        pause_seconds: float = PAUSE_SECONDS,
        wait: WaitLimit = WaitLimit(),  # noqa: B008 a frozen value
    ) -> None:
        self._folder = folder
        self._served: ReleaseId = served
        self._failed: ReleaseId | str | None = "none"
        """The release that could not be opened; None stands for a folder that is missing."""
        self._deploy = deploy
        self._log = log
        self._pause_seconds = pause_seconds
        self._wait = wait
        self._signals: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="ssg-follow", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def wake(self) -> None:
        """Look now, and try again what could not be opened."""
        self._signals.put(True)

    def stop(self) -> None:
        """Look no longer. A release that is being opened is not waited for."""
        self._signals.put(False)

    def look(self, *, again: bool = False) -> None:
        """Deploy what is in the folder now, unless it is served. `again`: also what failed."""
        found = release_id(self._folder)
        if found == self._served:
            self._failed = "none"
        elif found != self._failed or again:
            self._open(found)

    def _run(self) -> None:
        while True:
            try:
                is_woken = self._signals.get(timeout=self._pause_seconds)
            except queue.Empty:
                self.look()
                continue
            if not is_woken:
                return
            self.look(again=True)

    def _open(self, found: ReleaseId | None) -> None:
        try:
            release = find_release(self._folder, self._wait)
            self._deploy(release)
        except SsgError as error:
            self._fail(found, str(error))
        except Exception as error:  # whatever it is, the release that is served goes on
            self._fail(found, f"{type(error).__name__}: {error}")
        else:
            self._served, self._failed = release.id, "none"

    def _fail(self, found: ReleaseId | None, reason: str) -> None:
        self._failed = found
        text = f"the new release is not served, the one before is: {reason}"
        self._log(Notice(NoticeLevel.ERROR, text))
