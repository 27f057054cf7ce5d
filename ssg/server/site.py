"""A site that is served: its cache, its edge, and the release that the edge serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ssg.edge.app import Edge
from ssg.edge.events import EdgeLog, Notice, NoticeLevel
from ssg.edge.http.encodings import ALL_ENCODINGS
from ssg.server.cache_place import open_store
from ssg.server.release import Release, deployment_of, find_release
from ssg.server.settings import ServerSettings


class ServedSite:
    """Owns the edge of one process. `start` opens the release; until then nothing is served."""

    def __init__(
        self, settings: ServerSettings, environment: Mapping[str, str], log: EdgeLog
    ) -> None:
        self._settings = settings
        self._log = log
        warn: Callable[[str], None] = lambda text: log(Notice(NoticeLevel.WARNING, text))  # noqa: E731
        self.edge = Edge(
            open_store(settings, environment, warn),
            log,
            render_threads=settings.renders,
            jwt_secret=settings.jwt_secret,
            encodings=ALL_ENCODINGS,
        )
        self.is_stopping = False

    @property
    def is_ready(self) -> bool:
        """Whether requests should be sent here."""
        return self.edge.served is not None and not self.is_stopping

    def start(self) -> None:
        """Serve the release in the folder. Raises ServeError."""
        self._deploy(find_release(self._settings.folder))

    def stop(self) -> None:
        """Say that no further requests should come."""
        self.is_stopping = True

    def _deploy(self, release: Release) -> None:
        settings = self._settings
        self.edge.deploy(deployment_of(release, settings.front, settings.render_seconds))
