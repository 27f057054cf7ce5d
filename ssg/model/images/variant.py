"""A variant: one picture by one recipe in one format, and its address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Frame, Recipe

VARIANTS_FOLDER = "_img"
"""The folder of variants in the publish folder."""
VARIANTS_PATH = f"/{VARIANTS_FOLDER}/"
ORIGINAL = "original"
"""In place of a recipe: the file as it is."""
DIGEST_DIGITS = 16

_SUFFIXES = {"jpeg": "jpg"}
_FORMATS = {suffix: name for name, suffix in _SUFFIXES.items()}
_NAME = re.compile(
    rf"([0-9a-f]{{{DIGEST_DIGITS}}})-([0-9a-z.-]{{1,60}})\.(avif|webp|jpg|png)", re.ASCII
)


class VariantName(NamedTuple):
    """The parts of the file name of a variant."""

    digest: str
    recipe: str
    format: str

    @classmethod
    def parse(cls, file_name: str) -> VariantName | None:
        """Return the parts; None for any other name."""
        found = _NAME.fullmatch(file_name)
        return cls(found[1], found[2], _FORMATS.get(found[3], found[3])) if found else None


@dataclass(frozen=True, slots=True)
class Variant:
    """One size and format of a picture."""

    picture: Picture
    recipe: Recipe
    format: str
    """One that can be written, never `original`."""

    @property
    def file_name(self) -> str:
        """`0123456789abcdef-640.webp`."""
        suffix = _SUFFIXES.get(self.format, self.format)
        return f"{self.picture.digest}-{self.recipe.name}.{suffix}"

    @property
    def path(self) -> str:
        """Its path below the base path: `/_img/0123456789abcdef-640.webp`."""
        return VARIANTS_PATH + self.file_name

    @property
    def frame(self) -> Frame:
        """What it shows of the upright picture, and its size."""
        picture = self.picture
        return self.recipe.at_focus(picture.focus).frame(picture.width, picture.height)

    @property
    def media_type(self) -> str:
        return f"image/{self.format}"


def original_places(picture: Picture) -> tuple[str, str]:
    """Where the publish folder may have an original: at its own path, or beside its variants."""
    return picture.path.removeprefix("/"), f"{VARIANTS_FOLDER}/{original_name(picture)}"


def original_name(picture: Picture) -> str:
    """The file name of an original that functions need and that has no other address."""
    suffix = _SUFFIXES.get(picture.format, picture.format)
    return f"{picture.digest}-{ORIGINAL}.{suffix}"
