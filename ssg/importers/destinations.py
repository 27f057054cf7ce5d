"""Where an import may write.

Paths of imported files are made of what the old site says: file names, slugs, permalinks, settings,
language codes. None of it is trusted. So each kind of file has the folders that it may be in, and
what is outside of them, or has a name that could be misread, is left out with a finding.
`assemble` asks here first, and `write_site` asks again before it writes anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import CopiedFile, ImportedFile, TextFile
from ssg.importers.source_tree import PUBLISHED_DOT_NAMES
from ssg.model.urls import MAX_SEGMENT_BYTES

_MAX_PATH_BYTES = 1000
_CONTROL = re.compile(r"[\x00-\x1f\x7f\\]")
_DRIVE = re.compile(r"[A-Za-z]:")
_PUBLISHED = re.compile(r"(?:content|static)/.+", re.S)
_FORMS: Mapping[type[ImportedFile], tuple[re.Pattern[str], ...]] = {
    CopiedFile: (_PUBLISHED, re.compile(r"data/.+\.(?:toml|ya?ml|json|csv)", re.S)),
    TextFile: (
        _PUBLISHED,
        re.compile(r"i18n/[^/]+\.toml", re.S),
        re.compile(r"templates/shortcodes/[A-Za-z_][A-Za-z0-9_]*\.html"),
    ),
}


def destination_problem(file: ImportedFile) -> str:
    """Why a file may not be written; '' if it may."""
    if not any(form.fullmatch(file.path) for form in _FORMS[type(file)]):
        return "an import does not write there"
    return _path_problem(file.path)


def page_problem(page: ImportedPage) -> str:
    """Why the file of a page may not be written; '' if it may."""
    return _path_problem(f"content/{page.content_path}")


def folder_problem(path: str) -> str:
    """Why a folder of the new site may not have this path; '' if it may."""
    return _path_problem(path)


def clashes(files: Iterable[ImportedFile]) -> Iterator[str]:
    """The paths of files where other files need a folder."""
    paths = {file.path for file in files}
    folders = {str(above) for path in paths for above in PurePosixPath(path).parents}
    yield from sorted(paths & folders)


def _path_problem(path: str) -> str:
    segments = path.split("/")
    if "" in segments or "." in segments or ".." in segments:
        return "the path leaves its folder"
    if _CONTROL.search(path) or any(map(_DRIVE.match, segments)) or not _is_text(path):
        return "the path contains a character that file systems read differently"
    if any(one.startswith(".") and one not in PUBLISHED_DOT_NAMES for one in segments):
        return "the path is hidden"
    if max(len(one.encode()) for one in segments) > MAX_SEGMENT_BYTES:
        return f"a part of the path is longer than {MAX_SEGMENT_BYTES} bytes"
    return "the path is too long" if len(path.encode()) > _MAX_PATH_BYTES else ""


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
