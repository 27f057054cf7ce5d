"""Queries for pictures and the recipes of their variants."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.variant import VARIANTS_PATH, Variant, VariantName
from ssg.model.queries.questions import Change, question
from ssg.model.queries.rows import RowQueries

_COLUMNS = ", ".join(Picture._fields)
_PICTURE = f"SELECT {_COLUMNS} FROM picture"  # noqa: S608 our own names


class PictureQueries(RowQueries):
    """The part of a `Site` about pictures."""

    @question(changed_by=Change.NAMED)
    def picture(self, path: str) -> Picture | None:
        """The picture at a path of the publish folder, `/blog/boat.jpg`, or at a remote URL."""
        row = self._connection.execute(f"{_PICTURE} WHERE path = ?", (path,)).fetchone()
        return _picture(row) if row else None

    def pictures(self) -> Iterator[Picture]:
        """All pictures by path. It is not a question: a build and functions ask it."""
        return map(_picture, self._connection.execute(f"{_PICTURE} ORDER BY path"))

    def picture_paths(self) -> Iterator[str]:
        """The paths of all pictures. It is not a question, either."""
        for (path,) in self._connection.execute("SELECT path FROM picture ORDER BY path"):
            yield path

    @question()
    def has_recipe(self, name: str, form: str) -> bool:
        """Whether pictures have variants by a recipe in a format, which may be `original`."""
        return (name, form) in self._recipes

    def recipes(self) -> frozenset[tuple[str, str]]:
        """The names of all recipes of variants, each with a format. It is not a question."""
        return self._recipes

    @cached_property
    def _recipes(self) -> frozenset[tuple[str, str]]:
        return frozenset(self._connection.execute("SELECT name, format FROM recipe"))

    def find_variant(self, path: str) -> Variant | None:
        """The variant at a path, `/_img/0123456789abcdef-640.webp`; None if there is none.

        It is not a question: the edge and functions ask it.
        """
        if not path.startswith(VARIANTS_PATH):
            return None
        name = VariantName.parse(path.removeprefix(VARIANTS_PATH))
        recipe = Recipe.parse(name.recipe) if name else None
        if name is None or recipe is None:
            return None
        found = (Variant(one, recipe, name.format) for one in self.pictures_of(name.digest))
        return next(filter(self._is_known, found), None)

    def pictures_of(self, digest: str) -> Iterator[Picture]:
        """The pictures with a digest: copies of one file have the same. It is not a question."""
        rows = self._connection.execute(f"{_PICTURE} WHERE digest = ?", (digest,))
        return map(_picture, rows)

    def _is_known(self, variant: Variant) -> bool:
        """Whether a picture can have a variant, and the site has a recipe for it."""
        picture, name = variant.picture, variant.recipe.name
        if not (picture.has_variants and variant.frame.is_possible):
            return False
        formats = (wanted for recipe, wanted in self._recipes if recipe == name)
        return variant.format in map(picture.format_of, formats)


def _picture(row: tuple[object, ...]) -> Picture:
    values = Picture._make(row)
    return values._replace(
        is_animated=bool(values.is_animated),
        has_alpha=bool(values.has_alpha),
        deferred=None if values.deferred is None else bool(values.deferred),
    )
