"""Copies the files of cards into a folder, so that servers and processes need no other place."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ssg.config.image_cards import card_file_path
from ssg.images.cards.card_files import CardError, card_files
from ssg.model.errors import Problem
from ssg.model.images.card import CardDesign, CardFile


def keep_card_files(design: CardDesign, root: Path, folder: Path) -> None:
    """Copy the files of a design from the site in `root` into a folder, and remove all others."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in card_files(design):
        if not (folder / file.sha256).is_file():
            _write(folder / file.sha256, _source(root, file))
    names = {file.sha256 for file in card_files(design)}
    for other in folder.iterdir():
        if other.name not in names:
            other.unlink(missing_ok=True)


def _source(root: Path, file: CardFile) -> bytes:
    path = card_file_path(root, file.name)
    data = path.read_bytes() if path else b""
    if not file.has(data):
        raise CardError(Problem(f"{file.name} has changed during the build", None, "Build again"))
    return data


def _write(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
