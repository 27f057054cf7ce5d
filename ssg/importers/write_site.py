"""Writes an imported site: all of it, or nothing."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from ssg.fingerprint.inputs import CONFIG_NAME
from ssg.importers.imported_site import ImportedFile, ImportedSite, TextFile
from ssg.importers.site_data.toml_yaml_json import write_table
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError, Problem


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
    """Write to a temporary folder next to the target, then move it: an error leaves nothing."""
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
    if not path.resolve().is_relative_to(folder.resolve()):
        raise OldSiteError(Problem(f"{file.path} would be outside the new site"))
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(file, TextFile):
        path.write_text(file.text, "utf-8", newline="\n")
    else:
        shutil.copyfile(tree.root / file.origin, path)


def _move(staging: Path, place: Path) -> None:
    """Rename to a new or empty folder; else move file by file, over files of the same name."""
    if place.is_dir() and not any(place.iterdir()):
        place.rmdir()
    if not place.exists():
        staging.rename(place)
        return
    for folder, _, names in os.walk(staging):
        target = place / Path(folder).relative_to(staging)
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            (Path(folder) / name).replace(target / name)
