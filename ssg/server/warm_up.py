"""Renders the critical live pages of a release once it is served.

A build has rendered them, too, but a file could not be purged: what is published between the build
and the deploy, or later, would not be seen. So a build for a server only proves that they can be
rendered, and the server puts them into its cache with the data of now. There they are purged and
expire like all others. One page is rendered at a time, so that visitors do not wait.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from ssg.edge.cache import PageCache
from ssg.edge.cache_key import key_of_page


@dataclass(slots=True)
class WarmUp:
    """Warms one release at a time; a page that is cached already is left as it is."""

    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self, pages: PageCache, paths: Sequence[str]) -> threading.Thread | None:
        """Warm the cache of a release in the background, and no longer that of the one before."""
        self.stop()
        self._stop = threading.Event()
        if not paths:
            return None
        thread = threading.Thread(
            target=_warm, args=(pages, paths, self._stop), name="ssg-warm-up", daemon=True
        )
        thread.start()
        return thread

    def stop(self) -> None:
        """Begin no further page."""
        self._stop.set()


def _warm(pages: PageCache, paths: Sequence[str], stop: threading.Event) -> None:
    for path in paths:
        if stop.is_set():
            return
        pages.wait("GET", key_of_page(path))
