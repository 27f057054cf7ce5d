"""Draws cards with files of a folder: fonts, and the template picture, by their content.

A function has this module, too, so it imports nothing of the configuration.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ssg.images.cards.font_face import FontFace
from ssg.model.errors import Problem, SsgError
from ssg.model.images.card import Card, CardDesign, CardFile

if TYPE_CHECKING:
    from ssg.images.cards.painter import CardPainter

_drawing = threading.Lock()
"""An open font serves one thread at a time."""


class CardError(SsgError):
    """A file that cards need is missing, or cannot be used."""


def card_files(design: CardDesign) -> tuple[CardFile, ...]:
    """The files of a design."""
    return (*design.fonts, *((design.background,) if design.background else ()))


@lru_cache(maxsize=4)
def font_faces(design: CardDesign, folder: Path) -> tuple[FontFace, ...]:
    """The fonts of a design. Raises CardError."""
    return tuple(_faces(design, folder))


def draw_card(design: CardDesign, folder: Path, card: Card) -> bytes:
    """Draw a card with the files in a folder, one at a time in a process. Raises CardError."""
    with _drawing:
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
    if not file.has(data):
        raise CardError(Problem(f"{file.name} is damaged in {folder}", None, "Delete the folder"))
    return data
