"""`[images]`: which variants of pictures there are, and what Markdown writes for a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from ssg.model.images.card import CardDesign
from ssg.model.images.recipe import Recipe
from ssg.model.images.remote import RemoteSettings
from ssg.model.images.resized import ResizedPictures, SizedAddress

ENGINE_VERSION = 1
"""A part of the address of each variant: a change of the encoder makes new addresses."""

MAX_PIXELS = 100_000_000
"""The default of `max_pixels`."""

IMAGE_RULE = "image"
"""The `kind` of rules for variants of pictures."""

DEFAULT_QUALITY: Mapping[str, int] = MappingProxyType({"avif": 55, "jpeg": 80, "webp": 78})
"""Of formats that have one."""


class ImageFormat(StrEnum):
    """A format of variants; `original` is that of the picture, if it can be written."""

    AVIF = "avif"
    WEBP = "webp"
    JPEG = "jpeg"
    PNG = "png"
    ORIGINAL = "original"


class ImageService(StrEnum):
    """What makes deferred variants: functions of ssg, or a service of the host."""

    SSG = "ssg"
    NETLIFY = "netlify"
    VERCEL = "vercel"


class Placeholder(StrEnum):
    """What a picture of a text shows until it has loaded."""

    NONE = "none"
    COLOR = "color"
    BLUR = "blur"


@dataclass(frozen=True, slots=True)
class ImageSettings:
    """`[images]`. `exclude` and the keys of `focus` are globs over the paths of pictures."""

    widths: tuple[int, ...] = (400, 800, 1200, 1600)
    """In pixels, of the variants of pictures in texts, the smallest first."""
    formats: tuple[str, ...] = (ImageFormat.WEBP, ImageFormat.ORIGINAL)
    """Of pictures in texts, the best first."""
    quality: Mapping[str, int] = field(default_factory=lambda: dict(DEFAULT_QUALITY))
    sizes: str = "100vw"
    eager: int = 0
    """The number of pictures of a text that load at once; others load when they come near."""
    least_width: int = 0
    """Pictures in texts that are narrower stay as they are; 0: the smallest of `widths`."""
    placeholder: str = Placeholder.NONE
    exclude: tuple[str, ...] = ()
    background: str = "#ffffff"
    """What shows through a picture with transparency in a format that has none."""
    sanitise_svg: bool = False
    publish_originals: bool = True
    is_strict: bool = True
    """Whether a broken picture that is used is an error, not a warning."""
    max_pixels: int = MAX_PIXELS
    service: str = ImageService.SSG
    addresses: tuple[str, ...] = ()
    """Further addresses of variants, with `{file}` and `{width}`."""
    recipes: Mapping[str, Recipe] = field(default_factory=dict)
    """By name: `image("a.jpg", recipe="thumb")`."""
    focus: Mapping[str, str] = field(default_factory=dict)
    cards: CardDesign | None = None
    """None for a site without pictures for link previews."""
    resized: tuple[ResizedPictures, ...] = ()
    """Pictures that another service resizes."""
    remote: tuple[RemoteSettings, ...] = ()
    """Pictures of other hosts that a build fetches."""

    def find_resized(self, url: str) -> SizedAddress | None:
        """Return what another service has of the picture at an address."""
        return next(filter(None, (one.find(url) for one in self.resized)), None)

    @property
    def narrowest(self) -> int:
        """The least width of a picture that a text shows in several sizes."""
        return self.least_width or min(self.widths, default=0)

    @property
    def encoding_values(self) -> Mapping[str, Any]:
        """What the bytes of all variants depend on, besides pictures and recipes."""
        quality = dict(sorted(self.quality.items()))
        return {"engine": ENGINE_VERSION, "quality": quality, "background": self.background}

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> ImageSettings:
        """Read them from the JSON of the site database."""
        lists = ("widths", "formats", "exclude", "addresses")
        recipes = {name: Recipe(**table) for name, table in sorted(values["recipes"].items())}
        cards = CardDesign.from_values(values["cards"]) if values["cards"] else None
        resized = tuple(
            ResizedPictures(one["match"], one["variant"], tuple(one["widths"]))
            for one in values["resized"]
        )
        known = {key: tuple(values[key]) for key in lists}
        remote = tuple(map(RemoteSettings.from_values, values["remote"]))
        own = {"recipes": recipes, "cards": cards, "resized": resized, "remote": remote}
        return cls(**{**values, **known, **own})
