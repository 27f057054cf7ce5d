"""Writes an imported site: all of it, or nothing, and nothing outside the new site."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ssg.fingerprint.input_folders import CONFIG_NAME
from ssg.importers.destinations import destination_problem
from ssg.importers.imported_site import ImportedFile, ImportedSite, TextFile
from ssg.importers.site_data.toml_yaml_json import write_table
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import Location, OldSiteError, Problem


def refuse_target(folder: Path, tree: SourceTree, *, force: bool) -> None:
    """Raise OldSiteError if the new site may not be written into `folder`."""
    place = folder.resolve()
    if place == tree.root or tree.root.is_relative_to(place):
        hint = "Choose another folder for the new site"
        raise OldSiteError(Problem(f"{folder} is the old site itself", None, hint))
    if folder.exists() and not folder.is_dir():
        raise OldSiteError(Problem(f"{folder} is a file"))
    if folder.is_dir() and any(folder.iterdir()) and not force:
        hint = "Choose another one, or write over it with --force"
        raise OldSiteError(Problem(f"the folder {folder} is not empty", None, hint))


def write_site(
    site: ImportedSite, tree: SourceTree, folder: Path, more: Iterable[TextFile] = ()
) -> None:
    """Write to a temporary folder next to the target, then move it: an error leaves nothing.

    `more` are files of ssg itself, such as the report; only they are outside of the folders of
    `destinations`.
    """
    for file in site.files:
        if problem := destination_problem(file):
            raise OldSiteError(Problem(f"{file.path!a} cannot be written: {problem}"))
    place = folder.resolve()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    except OSError as error:
        raise OldSiteError(Problem(f"cannot write {folder}: {error.strerror}")) from error
    try:
        for file in (TextFile(CONFIG_NAME, write_table(site.config)), *site.files, *more):
            _write(file, tree, staging)
        staging.chmod(0o755)
        _move(staging, place)
    except OSError as error:
        raise OldSiteError(Problem(f"cannot write {folder}: {error}")) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(file: ImportedFile, tree: SourceTree, folder: Path) -> None:
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(file, TextFile):
        path.write_bytes(_encoded(file.text))
    else:
        shutil.copyfile(tree.root / file.origin, path)


def _encoded(text: str) -> bytes:
    """UTF-8. Halves of surrogate pairs, which JSON and YAML can hold, are joined or replaced."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def _move(staging: Path, place: Path) -> None:
    """Rename to a new or empty folder; else move file by file, over files of the same name."""
    if place.is_dir() and not any(place.iterdir()):
        place.rmdir()
    if not place.exists():
        staging.rename(place)
        return
    _refuse_links(staging, place)
    for folder, _, names in os.walk(staging):
        target = place / Path(folder).relative_to(staging)
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            (Path(folder) / name).replace(target / name)


def _refuse_links(staging: Path, place: Path) -> None:
    """Refuse to write through a symbolic link in the folder of the new site."""
    for folder, _, _ in os.walk(staging):
        relative = Path(folder).relative_to(staging)
        if (place / relative).resolve() != place / relative:
            hint = "Remove the link, or choose another folder"
            problem = Problem("leads through a symbolic link", Location(str(relative)), hint)
            raise OldSiteError(problem)
