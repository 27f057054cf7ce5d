"""What the header of a picture says."""

from __future__ import annotations

from dataclasses import dataclass, replace

TURNED_SIDEWAYS = frozenset({5, 6, 7, 8})
"""Orientations of EXIF that exchange width and height."""


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """Size and kind of a picture, of its content and not of its file name."""

    format: str
    """jpeg, png, webp, avif, gif, svg, tiff or bmp."""
    width: int
    height: int
    """As a browser shows it: after the orientation."""
    is_animated: bool = False
    has_alpha: bool = False
    orientation: int = 1
    """How the pixels of the decoder are turned, 1 to 8, as EXIF counts."""

    @property
    def pixels(self) -> int:
        """The number of pixels."""
        return self.width * self.height


def oriented(header: PictureHeader, orientation: int) -> PictureHeader:
    """The header of stored pixels as they are shown. An unknown orientation counts as none."""
    if not 2 <= orientation <= 8:
        return header
    width, height = header.width, header.height
    if orientation in TURNED_SIDEWAYS:
        width, height = height, width
    return replace(header, width=width, height=height, orientation=orientation)
