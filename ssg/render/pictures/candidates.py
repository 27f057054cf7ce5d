"""Candidates: the sizes and formats of a picture, of which a browser takes one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.variant import Variant

VariantUrl = Callable[[Variant], str]
"""Gives the URL of a variant."""


class Candidate(NamedTuple):
    """A variant with its size in pixels, and its URL."""

    url: str
    width: int
    height: int


class CandidateList(NamedTuple):
    """The candidates of one format, the smallest first."""

    format: str
    candidates: tuple[Candidate, ...]
    is_fixed: bool = False
    """Whether they are one size for screens of several densities, not several sizes."""

    @property
    def srcset(self) -> str:
        """The value of the attribute; '' for a single candidate, which needs none."""
        if len(self.candidates) == 1:
            return ""
        first = self.candidates[0].width
        return ", ".join(
            f"{one.url} {_density(one.width, first) if self.is_fixed else f'{one.width}w'}"
            for one in self.candidates
        )

    @property
    def source_set(self) -> str:
        """The same for a `<source>`, which has no `src`."""
        return self.srcset or self.candidates[0].url

    @property
    def shown(self) -> Candidate:
        """The candidate of `src`, for programs that know no `srcset`: the one in the middle."""
        return self.candidates[0 if self.is_fixed else len(self.candidates) // 2]

    @property
    def sized(self) -> Candidate:
        """The candidate whose size the element has: no layout shift, and nothing is enlarged."""
        return self.candidates[0 if self.is_fixed else -1]


def _density(width: int, first: int) -> str:
    """`2x`, `1.5x`."""
    return f"{width / first:.2f}".rstrip("0").rstrip(".") + "x"


def formats_of(picture: Picture, formats: Iterable[str]) -> tuple[str, ...]:
    """The formats of a picture, each once: for a WebP picture, `original` is `webp`."""
    return tuple(dict.fromkeys(str(picture.format_of(wanted)) for wanted in formats))


def candidates_of(
    picture: Picture,
    recipes: Iterable[Recipe],
    form: str,
    url_of: VariantUrl,
    *,
    is_fixed: bool = False,
) -> CandidateList:
    """The candidates of a picture in one format."""
    variants = [Variant(picture, recipe, form) for recipe in recipes]
    frames = (one.frame for one in variants)
    found = (
        Candidate(url_of(one), frame.width, frame.height)
        for one, frame in zip(variants, frames, strict=True)
    )
    return CandidateList(form, tuple(found), is_fixed)
