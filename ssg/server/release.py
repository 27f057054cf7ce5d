"""A release: the folder that a build for the server wrote, opened to be served."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from ssg.edge.deployment import Deployment
from ssg.edge.images.card_images import CardImages
from ssg.edge.images.encoders import Encoders, check_installed
from ssg.edge.images.image_function import ImageFunction
from ssg.edge.images.site_images import SiteImages
from ssg.edge.page_function import function_with_sources
from ssg.edge.policy import CachePolicy
from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.tag_table.published import POINTER, table_of_pointer
from ssg.fingerprint.tag_table.table_file import TableError, table_name
from ssg.model.cache_options import CACHE_ID
from ssg.model.database import open_readonly
from ssg.model.errors import Location, Problem, ServeError
from ssg.model.images.settings import ImageSettings
from ssg.model.queries.site import Site
from ssg.runtime.live.route_table import RouteTable
from ssg.sources.site_shell import shell_of_site
from ssg.sources.source_shell import Observer
from ssg.targets.bundles.native.bundle import DATABASE
from ssg.targets.bundles.native.deploy_file import (
    DEPLOY_FILE,
    PUBLIC,
    DeployFile,
    read_deploy_file,
)
from ssg.targets.fronts.fronts import FRONTS
from ssg.targets.server.capabilities import SERVER
from ssg.targets.server.target import CARD_FILES
from ssg.targets.target import TAG_TABLES_PATH

WAIT_SECONDS = 2.0
"""How long a folder may be incomplete: a build may be putting its parts into place."""
PAUSE_SECONDS = 0.05

DEFAULT_HEADERS = (
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
)
"""What browsers need to be told for safety; `_headers` of the site can say something else."""

ReleaseId = tuple[str, int, int]
"""Where the folder is, and which `deploy.toml` is in it."""


@dataclass(frozen=True, slots=True)
class Release:
    """A folder whose parts are of one build."""

    folder: Path
    """Without links: it stays the same when a link is changed."""
    id: ReleaseId
    deploy: DeployFile


@dataclass(frozen=True, slots=True)
class WaitLimit:
    """How long `find_release` waits for a folder that is being written."""

    seconds: float = WAIT_SECONDS
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


DEFAULT_WAIT: Final = WaitLimit()


def release_id(folder: Path) -> ReleaseId | None:
    """The identity of the release in a folder, or behind a link; None if there is none."""
    try:
        real = folder.resolve(strict=True)
        status = (real / DEPLOY_FILE).stat()
    except OSError:
        return None
    return str(real), status.st_ino, status.st_mtime_ns


def find_release(folder: Path, wait: WaitLimit = DEFAULT_WAIT) -> Release:
    """The release in a folder. Raises ServeError if it has none, or remains incomplete."""
    deadline = wait.clock() + wait.seconds
    while True:
        try:
            return _complete_release(folder)
        except ServeError:
            if release_id(folder) is None or wait.clock() > deadline:
                raise
            wait.sleep(PAUSE_SECONDS)


def deployment_of(
    release: Release,
    front: str = "",
    render_seconds: float = 0,
    variables: Mapping[str, str] = {},
    observer: Observer | None = None,
    encoders: Encoders | None = None,
) -> Deployment:
    """The deployment of a release. `front` is the name of the cache in front of the server.

    Without `encoders` there are only the variants of the build.

    Its sources are asked with the `variables`. Its database and connections are closed when nothing
    refers to its function any longer. Raises ServeError.
    """
    deploy, host, public = release.deploy, SERVER, release.folder / PUBLIC
    with contextlib.closing(Site.open(release.folder / DATABASE)) as opened:
        site = shell_of_site(opened, variables, observer)
        warm_paths = tuple(known.path for known in opened.critical_live_pages())
    table = _table_name(public) if deploy.keep_cache else ""
    if render_seconds:
        host = replace(host, seconds=render_seconds)
    return Deployment(
        deploy.build_id,
        public,
        deploy.redirects,
        function_with_sources(
            release.folder / DATABASE,
            deploy.function,
            deploy.deferred_headers,
            CachePolicy.of(host).render_seconds,
            site,
        ),
        host,
        deploy.function or None,
        has_paths=True,
        headers=deploy.headers,
        deferred_headers=deploy.deferred_headers,
        cache_id=CACHE_ID if table else "",
        content_id=table,
        tag_table=partial(_read_table, public, table) if table else None,
        default_headers=DEFAULT_HEADERS,
        front=FRONTS[front].dialect if front else "",
        code=code_fingerprint(),
        routes=RouteTable.of(site.settings.routes),
        warm_paths=warm_paths,
        has_drafts=site.settings.drafts,
        env=site.env_fingerprint,
        images=_images(release, site.settings.images, encoders),
    )


def _images(
    release: Release, settings: ImageSettings | None, encoders: Encoders | None
) -> ImageFunction | None:
    """What makes variants of pictures and cards on request. Raises ServeError."""
    pictures = _pictures(release, settings, encoders)
    if settings is None or settings.cards is None or encoders is None:
        return pictures
    check_installed()
    database, files = release.folder / DATABASE, release.folder / CARD_FILES
    return CardImages(pictures, database, files, encoders.cache)


def _pictures(
    release: Release, settings: ImageSettings | None, encoders: Encoders | None
) -> SiteImages | None:
    """What makes variants of pictures on request. Raises ServeError."""
    name = release.deploy.image_function
    if not name or settings is None or encoders is None:
        return None
    check_installed()
    folders = (release.folder / PUBLIC,)
    pool = encoders.pool(settings.max_pixels)
    return SiteImages(release.folder / DATABASE, name, folders, encoders.cache, pool)


def _table_name(public: Path) -> str:
    """The name of the tag table in a publish folder: of what pages depend on. Empty if none is."""
    try:
        return table_of_pointer((public / POINTER).read_bytes())
    except (OSError, TableError):
        return ""


def _read_table(public: Path, name: str) -> bytes | None:
    """The tag table, if its content is what its name says."""
    try:
        data = (public / TAG_TABLES_PATH.strip("/") / name).read_bytes()
    except OSError:
        return None
    return data if table_name(data) == name else None


def _complete_release(folder: Path) -> Release:
    """Read a folder, whose parts may be of two builds while it is written."""
    found = release_id(folder)
    real = Path(found[0]) if found else folder
    deploy = read_deploy_file(real)
    database = real / DATABASE
    where = Location(str(database))
    try:
        build_id = _build_id(database)
    except (sqlite3.Error, LookupError) as error:
        hint = "Copy the whole folder that ssg build wrote"
        raise ServeError(Problem(f"cannot be read: {error}", where, hint)) from error
    if build_id != deploy.build_id:
        message = f"is of the build {build_id}, but {DEPLOY_FILE} is of {deploy.build_id}"
        hint = "Build the site anew, or copy the whole folder"
        raise ServeError(Problem(message, where, hint))
    if not (real / PUBLIC).is_dir():
        where = Location(str(real / PUBLIC))
        raise ServeError(Problem("is missing", where, "Copy the whole folder that ssg build wrote"))
    if found is None or release_id(folder) != found:
        raise ServeError(Problem("has changed while it was read", Location(str(folder))))
    return Release(real, found, deploy)


def _build_id(database: Path) -> str:
    with contextlib.closing(open_readonly(database)) as connection:
        row = connection.execute("SELECT value FROM meta WHERE key = 'build_id'").fetchone()
    if row is None:
        raise LookupError("it names no build")
    return str(row[0])
