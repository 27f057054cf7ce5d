"""An image function with cards: it finds the page of a card, and draws the card on request."""

from __future__ import annotations

import threading
import weakref
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


class CardImages:
    """An `ImageFunction`: cards, and all else by `pictures`, if there are any.

    `files` is the folder of the fonts. Cards are kept in the same cache as variants. Its database
    is closed when nothing refers to it any longer.
    """

    def __init__(
        self, pictures: ImageFunction | None, database: Path, files: Path, cache: VariantCache
    ) -> None:
        self.pictures = pictures
        self.addresses = pictures.addresses if pictures else frozenset[str]()
        self.service_path = pictures.service_path if pictures else ""
        self._site = Site.open(database)
        weakref.finalize(self, self._site.close).atexit = False
        self._files = files
        self._cache = cache
        self._known: dict[str, FoundVariant] = {}
        self._lock = threading.Lock()

    def find(self, path: str) -> FoundPicture:
        """Look up a decoded path."""
        if not path.startswith(CARDS_PATH):
            return self.pictures.find(path) if self.pictures else None
        if path in self._known:
            return self._known[path]
        with self._lock:
            card, design = find_card(self._site, path), design_of(self._site)
            if card is None or design is None:
                return None
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[path] = FoundVariant(CardVariant.of(card, design))
            return self._known[path]

    def find_by_service(self, query: str, accept: str) -> FoundPicture:
        """Look up a query at `service_path`."""
        return self.pictures.find_by_service(query, accept) if self.pictures else None

    def made(self, variant: Variant) -> VariantContent | None:
        """Read a variant that was made and is not damaged."""
        if self.pictures is None or isinstance(variant, CardVariant):
            return read_content(self._cache, variant.file_name)
        return self.pictures.made(variant)

    def keep(self, variant: Variant, data: bytes) -> VariantContent:
        """Write a variant that another machine has made."""
        if self.pictures is None or isinstance(variant, CardVariant):
            return write_content(self._cache, variant.file_name, data)
        return self.pictures.keep(variant, data)

    def make(self, variant: Variant) -> VariantContent:
        """Make a variant. Raises CardError, or what `pictures` raises."""
        if isinstance(variant, CardVariant):
            data = draw_card(variant.design, self._files, variant.card)
            return write_content(self._cache, variant.file_name, data)
        if self.pictures is None:
            raise LookupError(variant.path)
        return self.pictures.make(variant)
