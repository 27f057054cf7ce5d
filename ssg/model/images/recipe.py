"""A recipe: what to make of a picture. All of it is arithmetic; nothing here opens a file.

The name of a recipe is a part of addresses, so there is one name for each recipe: `640`, `x400`,
`640x400-cover`, `640x400-cover-30.40` (the focal point in percent), `640-q60` (the quality).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from ssg.model.images.focus import CENTER, focus_name, read_focus

MAX_SIDE = 16_383
"""The longest side of a variant in pixels: that of WebP (RFC 9649, section 2.6)."""

MAX_QUALITY = 100

_NAME = re.compile(
    r"(?P<width>[1-9]\d{0,4})?(?:x(?P<height>[1-9]\d{0,4}))?"
    r"(?:-(?P<fit>cover|contain|crop|scale))?(?:-(?P<focus>\d{1,3}\.\d{1,3}))?"
    r"(?:-q(?P<quality>[1-9]\d{0,2}))?"
)


class Fit(StrEnum):
    """How a picture gets into a width and a height that have another ratio."""

    COVER = "cover"
    """It fills them; what is left over is cut off, around the focal point."""
    CONTAIN = "contain"
    """It fits into them as a whole."""
    CROP = "crop"
    """A part of this size is cut out, at the focal point, and not scaled."""
    SCALE = "scale"
    """It is scaled to them, and distorted."""


class Frame(NamedTuple):
    """The part of a picture that a variant shows, in pixels of the picture, and the size of it."""

    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int

    @property
    def is_possible(self) -> bool:
        """Whether a variant of each format can have this size."""
        return max(self.width, self.height) <= MAX_SIDE


@dataclass(frozen=True, slots=True)
class Recipe:
    """A size in pixels, of which one side may be 0, and how to get there.

    `focus` is a name of `focus_name`; '' is that of the picture. `quality` 0 is that of the format.
    """

    width: int = 0
    height: int = 0
    fit: str = ""
    focus: str = ""
    quality: int = 0

    @property
    def name(self) -> str:
        """The name of the recipe in addresses."""
        size = f"{self.width or ''}" + (f"x{self.height}" if self.height else "")
        parts = (size, self.fit, self.focus, f"q{self.quality}" if self.quality else "")
        return "-".join(filter(None, parts))

    @property
    def toml(self) -> str:
        """The recipe as a person writes it in `[images.recipes]`: `{ width = 640 }`."""
        left, _, top = self.focus.partition(".")
        values = {
            "width": self.width, "height": self.height, "fit": self.fit and f'"{self.fit}"',
            "focus": self.focus and f'"{left}% {top}%"', "quality": self.quality,
        }  # fmt: skip
        return f"{{ {', '.join(f'{key} = {value}' for key, value in values.items() if value)} }}"

    @classmethod
    def parse(cls, name: str) -> Recipe | None:
        """Return the recipe of a name; None if there is none of this name."""
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        width, height = int(found["width"] or 0), int(found["height"] or 0)
        recipe = cls(
            width, height, found["fit"] or "", found["focus"] or "", int(found["quality"] or 0)
        )
        return recipe if recipe.name == name and not recipe.problem else None

    @classmethod
    def of(
        cls, width: int = 0, height: int = 0, fit: str = "", focus: str = "", quality: int = 0
    ) -> Recipe:
        """Return the recipe that a person means: without `fit`, two sides are covered.

        Raises ValueError with what is wrong.
        """
        fit = (fit or Fit.COVER) if width and height else ""
        is_cut = fit in {Fit.COVER, Fit.CROP}
        recipe = cls(width, height, str(fit), focus_name(focus) if is_cut else "", quality)
        if recipe.problem:
            raise ValueError(recipe.problem)
        return recipe

    @property
    def problem(self) -> str:
        """What is wrong with it, or ''."""
        has_both = bool(self.width and self.height)
        is_cut = self.fit in {Fit.COVER, Fit.CROP}
        sides = self.width, self.height
        faults = {
            "a recipe needs a width or a height": not any(sides),
            f"a side of a picture has 1 to {MAX_SIDE} pixels": not (
                min(sides) >= 0 and max(sides) <= MAX_SIDE
            ),
            f'unknown fit "{self.fit}"': bool(self.fit) and self.fit not in list(Fit),
            "a fit needs a width and a height": bool(self.fit) != has_both,
            "a focal point needs the fit cover or crop": bool(self.focus) and not is_cut,
            f'"{self.focus}" is not a focal point': bool(self.focus) and not read_focus(self.focus),
            "a quality is a number from 1 to 100": not 0 <= self.quality <= MAX_QUALITY,
        }
        return next((fault for fault, is_so in faults.items() if is_so), "")

    def at_focus(self, focus: str) -> Recipe:
        """The recipe with the focal point of a picture, unless it has its own."""
        is_cut = self.fit in {Fit.COVER, Fit.CROP}
        return replace(self, focus=focus) if is_cut and focus and not self.focus else self

    def frame(self, width: int, height: int) -> Frame:
        """Return what a variant shows of an upright picture of this size. Nothing is enlarged."""
        if self.fit == Fit.CROP:
            across, down = min(self.width, width), min(self.height, height)
            return self._around(width, height, across, down, across, down)
        if self.fit == Fit.SCALE:
            return Frame(0, 0, width, height, min(self.width, width), min(self.height, height))
        if self.fit == Fit.COVER:
            return self._cover(width, height)
        return Frame(0, 0, width, height, *self._inside(width, height))

    def _inside(self, width: int, height: int) -> tuple[int, int]:
        """The largest size of the same ratio within both sides."""
        by_width = not self.height or (
            bool(self.width) and self.width * height <= self.height * width
        )
        if by_width:
            across = min(self.width, width)
            return across, max(1, rounded(height * across, width))
        down = min(self.height, height)
        return max(1, rounded(width * down, height)), down

    def _cover(self, width: int, height: int) -> Frame:
        across, down = self.width, self.height
        if across > width or down > height:  # a smaller one of the same ratio
            if across * height >= down * width:
                across, down = width, max(1, rounded(width * self.height, self.width))
            else:
                across, down = max(1, rounded(height * self.width, self.height)), height
        if width * down >= across * height:  # the picture is wider
            return self._around(
                width, height, min(width, max(1, rounded(height * across, down))), height,
                across, down,
            )  # fmt: skip
        part = min(height, max(1, rounded(width * down, across)))
        return self._around(width, height, width, part, across, down)

    def _around(
        self, width: int, height: int, part_width: int, part_height: int, across: int, down: int
    ) -> Frame:
        """A part of a picture as near to the focal point as it can be."""
        x, y = read_focus(self.focus) or CENTER
        left = _start(width, part_width, x)
        top = _start(height, part_height, y)
        return Frame(left, top, left + part_width, top + part_height, across, down)


def _start(whole: int, part: int, percent: int) -> int:
    """Where a part begins whose middle is at a point of the whole, if it has room there."""
    return min(max(0, rounded(2 * whole * percent - 100 * part, 200)), whole - part)


def rounded(number: int, divisor: int) -> int:
    """A quotient, rounded half up."""
    return (2 * number + divisor) // (2 * divisor)
