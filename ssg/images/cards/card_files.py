"""The files that cards are drawn with, by their content: fonts, and the template picture.

A build copies them into a folder, so that servers and worker processes need no other place.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ssg.config.image_cards import card_file_path
from ssg.fingerprint.digest import sha256_of
from ssg.images.cards.font_face import FontFace
from ssg.model.errors import Problem, SsgError
from ssg.model.images.card import Card, CardDesign, CardFile

if TYPE_CHECKING:
    from ssg.images.cards.painter import CardPainter


class CardError(SsgError):
    """A file that cards need is missing, or cannot be used."""


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


def card_files(design: CardDesign) -> tuple[CardFile, ...]:
    """The files of a design."""
    return (*design.fonts, *((design.background,) if design.background else ()))


@lru_cache(maxsize=4)
def font_faces(design: CardDesign, folder: Path) -> tuple[FontFace, ...]:
    """The fonts of a design. Raises CardError."""
    return tuple(_faces(design, folder))


def draw_card(design: CardDesign, folder: Path, card: Card) -> bytes:
    """Draw a card with the files in a folder. Raises CardError."""
    return _painter(design, folder).draw(card)


@lru_cache(maxsize=4)
def _painter(design: CardDesign, folder: Path) -> CardPainter:
    from ssg.images.cards.font_stack import FontStack  # noqa: PLC0415 Pillow
    from ssg.images.cards.painter import CardPainter  # noqa: PLC0415 Pillow

    template = _read(folder, design.background) if design.background else b""
    return CardPainter(design, FontStack(font_faces(design, folder)), template)


def _faces(design: CardDesign, folder: Path) -> Iterator[FontFace]:
    for file in design.fonts:
        try:
            yield FontFace.read(file.name, _read(folder, file))
        except ValueError as error:
            raise CardError(Problem(f"{file.name} cannot be used as a font: {error}")) from None


def _read(folder: Path, file: CardFile) -> bytes:
    try:
        data = (folder / file.sha256).read_bytes()
    except OSError as error:
        message = f"{file.name}, which cards need, cannot be read: {error.strerror}"
        raise CardError(Problem(message, None, "Build the site again")) from None
    if sha256_of(data) != file.sha256:
        raise CardError(Problem(f"{file.name} is damaged in {folder}", None, "Delete the folder"))
    return data


def _source(root: Path, file: CardFile) -> bytes:
    path = card_file_path(root, file.name)
    data = path.read_bytes() if path else b""
    if sha256_of(data) != file.sha256:
        raise CardError(Problem(f"{file.name} has changed during the build", None, "Build again"))
    return data


def _write(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
