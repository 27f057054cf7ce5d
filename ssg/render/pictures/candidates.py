"""Candidates: the sizes and formats of a picture, of which a browser takes one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ssg.model.images.picture import Picture
from ssg.model.images.recipe import MAX_SIDE, Recipe
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import Variant

VariantUrl = Callable[[Variant], str]
"""Gives the URL of a variant."""


class Candidate(NamedTuple):
    """A variant with its size in pixels, and its URL."""

    url: str
    width: int
    height: int


class CandidateList(NamedTuple):
    """The candidates of one format, the narrowest first."""

    format: str
    candidates: tuple[Candidate, ...]

    @property
    def srcset(self) -> str:
        """The value of the attribute; '' for a single candidate, which needs none."""
        if len(self.candidates) == 1:
            return ""
        return ", ".join(f"{one.url} {one.width}w" for one in self.candidates)

    @property
    def source_set(self) -> str:
        """The same for a `<source>`, which has no `src`."""
        return self.srcset or self.candidates[0].url


def responsive_recipes(picture: Picture, widths: Sequence[int]) -> tuple[Recipe, ...]:
    """The recipes of a picture in texts, the narrowest first.

    They are the widths below its own, and one at its own width if a larger width is listed: that
    recipe enlarges nothing. A picture that is too tall for a format has no variant that wide.
    """
    smaller = [width for width in widths if width < picture.width]
    whole = [width for width in widths if width >= picture.width][:1]
    recipes = (Recipe(width) for width in (*smaller, *whole))
    size = picture.width, picture.height
    return tuple(recipe for recipe in recipes if recipe.frame(*size).height <= MAX_SIDE)


def formats_of(picture: Picture, formats: Iterable[str]) -> tuple[str, ...]:
    """The formats of a picture, each once: for a WebP picture, `original` is `webp`."""
    return tuple(dict.fromkeys(str(picture.format_of(wanted)) for wanted in formats))


def candidates_of(
    picture: Picture, recipes: Iterable[Recipe], form: str, url_of: VariantUrl
) -> CandidateList:
    """The candidates of a picture in one format."""
    variants = [Variant(picture, recipe, form) for recipe in recipes]
    frames = (one.frame for one in variants)
    return CandidateList(
        form,
        tuple(
            Candidate(url_of(one), frame.width, frame.height)
            for one, frame in zip(variants, frames, strict=True)
        ),
    )


def responsive(
    picture: Picture, settings: ImageSettings, url_of: VariantUrl
) -> tuple[CandidateList, ...]:
    """The candidates of a picture in a text, the best format first."""
    recipes = responsive_recipes(picture, settings.widths)
    if not recipes:
        return ()
    forms = formats_of(picture, settings.formats)
    return tuple(candidates_of(picture, recipes, form, url_of) for form in forms)
