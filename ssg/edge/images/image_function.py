"""What the edge needs of an image function: it finds variants, keeps them, and makes them.

The edge decides who waits, who makes a variant, and what is answered. It knows nothing of encoders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ssg.model.images.variant import Variant
from ssg.runtime.variant_lookup import FoundVariant


@dataclass(frozen=True, slots=True)
class RefusedPicture:
    """A request that the service of a host refuses."""

    status: int
    reason: str


FoundPicture = FoundVariant | RefusedPicture | None
"""None: there is nothing at the address."""


@dataclass(frozen=True, slots=True)
class VariantContent:
    """The bytes of a variant, and its file; None if it could not be stored."""

    data: bytes = field(repr=False)
    path: Path | None


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

    def made(self, variant: Variant) -> VariantContent | None:
        """Read a variant that was made, if it is as it was written."""

    def keep(self, variant: Variant, data: bytes) -> VariantContent:
        """Write a variant that another machine has made."""

    def make(self, variant: Variant) -> VariantContent:
        """Make a variant. Raises an exception that says why it cannot."""
