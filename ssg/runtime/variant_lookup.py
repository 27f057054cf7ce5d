"""Finds the variant that an address stands for, among those that a build knows.

Addresses are `/_img/0123456789abcdef-640.webp`, those of `[images] addresses`, such as
`/img/{file}/{width}`, and `/file/{file}/width/{width}` below the address of a function. All others
stand for nothing, so nobody can ask for a size that the site does not list.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ssg.model.images.address import OWN_ADDRESS, picture_path, read_address
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.settings import ImageFormat
from ssg.model.images.variant import ORIGINAL, VARIANTS_PATH, Variant, VariantName
from ssg.model.queries.pictures import PictureQueries

_MAX_KNOWN = 4096


@dataclass(frozen=True, slots=True)
class FoundVariant:
    """The variant that an address stands for."""

    variant: Variant
    is_lasting: bool = True
    """Whether the address changes with the bytes, so that browsers may keep them for ever."""


class VariantLookup:
    """The variants of a site. Several threads may ask; it decodes and writes nothing."""

    def __init__(
        self,
        site: PictureQueries,
        addresses: Sequence[str] = (),
        functions: Collection[str] = (),
    ) -> None:
        """`addresses` are those of `[images]`, `functions` those of the function that asks."""
        self._site = site
        self._functions = tuple(functions)
        self._patterns = (OWN_ADDRESS, *addresses)
        self._known: dict[str, FoundVariant] = {}
        self._lock = threading.Lock()

    def find(self, path: str) -> FoundVariant | None:
        """The variant at a decoded path; None if there is none."""
        known = self._known.get(path)
        if known is not None:
            return known
        with self._lock:
            found = self._find(path)
        if found is not None:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[path] = found
        return found

    def picture(self, path: str) -> Picture | None:
        """The picture at a path of the publish folder, of an original, or at a remote URL."""
        name = VariantName.parse(path.removeprefix(VARIANTS_PATH))
        with self._lock:
            if name and name.recipe == ORIGINAL:
                return next(self._site.pictures_of(name.digest), None)
            return self._site.picture(path)

    def _find(self, path: str) -> FoundVariant | None:
        if path.startswith(VARIANTS_PATH):
            variant = self._site.find_variant(path)
            return FoundVariant(variant) if variant else None
        for function in self._functions:
            if path.startswith(f"{function}/"):
                path = path.removeprefix(function)
        asked = read_address(path, self._patterns)
        if asked is None:
            return None
        at = picture_path(asked.file, self._named.get(asked.file.rpartition("/")[2], ()))
        picture = self._site.picture(at) if at else None
        return self._of_width(picture, asked.width) if picture else None

    def _of_width(self, picture: Picture, width: int) -> FoundVariant | None:
        """The variant of a width in the format of the picture."""
        if not picture.has_variants or Recipe.parse(str(width)) is None:
            return None
        wanted = Variant(picture, Recipe(width), picture.format_of(ImageFormat.ORIGINAL))
        variant = self._site.find_variant(wanted.path)
        return FoundVariant(variant, is_lasting=False) if variant else None

    @cached_property
    def _named(self) -> Mapping[str, list[str]]:
        """The paths of pictures by their last part."""
        named: dict[str, list[str]] = defaultdict(list)
        for path in self._site.picture_paths():
            if path.startswith("/"):
                named[path.rpartition("/")[2]].append(path)
        return dict(named)
