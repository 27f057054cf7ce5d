"""What the edge needs of an image function: it finds variants, keeps them, and makes them.

The edge decides who waits, who makes a variant, and what is answered. It knows nothing of encoders.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ssg.model.errors import SsgError
from ssg.model.images.variant import Variant
from ssg.runtime.variant_lookup import FoundVariant


class VariantError(SsgError):
    """A variant cannot be made: its picture is missing, or broken."""


@dataclass(frozen=True, slots=True)
class RefusedPicture:
    """A request that the service of a host refuses."""

    status: int
    reason: str


FoundPicture = FoundVariant | RefusedPicture | None
"""None: there is nothing at the address."""


class ImageFunction(Protocol):
    """Answers for the variants of one build. Its methods are called by several threads."""

    @property
    def addresses(self) -> frozenset[str]:
        """Addresses of functions to which rules lead: `/_ssg/functions/ssg-images`."""

    @property
    def service_path(self) -> str:
        """The path of the image service of a host that is emulated; empty if there is none."""

    def find(self, path: str) -> FoundPicture:
        """Look up a decoded path. Runs on each request; it decodes and writes nothing."""

    def find_by_service(self, query: str, accept: str) -> FoundPicture:
        """Look up a query at `service_path`, for a client that accepts these types of media."""

    def made(self, variant: Variant) -> Path | None:
        """The file of a variant that was made, if it is as it was written; reads it."""

    def keep(self, variant: Variant, content: bytes) -> Path | None:
        """Write a variant that another machine has made; None if that is not possible."""

    def make(self, variant: Variant) -> Path:
        """Make a variant. Raises VariantError."""
