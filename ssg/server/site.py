"""A site that is served: its cache, its edge, and the release that the edge serves."""

from __future__ import annotations

from collections.abc import Mapping

from ssg.edge.app import Edge
from ssg.edge.events import EdgeLog, Notice, NoticeLevel
from ssg.edge.http.encodings import ALL_ENCODINGS
from ssg.server.cache_place import open_store
from ssg.server.follow import ReleaseWatch
from ssg.server.release import Release, deployment_of, find_release
from ssg.server.settings import ServerSettings


class ServedSite:
    """Owns the edge of one process. `start` opens the release; until then nothing is served.

    Raises ConfigError if there cannot be such a cache.
    """

    def __init__(
        self, settings: ServerSettings, environment: Mapping[str, str], log: EdgeLog
    ) -> None:
        self._settings = settings
        self._log = log
        self.edge = Edge(
            open_store(settings, environment, self._warn),
            log,
            render_threads=settings.renders,
            jwt_secret=settings.jwt_secret,
            encodings=ALL_ENCODINGS,
        )
        self.is_stopping = False
        self._watch: ReleaseWatch | None = None

    @property
    def is_ready(self) -> bool:
        """Whether requests should be sent here."""
        return self.edge.served is not None and not self.is_stopping

    def start(self) -> None:
        """Serve the release in the folder, and follow the folder from now on. Raises ServeError."""
        release = find_release(self._settings.folder)
        self._deploy(release)
        self._watch = ReleaseWatch(self._settings.folder, release.id, self._deploy_next, self._log)
        self._watch.start()

    def reload(self) -> None:
        """Look for a new release now; may be called by a handler of a signal."""
        if self._watch is not None:
            self._watch.wake()

    def stop(self) -> None:
        """Say that no further requests should come, and follow the folder no longer."""
        self.is_stopping = True
        if self._watch is not None:
            self._watch.stop()

    def _deploy_next(self, release: Release) -> None:
        self._deploy(release)
        text = f"the build {release.deploy.build_id} is served, from {release.folder}"
        self._log(Notice(NoticeLevel.INFO, text))

    def _deploy(self, release: Release) -> None:
        settings = self._settings
        self.edge.deploy(deployment_of(release, settings.front, settings.render_seconds))

    def _warn(self, text: str) -> None:
        self._log(Notice(NoticeLevel.WARNING, text))
