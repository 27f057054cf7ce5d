"""Remote pictures of a build: found in the site database, fetched, and stored as its rows.

They count like files of the site: another picture at a URL makes another build id.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from ssg.build.images.picture_reader import picture_reader
from ssg.build.images.remote_store import RemoteCopy, RemoteResult, RemoteStore
from ssg.config.load import Project
from ssg.content.inputs.remote_uses import RemoteUses, remote_uses
from ssg.content.scan import Scan
from ssg.content.structure.pictures import BrokenPicture, FocalPoints, picture_row, reader_key
from ssg.fingerprint.digest import digest_of
from ssg.model import database
from ssg.model.errors import Location, Problem
from ssg.model.images.picture import Picture, PictureFacts
from ssg.model.images.remote import remote_of
from ssg.model.images.settings import ImageSettings

FOLDER = "remote"
_CONFIG = Location("ssg.toml")
_FAILED_HINT = 'Correct the URL, or set images.broken = "warn"'
_LINKED_HINT = "Pages link to its host"
_REMOTE_ROWS = "DELETE FROM picture WHERE path LIKE 'http%'"
_BUILD_ID = "UPDATE meta SET value = ? WHERE key = 'build_id'"


def add_remote_pictures(
    project: Project,
    scanned: Scan,
    images: Path,
    now: dt.datetime,
    broken: Collection[BrokenPicture] = (),
) -> Scan:
    """Fetch the remote pictures that a scan has found. Returns the scan with their problems.

    `images` is the folder that keeps pictures between builds. `broken` are copies that turned out
    to be broken when they were decoded.
    """
    settings = project.settings.site.images
    if settings is None or not settings.remote:
        return scanned
    read = partial(picture_reader(settings), scanned.shows_colors)
    key = reader_key(settings, scanned.shows_colors)
    store = RemoteStore(images / FOLDER, read, key)
    uses = remote_uses(scanned.connection, scanned.texts, settings.remote)
    results = store.bring(uses, settings.remote, now.timestamp())
    copies = {url: one.copy for url, one in sorted(results.items()) if one.copy}
    reasons = {picture.sha256: picture.reason for picture in broken}
    rows = list(_rows(copies, store, project.root, settings, reasons))
    rows += _missing_rows(results, settings)
    scanned.connection.execute(_REMOTE_ROWS)
    database.insert_pictures(scanned.connection, rows)
    return _with_results(scanned, settings, uses, results, digest_of(list(map(tuple, rows))))


def _rows(
    copies: Mapping[str, RemoteCopy],
    store: RemoteStore,
    root: Path,
    settings: ImageSettings,
    reasons: Mapping[str, str],
) -> Iterator[Picture]:
    focus, found = FocalPoints(settings), store.facts(copies.values())
    for url, copy in copies.items():
        if copy.sha256 not in found:  # its file has just gone
            continue
        facts = PictureFacts(*found[copy.sha256])
        name = store.path(copy).relative_to(root).as_posix()
        facts = facts._replace(problem=reasons.get(facts.sha256, facts.problem))
        yield picture_row(url, name, facts, focus.of(url), settings)


def _missing_rows(
    results: Mapping[str, RemoteResult], settings: ImageSettings
) -> Iterator[Picture]:
    """The rows of pictures without a copy: pages show these as they are, if they may."""
    for url, one in sorted(results.items()):
        if one.copy is None:
            facts = PictureFacts(problem=f"cannot be fetched: {one.problem}")
            yield picture_row(url, url, facts, "", settings)


def _with_results(
    scanned: Scan,
    settings: ImageSettings,
    uses: RemoteUses,
    results: Mapping[str, RemoteResult],
    fingerprint: str,
) -> Scan:
    build_id = digest_of(scanned.build_id, fingerprint)[:20]
    scanned.connection.execute(_BUILD_ID, (build_id,))
    since, until = scanned.changes.valid_between
    stale_at = min(_stale_at(results, settings), default=until)
    hint = _FAILED_HINT if settings.is_strict else _LINKED_HINT
    failed = [_problem(url, uses[url], one, hint) for url, one in results.items() if not one.copy]
    offline = [_warning(url, uses[url], one) for url, one in results.items() if _is_old(one)]
    return replace(
        scanned,
        build_id=build_id,
        content_id=digest_of(scanned.content_id, fingerprint)[:20],
        changes=replace(scanned.changes, valid_between=(since, min(until, stale_at))),
        problems=(*scanned.problems, *(failed if settings.is_strict else ())),
        warnings=(*scanned.warnings, *offline, *(() if settings.is_strict else failed)),
    )


def _stale_at(results: Mapping[str, RemoteResult], settings: ImageSettings) -> Iterator[float]:
    """When each copy has to be asked for again. One that failed is asked for in the next build."""
    for url, one in results.items():
        remote = remote_of(url, settings.remote)
        if remote and one.copy and not one.problem:
            yield one.copy.asked_at + remote.refresh_seconds
        else:
            yield 0.0


def _is_old(result: RemoteResult) -> bool:
    return result.copy is not None and bool(result.problem)


def _problem(url: str, where: Location | None, result: RemoteResult, hint: str) -> Problem:
    return Problem(f"{url} cannot be fetched: {result.problem}", where or _CONFIG, hint)


def _warning(url: str, where: Location | None, result: RemoteResult) -> Problem:
    at = result.copy.asked_at if result.copy else 0
    day = dt.datetime.fromtimestamp(at, dt.UTC).date().isoformat()
    message = f"{url} cannot be checked for changes: {result.problem}"
    return Problem(message, where or _CONFIG, f"The build uses the copy of {day}")
