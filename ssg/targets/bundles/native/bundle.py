"""Writes the native bundle: the site database, the texts that it refers to, and `deploy.toml`."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from ssg.model.database import open_readonly
from ssg.model.texts import FOLDER
from ssg.targets.bundles.native.deploy_file import DEPLOY_FILE, DeployFile

DATABASE = "site.db"


def write_bundle(folder: Path, database: Path, deploy: DeployFile) -> list[Path]:
    """Write a bundle into an empty folder. Returns its parts, in the order to put them into place.

    A part is a file or a folder. Texts come before the database that refers to them, and
    `deploy.toml`, which says that all is there, is the last.
    """
    texts = folder / FOLDER
    texts.mkdir()
    for block in _blocks(database):
        _link_or_copy(block, texts / block.name)
    shutil.copyfile(database, folder / DATABASE)
    (folder / DEPLOY_FILE).write_text(deploy.to_toml(), "utf-8")
    return [texts, folder / DATABASE, folder / DEPLOY_FILE]


def _blocks(database: Path) -> Iterator[Path]:
    """The blocks that a database refers to; their folder may contain others."""
    with contextlib.closing(open_readonly(database)) as connection:
        for (digest,) in connection.execute("SELECT digest FROM block ORDER BY digest"):
            yield database.parent / FOLDER / digest


def _link_or_copy(file: Path, place: Path) -> None:
    """Blocks never change, so a link will do."""
    try:
        place.hardlink_to(file)
    except OSError:  # another file system, or one without links
        shutil.copyfile(file, place)
