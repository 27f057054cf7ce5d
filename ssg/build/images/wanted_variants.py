"""Decides which variants of pictures a build makes.

It makes the variants that critical pages show, unless a rule defers those of the picture; all
variants of a picture with `deferred = false`; and those that other pages may show and that the
image service of the host cannot make.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from ssg.model.images.picture import Picture
from ssg.model.images.recipe import MAX_SIDE, Recipe
from ssg.model.images.service_url import service_makes
from ssg.model.images.settings import ImageFormat, ImageService, ImageSettings
from ssg.model.images.variant import Variant, VariantName

_MOST_DEFERRED_FIRST = (True, None, False)


class SiteVariants:
    """All variants of a site: its pictures by all its recipes."""

    def __init__(
        self,
        pictures: Iterable[Picture],
        recipes: Iterable[tuple[str, str]],
        settings: ImageSettings,
    ) -> None:
        """`recipes` are names, each with a format."""
        self.pictures = tuple(pictures)
        self._recipes = sorted(recipes)
        self._settings = settings
        parsed = ((name, Recipe.parse(name)) for name, _ in self._recipes)
        self._by_name = {name: recipe for name, recipe in parsed if recipe}
        self._names_by_format: dict[str, frozenset[tuple[str, str]]] = {}

    @cached_property
    def by_digest(self) -> Mapping[str, Picture]:
        """Pictures with variants; of equal ones with different paths, the one deferred least."""
        ordered = sorted(self.pictures, key=lambda one: _MOST_DEFERRED_FIRST.index(one.deferred))
        return {one.digest: one for one in ordered if one.has_variants}

    def find(self, file_name: str) -> Variant | None:
        """The variant with a file name; None if the site does not have it."""
        name = VariantName.parse(file_name)
        picture = self.by_digest.get(name.digest) if name else None
        if name is None or picture is None:
            return None
        if (name.recipe, name.format) not in self._names(picture):
            return None
        return Variant(picture, self._by_name[name.recipe], name.format)

    def of_picture(self, picture: Picture) -> Mapping[str, Variant]:
        """All variants of a picture, by file name."""
        names = self._names(picture)
        variants = (Variant(picture, self._by_name[name], wanted) for name, wanted in names)
        return {variant.file_name: variant for variant in variants}

    @cached_property
    def count(self) -> int:
        """The number of all variants."""
        return sum(len(self._names(picture)) for picture in self.by_digest.values())

    def _names(self, picture: Picture) -> frozenset[tuple[str, str]]:
        """The recipes of a picture, each with the format of its variant."""
        if not picture.has_variants:
            return frozenset()
        key = picture.format_of(ImageFormat.ORIGINAL)
        if key not in self._names_by_format:
            names = ((name, picture.format_of(wanted)) for name, wanted in self._recipes)
            self._names_by_format[key] = frozenset(names)
        names_of_format = self._names_by_format[key]
        if max(picture.width, picture.height) <= MAX_SIDE:
            return names_of_format
        return frozenset(
            (name, form)
            for name, form in names_of_format
            if Variant(picture, self._by_name[name], form).frame.is_possible
        )

    def wanted(self, shown: Collection[str], *, defers: bool) -> Mapping[str, Variant]:
        """The variants that a build makes, by file name, in the order of names.

        `shown` are the file names that critical pages name. `defers` says whether the host makes
        the others on request.
        """
        found = {**self._shown(shown, defers=defers), **dict(self._always(defers=defers))}
        return dict(sorted(found.items()))

    def _shown(self, names: Iterable[str], *, defers: bool) -> Mapping[str, Variant]:
        found = ((name, self.find(name)) for name in names)
        return {
            name: variant
            for name, variant in found
            if variant and not (defers and variant.picture.deferred)
        }

    def _always(self, *, defers: bool) -> Iterator[tuple[str, Variant]]:
        service = self._settings.service
        has_service = defers and service != ImageService.SSG
        for picture in self.by_digest.values():
            if picture.deferred is False:
                yield from self.of_picture(picture).items()
            elif has_service:
                for name, variant in self.of_picture(picture).items():
                    if not service_makes(variant, service):
                        yield name, variant
