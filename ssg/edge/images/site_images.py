"""The image function of a site: its variants by address, their cache, and what makes them."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.edge.images.cached_content import read_content, write_content
from ssg.edge.images.image_function import FoundPicture, VariantContent
from ssg.images.encoder_pool import EncoderPool
from ssg.images.maker import VariantMaker
from ssg.images.picture_error import PictureError
from ssg.images.variant_cache import VariantCache
from ssg.model.images.picture import Picture
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import VARIANTS_PATH, Variant, original_places
from ssg.model.queries.site import Site
from ssg.redirects.rule import addresses_of
from ssg.runtime.variant_lookup import VariantLookup

FindPicture = Callable[[str], Picture | None]
"""Finds the picture at a path of the publish folder, of an original, or at a remote URL."""


@dataclass(frozen=True, slots=True)
class HostService:
    """The image service of a host, which a preview emulates."""

    path: str
    find: Callable[[str, str], FoundPicture]
    """Finds the variant that a query asks for, for a client that accepts types of media."""


class SiteImages:
    """An `ImageFunction`. Its database is closed when nothing refers to it any longer."""

    def __init__(
        self,
        database: Path,
        function: str,
        folders: Sequence[Path],
        cache: VariantCache,
        pool: EncoderPool,
        service: Callable[[Site, FindPicture], HostService | None] = lambda *_: None,
    ) -> None:
        """`function` is the name of the function, `folders` have the originals."""
        site = Site.open(database)
        weakref.finalize(self, site.close).atexit = False
        settings = site.settings.images or ImageSettings()
        self.addresses = addresses_of(function)
        self.lookup = VariantLookup(site, settings.addresses, self.addresses)
        self._folders = tuple(folders)
        self._cache = cache
        self._maker = VariantMaker(cache, pool, settings)
        self._service = service(site, self.lookup.picture)

    @property
    def service_path(self) -> str:
        """The path of the image service of a host; empty if there is none."""
        return self._service.path if self._service else ""

    def find(self, path: str) -> FoundPicture:
        """Look up a decoded path."""
        return self.lookup.find(path)

    def find_by_service(self, query: str, accept: str) -> FoundPicture:
        """Look up a query at `service_path`."""
        return self._service.find(query, accept) if self._service else None

    def made(self, variant: Variant) -> VariantContent | None:
        """Read a variant from the cache."""
        return read_content(self._cache, variant.file_name)

    def keep(self, variant: Variant, data: bytes) -> VariantContent:
        """Write a variant into the cache, if that is possible."""
        return write_content(self._cache, variant.file_name, data)

    def make(self, variant: Variant) -> VariantContent:
        """Make a variant. Raises PictureError."""
        data = self._maker.read(original_of(variant.picture, self._folders), variant)
        return VariantContent(data, self._cache.find(variant.file_name))

    def collect(self) -> int:
        """Delete variants of other builds that were not used for long; returns their number."""
        try:
            return self._cache.collect(self._knows)
        except OSError:  # nothing was stored in a folder that cannot be read
            return 0

    def _knows(self, file_name: str) -> bool:
        return self.lookup.find(VARIANTS_PATH + file_name) is not None


def original_of(picture: Picture, folders: Sequence[Path]) -> Path:
    """The file of a picture in publish folders, or in that of the project. Raises PictureError."""
    names = (*original_places(picture), picture.source)
    for folder in folders:
        for name in names:
            if (file := folder / name).is_file():
                return file
    raise PictureError("is missing")
