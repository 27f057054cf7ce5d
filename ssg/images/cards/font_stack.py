"""Fonts in their order: each character is drawn with the first font that has it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from PIL import ImageFont
from PIL.ImageFont import Axis

from ssg.images.cards.bidi import (
    LEFT_TO_RIGHT,
    RIGHT_TO_LEFT,
    direction_of,
    levels_of,
    visual_order,
)
from ssg.images.cards.clusters import clusters_of, is_visible
from ssg.images.cards.font_face import FontFace
from ssg.images.cards.line_breaking import Measure

REGULAR, BOLD = 400, 700
_WEIGHT = b"Weight"


class TextRun(NamedTuple):
    """A part of a line in one font and one direction."""

    text: str
    font: ImageFont.FreeTypeFont
    direction: str

    @property
    def width(self) -> float:
        return self.font.getlength(self.text, direction=self.direction)


@dataclass(slots=True)
class FontStack:
    """Fonts, with the sizes of them that are open."""

    faces: Sequence[FontFace]
    _open: dict[tuple[int, int, int], ImageFont.FreeTypeFont] = field(default_factory=dict)
    _choices: dict[str, int | None] = field(default_factory=dict)

    def drawable(self, text: str) -> str:
        """A text without what no font can draw."""
        drawn = [one for one in clusters_of(text) if self._choice(one, 0) is not None]
        return re.sub(" {2,}", " ", "".join(drawn)).strip()

    def runs(self, text: str, size: int, weight: int, direction: str) -> list[TextRun]:
        """The runs of a line from left to right."""
        faces: list[int] = []
        for cluster in clusters_of(text):
            choice = self._choice(cluster, faces[-1] if faces else 0)
            faces += [choice or 0] * len(cluster)
        levels, parts, start = levels_of(text, direction), [], 0
        keys = list(zip(levels, faces, strict=True))
        for (level, face), same in groupby(keys):
            end = start + len(list(same))
            font = self.font(face, size, weight)
            parts.append(
                TextRun(text[start:end], font, RIGHT_TO_LEFT if level % 2 else LEFT_TO_RIGHT)
            )
            start = end
        run_levels = [level for (level, _), _ in groupby(keys)]
        return [parts[number] for number in visual_order(run_levels)]

    def measure(self, size: int, weight: int) -> Measure:
        """A function that tells the width of a text in pixels. It remembers what it measured."""
        known: dict[str, float] = {}

        def width(text: str) -> float:
            if text not in known:
                runs = self.runs(text, size, weight, direction_of(text))
                known[text] = sum(run.width for run in runs)
            return known[text]

        return width

    def font(self, face: int, size: int, weight: int) -> ImageFont.FreeTypeFont:
        """A font in a size, as bold as it can be if it has several weights."""
        key = (face, size, weight)
        if key not in self._open:
            font = ImageFont.truetype(
                io.BytesIO(self.faces[face].data), size, layout_engine=ImageFont.Layout.RAQM
            )
            _set_weight(font, weight)
            self._open[key] = font
        return self._open[key]

    def _choice(self, cluster: str, before: int) -> int | None:
        """The font of a cluster. What is invisible is drawn with the font before it."""
        if cluster not in self._choices:
            needed = {ord(one) for one in cluster if is_visible(one)}
            self._choices[cluster] = self._first_with(needed) if needed else -1
        choice = self._choices[cluster]
        return before if choice == -1 else choice

    def _first_with(self, needed: set[int]) -> int | None:
        for number, face in enumerate(self.faces):
            if needed <= face.characters:
                return number
        return None


def _set_weight(font: ImageFont.FreeTypeFont, weight: int) -> None:
    try:
        axes = font.get_variation_axes()
    except OSError:  # the font has one weight
        return
    font.set_variation_by_axes([_axis_value(axis, weight) for axis in axes])


def _axis_value(axis: Axis, weight: int) -> float:
    least, usual, most = axis["minimum"] or 0, axis["default"] or 0, axis["maximum"] or 0
    return min(max(weight, least), most) if axis["name"] == _WEIGHT else usual
