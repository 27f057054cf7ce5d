"""Purges the cache in front of the server, after a deploy and after a purge of the server's own."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Self

from ssg.edge.events import EdgeLog, Notice, NoticeLevel
from ssg.edge.purge_index import TagChanges
from ssg.model.errors import PurgeError
from ssg.runtime.signed_purge import PurgeSelection
from ssg.targets.fronts.fronts import FRONTS
from ssg.targets.purge.purger import Purger

MAX_TAGS = 1000
"""A deploy that changes more tags purges everything."""


def changed_selection(changes: TagChanges | None) -> PurgeSelection | None:
    """What a front must forget after a deploy; None if nothing differs."""
    if changes is None or len(changes.tags) > MAX_TAGS:
        return PurgeSelection(everything=True)
    return PurgeSelection(changes.tags) if changes.tags else None


class FrontCache:
    """The cache in front, which may have an API to purge it. Safe between threads.

    A response that was under way when the cache was purged can be stored after that. So each purge
    is repeated once, when such responses have ended.
    """

    def __init__(self, purger: Purger, log: EdgeLog, again_seconds: float) -> None:
        self.name = purger.host
        self._purger = purger
        self._log = log
        self._again_seconds = again_seconds
        self._lock = threading.Lock()

    @classmethod
    def of(
        cls, name: str, environment: Mapping[str, str], log: EdgeLog, again_seconds: float
    ) -> Self | None:
        """The front of a name; None if there is none, or if it cannot be purged, which is said."""
        if not name:
            return None
        try:
            purger = FRONTS[name].purger(
                environment, lambda text: log(Notice(NoticeLevel.INFO, text))
            )
        except PurgeError as error:
            text = f"{name} is not purged by this server: {error}"
            log(Notice(NoticeLevel.WARNING, text))
            return None
        return cls(purger, log, again_seconds) if purger else None

    def purge(self, selection: PurgeSelection) -> None:
        """Purge, and once more later; waits for the answer. Raises PurgeError."""
        self._send(selection)
        timer = threading.Timer(self._again_seconds, self._send_quietly, [selection])
        timer.daemon = True
        timer.start()

    def purge_soon(self, selection: PurgeSelection) -> None:
        """Purge on another thread. A failure is said in the log."""
        threading.Thread(target=self._purge_quietly, args=(selection,), daemon=True).start()

    def _send(self, selection: PurgeSelection) -> None:
        with self._lock:
            if selection.everything:
                self._purger.purge_everything()
            else:
                self._purger.purge(selection.tags)

    def _purge_quietly(self, selection: PurgeSelection) -> None:
        try:
            self.purge(selection)
        except PurgeError as error:
            self._log(Notice(NoticeLevel.ERROR, f"{self.name} is not purged: {error}"))

    def _send_quietly(self, selection: PurgeSelection) -> None:
        try:
            self._send(selection)
        except PurgeError as error:
            self._log(Notice(NoticeLevel.ERROR, f"{self.name} is not purged again: {error}"))
