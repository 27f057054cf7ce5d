"""A picture of the site, as the site database has it."""

from __future__ import annotations

from typing import NamedTuple

from ssg.model.images.settings import ImageFormat

SUFFIXES = frozenset(
    ".avif .bmp .gif .jfif .jpeg .jpg .pjpeg .png .svg .tif .tiff .webp".split()  # noqa: SIM905 one line
)
"""Of files that are pictures, in small letters."""
SVG, GIF = "svg", "gif"
WRITTEN_FORMATS = frozenset({ImageFormat.AVIF, ImageFormat.JPEG, ImageFormat.PNG, ImageFormat.WEBP})


class PictureFacts(NamedTuple):
    """What a picture file says of itself. Sizes are those of the upright picture, in pixels."""

    sha256: str = ""
    """Of the file, in hex digits."""
    width: int = 0
    height: int = 0
    format: str = ""
    """That of its content, in small letters, whatever its name says; '' for a broken one."""
    is_animated: bool = False
    has_alpha: bool = False
    color: str = ""
    """Its dominant colour, `#aabbcc`, if the site asks for it."""
    placeholder: str = ""
    """A tiny copy as a `data:` URL, if the site asks for it."""
    problem: str = ""
    """Why it cannot be used: `is cut off`. It follows the name of the picture in a sentence."""


class Picture(NamedTuple):
    """A picture, by columns of the site database."""

    path: str
    """Of its file in the publish folder, `/blog/boat.jpg`; the URL of a remote picture."""
    source: str
    """Its file, for people: `content/blog/boat.jpg`."""
    digest: str
    """Names its variants: of the file, its focal point and the settings of encoders."""
    sha256: str
    width: int
    height: int
    format: str
    is_animated: bool
    has_alpha: bool
    focus: str
    """Its focal point by name, `30.40`; '' is the centre."""
    color: str
    placeholder: str
    problem: str
    deferred: bool | None = None
    """Whether a rule defers its variants, or makes all of them at the build; None: by use."""
    reason: str = ""

    @property
    def is_remote(self) -> bool:
        """Whether it is a picture of another host, and its path a URL."""
        return not self.path.startswith("/")

    @property
    def is_missing(self) -> bool:
        """Whether it is a remote picture that could not be fetched."""
        return self.is_remote and not self.sha256

    @property
    def has_variants(self) -> bool:
        """Whether it can be resized: drawings and animated pictures are left whole."""
        return not (self.problem or self.is_animated or self.format in {SVG, GIF})

    @property
    def reason_for_none(self) -> str:
        """Why it has no variants; empty if it has."""
        if self.has_variants:
            return ""
        whole = "drawings" if self.format == SVG else "GIF files" if self.format == GIF else ""
        return self.problem or f"{whole or 'animated pictures'} stay as they are"

    def format_of(self, wanted: str) -> str:
        """The format of a variant: `original` is its own, or one that shows the same."""
        if wanted != ImageFormat.ORIGINAL:
            return wanted
        if self.format in WRITTEN_FORMATS:
            return self.format
        return ImageFormat.PNG if self.has_alpha else ImageFormat.JPEG
