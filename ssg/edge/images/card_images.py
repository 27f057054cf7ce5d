"""An image function with cards: it finds the page of a card, and draws the card on request."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from ssg.edge.images.cached_content import read_content, write_content
from ssg.edge.images.image_function import FoundPicture, ImageFunction, VariantContent
from ssg.images.cards.card_files import draw_card
from ssg.images.variant_cache import VariantCache
from ssg.model.images.card import CARDS_PATH
from ssg.model.images.card_variant import CardVariant
from ssg.model.images.variant import Variant
from ssg.model.queries.site import Site
from ssg.render.views.card import design_of, find_card
from ssg.runtime.variant_lookup import FoundVariant

_MAX_KNOWN = 4096


@dataclass(frozen=True, slots=True)
class CardImages:
    """An `ImageFunction`: cards, and all else by `pictures`.

    `files` is the folder of the fonts. Cards are kept in the same cache as variants.
    """

    pictures: ImageFunction
    site: Site
    files: Path
    cache: VariantCache
    _known: dict[str, FoundVariant] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def addresses(self) -> frozenset[str]:
        return self.pictures.addresses

    @property
    def service_path(self) -> str:
        return self.pictures.service_path

    def find(self, path: str) -> FoundPicture:
        """Look up a decoded path."""
        if not path.startswith(CARDS_PATH):
            return self.pictures.find(path)
        if path in self._known:
            return self._known[path]
        with self._lock:
            card, design = find_card(self.site, path), design_of(self.site)
            if card is None or design is None:
                return None
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[path] = FoundVariant(CardVariant.of(card, design))
            return self._known[path]

    def find_by_service(self, query: str, accept: str) -> FoundPicture:
        """Look up a query at `service_path`."""
        return self.pictures.find_by_service(query, accept)

    def made(self, variant: Variant) -> VariantContent | None:
        """Read a variant that was made and is not damaged."""
        if not isinstance(variant, CardVariant):
            return self.pictures.made(variant)
        return read_content(self.cache, variant.file_name)

    def keep(self, variant: Variant, data: bytes) -> VariantContent:
        """Write a variant that another machine has made."""
        if not isinstance(variant, CardVariant):
            return self.pictures.keep(variant, data)
        return write_content(self.cache, variant.file_name, data)

    def make(self, variant: Variant) -> VariantContent:
        """Make a variant. Raises CardError."""
        if not isinstance(variant, CardVariant):
            return self.pictures.make(variant)
        data = draw_card(variant.design, self.files, variant.card)
        return write_content(self.cache, variant.file_name, data)
