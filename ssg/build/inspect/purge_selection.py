"""What `ssg purge` is to purge: the tags of pages, and those that differ between two builds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from ssg.fingerprint.tag_table.changes import read_changes
from ssg.model.errors import Location, Problem, PurgeError
from ssg.model.urls import canonical_path, decode_path
from ssg.render.dependencies.tags import page_tag
from ssg.runtime.signed_purge import PurgeSelection

_BUILD = "Run ssg build or ssg changes"


def page_tags(pages: Iterable[str]) -> PurgeSelection:
    """The tags of pages, which are named by path or URL. Raises PurgeError for each wrong one.

    A page has one path, but the answer "not found" has the path that was requested: `/a` and `/a/`.
    """
    texts = list(pages)
    paths = [_path(text) for text in texts]
    hint = "A path begins with /, and is not encoded twice"
    problems = [
        Problem(f"{json.dumps(text)} is not the path of a page", None, hint)
        for text, path in zip(texts, paths, strict=True)
        if path is None
    ]
    if problems:
        raise PurgeError(problems)
    each = [spelling for path in paths if path for spelling in (canonical_path(path), path)]
    return PurgeSelection(tuple(dict.fromkeys(map(page_tag, each))))


def _path(text: str) -> str | None:
    """The decoded path of a path or URL, with a slash at its beginning."""
    path = urlsplit(text).path if "://" in text else text
    decoded = decode_path(path) if path.isprintable() else None
    return decoded if decoded is None or decoded.startswith("/") else f"/{decoded}"


def changed_tags(file: Path) -> PurgeSelection | None:
    """What differs between two builds, as `.ssg/changes.json` says; None if nothing does.

    Raises PurgeError if the file is missing or is not such a file.
    """
    where = Location(str(file))
    try:
        changes = read_changes(file)
    except FileNotFoundError as error:
        message = "no build has written what differs from the site that is live"
        raise PurgeError(Problem(message, where, _BUILD)) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = "the file is not a list of changed tags"
        raise PurgeError(Problem(message, where, _BUILD)) from error
    if changes.everything:
        return PurgeSelection(everything=True)
    return PurgeSelection(changes.tags) if changes.tags else None
