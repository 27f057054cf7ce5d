"""A site that is served: its cache, its edge, and the release that the edge serves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from ssg.edge.app import Edge
from ssg.edge.drafts.draft_endpoint import DraftEndpoint
from ssg.edge.events import EdgeLog, Notice, NoticeLevel, source_log
from ssg.edge.http.encodings import ALL_ENCODINGS
from ssg.edge.images.card_images import CardImages
from ssg.edge.images.encoders import Encoders
from ssg.edge.images.site_images import SiteImages
from ssg.edge.purge import purge_all, purge_tags
from ssg.edge.storage.cache_listing import CacheUsage
from ssg.runtime.signed_purge import PurgeSelection
from ssg.server.cache_place import cache_store, variants_folder
from ssg.server.follow import ReleaseWatch
from ssg.server.front import FrontCache, changed_selection
from ssg.server.purge_endpoint import PurgeEndpoint
from ssg.server.release import Release, deployment_of, find_release
from ssg.server.settings import ServerSettings
from ssg.server.warm_up import WarmUp


class ServedSite:
    """Owns the edge of one process. `start` opens the release; until then nothing is served.

    Raises ConfigError if there cannot be such a cache.
    """

    def __init__(
        self,
        settings: ServerSettings,
        environment: Mapping[str, str],
        log: EdgeLog,
        *,
        is_first: bool = True,
        on_purge: Callable[[], None] = lambda: None,
    ) -> None:
        """`is_first` is false in all workers but one: what is done once is done by that one."""
        self._settings = settings
        self._environment = environment
        self._log = log
        self._is_first = is_first
        self._on_purge = on_purge
        self._store = cache_store(settings, environment, self._warn)
        self._front = FrontCache.of(settings.front, environment, log, settings.render_seconds)
        self.edge = Edge(
            self._store,
            log,
            render_threads=settings.renders,
            render_queue=settings.queue,
            jwt_secret=settings.jwt_secret,
            draft_secret=settings.draft_secret,
            image_threads=settings.encoders,
            image_queue=settings.image_queue,
            encodings=ALL_ENCODINGS,
        )
        folder = variants_folder(settings, environment)
        self._encoders = Encoders(folder, settings.encoders, settings.render_seconds)
        self._warm_up = WarmUp()
        self.purge_endpoint = PurgeEndpoint(settings.purge_secret, self.purge)
        self.draft_endpoint = DraftEndpoint(settings.draft_secret, lambda: self.edge.has_drafts)
        self.is_stopping = False
        self._watch: ReleaseWatch | None = None

    @property
    def is_ready(self) -> bool:
        """Whether requests should be sent here."""
        return self.edge.served is not None and not self.is_stopping

    @property
    def waiting_renders(self) -> int:
        """The number of renders that wait for a thread."""
        return self.edge.waiting_renders

    @property
    def waiting_variants(self) -> int:
        """The number of variants of pictures that wait for a thread."""
        return self.edge.waiting_variants

    def usage(self) -> CacheUsage | None:
        """How full the cache is; None before the first deploy."""
        served = self.edge.served
        return served.pages.usage() if served else None

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
        self._warm_up.stop()
        if self._watch is not None:
            self._watch.stop()

    def close(self) -> None:
        """End what would outlive the site, after the last response."""
        self._encoders.close()

    def _deploy_next(self, release: Release) -> None:
        self._deploy(release)
        text = f"the build {release.deploy.build_id} is served, from {release.folder}"
        self._log(Notice(NoticeLevel.INFO, text))

    def purge(self, selection: PurgeSelection) -> int:
        """Forget responses, of this build and of others; returns their number. Raises PurgeError.

        The cache in front is told after that, so that it cannot ask for what is to be forgotten.
        """
        self._on_purge()
        removed = self._purge_served(selection)
        if selection.everything:
            removed += purge_all(self._store)
        else:
            removed += purge_tags(self._store, selection.tags)
        if self._front is not None:
            self._front.purge(selection)
        return removed

    def _purge_served(self, selection: PurgeSelection) -> int:
        served = self.edge.served
        if served is None:
            return 0
        if selection.everything:
            return served.pages.clear()
        return served.pages.purge_tags(selection.tags)

    def _deploy(self, release: Release) -> None:
        settings = self._settings
        deployment = deployment_of(
            release,
            settings.front,
            settings.render_seconds,
            self._environment,
            source_log(self._log),
            self._encoders,
        )
        told = self.edge.deploy(deployment)
        images = deployment.images
        pictures = images.pictures if isinstance(images, CardImages) else images
        if images is not None and self._is_first:
            self._check_variants()
        if isinstance(pictures, SiteImages):
            self._encoders.warm()
            if self._is_first:
                threading.Thread(target=pictures.collect, daemon=True).start()
        if self._is_first and self.edge.served:
            self._warm_up.start(self.edge.served.pages, deployment.warm_paths)
        if self._front is None or not (told.is_new if told else self._is_first):
            return
        selection = changed_selection(told.changes if told else None)
        if selection is not None:
            self._front.purge_soon(selection)

    def _check_variants(self) -> None:
        if reason := self._encoders.unwritable:
            folder = self._encoders.cache.folder
            text = f"{folder}: variants of pictures cannot be stored, and are made again: {reason}"
            self._warn(f"{text}; give another folder with --image-cache or SSG_IMAGE_CACHE")

    def _warn(self, text: str) -> None:
        self._log(Notice(NoticeLevel.WARNING, text))
