"""Cards: pictures of pages for link previews (OpenGraph), and their addresses.

The address of a card contains the path of its page and a digest of all that is on the card:
`/_img/cards/blog/boat/DIGEST.png`. A server finds the page by the path, computes the digest again,
and answers only if both are the same. So it needs no table of cards, and a stranger cannot ask for
a card with a text of their own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

CARDS_PATH = "/_img/cards"
CARDS_VERSION = 1
"""A part of each digest: a change of the drawing makes new addresses."""
MAX_TEXT = 400
"""Characters of a text; more would not be legible."""

_DIGITS = 16
_ADDRESS = re.compile(rf"{CARDS_PATH}(/(?:[^/]+/)*)([0-9a-f]{{{_DIGITS}}})\.(png|jpg)", re.ASCII)
_PHOTO_SUFFIXES = (".jpg", ".jpeg", ".webp", ".avif")


class CardPart(NamedTuple):
    """What can stand on a card besides the title, by its name in `show`."""

    section: str = ""
    site: str = ""
    date: str = ""
    author: str = ""


CARD_PARTS = CardPart._fields
_NO_PARTS = CardPart()


@dataclass(frozen=True, slots=True)
class CardSettings:
    """`[images.cards]`. Sizes are in pixels, colours are written `#rrggbb`."""

    width: int = 1200
    height: int = 630
    background: tuple[str, ...] = ("#1e293b", "#0f172a")
    """A picture of the site, a colour, or two for a gradient from the top to the bottom."""
    color: str = "#f8fafc"
    accent: str = "#7dd3fc"
    font: tuple[str, ...] = ("noto-sans",)
    """Font files of the site, or names of packages of fonts. The first with a character counts."""
    show: tuple[str, ...] = ("section", "site")
    date_format: str = "%Y-%m-%d"
    margin: int = 72
    exclude: tuple[str, ...] = ()
    """Globs over the paths of pages that have no card."""

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> CardSettings:
        """Read them from the JSON of the site database."""
        lists = ("background", "font", "show", "exclude")
        return cls(**{**values, **{key: tuple(values[key]) for key in lists}})


@dataclass(frozen=True, slots=True)
class CardFile:
    """A file that cards are drawn with, by the SHA-256 of its content."""

    name: str
    sha256: str

    @classmethod
    def of(cls, name: str, data: bytes) -> CardFile:
        return cls(name, hashlib.sha256(data).hexdigest())

    def has(self, data: bytes) -> bool:
        """Whether this is the content of the file."""
        return hashlib.sha256(data).hexdigest() == self.sha256


@dataclass(frozen=True, slots=True)
class CardDesign:
    """The settings of all cards with the files that they name: what all cards share."""

    settings: CardSettings
    fonts: tuple[CardFile, ...] = ()
    background: CardFile | None = None
    """The template picture, if there is one."""

    @property
    def suffix(self) -> str:
        """Of the files of cards. A photo is smaller as JPEG, all else as PNG."""
        name = self.background.name.lower() if self.background else ""
        return "jpg" if name.endswith(_PHOTO_SUFFIXES) else "png"

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> CardDesign:
        """Read it from the JSON of the site database."""
        background = values["background"]
        return cls(
            CardSettings.from_values(values["settings"]),
            tuple(CardFile(**one) for one in values["fonts"]),
            CardFile(**background) if background else None,
        )


@lru_cache(maxsize=16)
def _design_digest(design: CardDesign) -> str:
    """A digest of all that the bytes of every card depend on."""
    shared = replace(design, settings=replace(design.settings, exclude=()))
    return _sha256((CARDS_VERSION, asdict(shared)))


def _sha256(values: tuple[Any, ...]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on the card of a page. `direction` is that of its language, `ltr` or `rtl`."""

    page_path: str
    title: str
    parts: CardPart = _NO_PARTS
    direction: str = "ltr"

    def digest(self, design: CardDesign) -> str:
        """Names the card: another text or setting makes another name."""
        values = (_design_digest(design), self.page_path, *self.texts(), self.direction)
        return _sha256(values)[:_DIGITS]

    def path(self, design: CardDesign, digest: str = "") -> str:
        """The path of the card, below the base path. `digest` is that of the card, if known."""
        folder = self.page_path.rstrip("/")
        return f"{CARDS_PATH}{folder}/{digest or self.digest(design)}.{design.suffix}"

    @property
    def alt(self) -> str:
        """The card in words."""
        site = self.parts.site
        return f"{self.title} – {site}" if site not in {"", self.title} else self.title

    def texts(self) -> tuple[str, ...]:
        return (self.title, *self.parts)


class CardAddress(NamedTuple):
    """The path of a card, taken apart."""

    page_paths: tuple[str, ...]
    """The page has one of them; `/about` and `/about/` are two pages."""
    file_name: str

    @classmethod
    def parse(cls, path: str) -> CardAddress | None:
        """None if it is not the path of a card."""
        found = _ADDRESS.fullmatch(path)
        if found is None:
            return None
        folder = found[1]
        paths = (folder, folder.rstrip("/")) if folder != "/" else (folder,)
        return cls(paths, f"{found[2]}.{found[3]}")


def card_text(text: str) -> str:
    """A text for a card: on one line, without more than fits on it."""
    return " ".join(text.split())[:MAX_TEXT]
