"""The image function of a site: its variants by address, the variant cache, and what makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ssg.edge.images.image_function import FoundPicture
from ssg.model.images.variant import Variant
from ssg.runtime.variant_lookup import VariantLookup


@dataclass(frozen=True, slots=True)
class HostService:
    """The image service of a host, which a preview emulates."""

    path: str
    find: Callable[[str, str], FoundPicture]
    """Finds the variant that a query asks for, for a client that accepts types of media."""


@dataclass(frozen=True, slots=True)
class SiteImages:
    """An `ImageFunction`."""

    lookup: VariantLookup
    addresses: frozenset[str]
    made: Callable[[Variant], Path | None]
    keep: Callable[[Variant, bytes], Path | None]
    make: Callable[[Variant], Path]
    service: HostService | None = None

    @property
    def service_path(self) -> str:
        """The path of the image service of a host; empty if there is none."""
        return self.service.path if self.service else ""

    def find(self, path: str) -> FoundPicture:
        """Look up a decoded path."""
        return self.lookup.find(path)

    def find_by_service(self, query: str, accept: str) -> FoundPicture:
        """Look up a query at `service_path`."""
        return self.service.find(query, accept) if self.service else None
