"""Draws cards: the section above, the title in the middle, the site below."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageColor, ImageDraw, ImageOps

from ssg.images.cards.bidi import RIGHT_TO_LEFT, direction_of
from ssg.images.cards.font_stack import BOLD, REGULAR, FontStack, TextRun
from ssg.images.cards.line_breaking import BrokenText, break_lines, shorten
from ssg.model.images.card import Card, CardDesign

LINE_HEIGHT = 1.25
MAX_LINES = 4
JPEG_QUALITY = 88
_TITLE_SIZES = tuple(range(80, 39, -4))
_LABEL_SIZE = 32
_DESIGN_HEIGHT = 630
"""The height for which the sizes above are meant; other cards have them in proportion."""
_SEPARATOR = "  ·  "


@dataclass(frozen=True)
class CardPainter:
    """Draws the cards of one design. The same card has the same bytes, with the same Pillow."""

    design: CardDesign
    fonts: FontStack
    template: bytes = b""
    """The picture behind the texts, if there is one."""

    def draw(self, card: Card) -> bytes:
        """The card as PNG or JPEG, as the design says."""
        picture = self._background.copy()
        canvas = _Canvas(ImageDraw.Draw(picture), self.design, self.fonts, card)
        canvas.draw_all()
        buffer = io.BytesIO()
        if self.design.suffix == "jpg":
            picture.save(buffer, "JPEG", quality=JPEG_QUALITY, progressive=True, optimize=True)
        else:
            picture.save(buffer, "PNG", compress_level=6)
        return buffer.getvalue()

    @cached_property
    def _background(self) -> Image.Image:
        settings = self.design.settings
        size = (settings.width, settings.height)
        if not self.template:
            return _gradient(settings.background, size)
        with Image.open(io.BytesIO(self.template)) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
        base = Image.new("RGBA", upright.size, "white")
        base.alpha_composite(upright)
        return ImageOps.fit(base.convert("RGB"), size, Image.Resampling.LANCZOS)


def _gradient(colors: tuple[str, ...], size: tuple[int, int]) -> Image.Image:
    first, last = (ImageColor.getrgb(color) for color in (colors[0], colors[-1]))
    if first == last:
        return Image.new("RGB", size, first)
    mask = Image.linear_gradient("L").resize(size, Image.Resampling.BILINEAR)
    return Image.composite(Image.new("RGB", size, last), Image.new("RGB", size, first), mask)


@dataclass(frozen=True, slots=True)
class _Canvas:
    drawing: ImageDraw.ImageDraw
    design: CardDesign
    fonts: FontStack
    card: Card

    def draw_all(self) -> None:
        parts, label = self.card.parts, self._scaled(_LABEL_SIZE)
        top, bottom = self._margin, self.design.settings.height - self._margin
        line = round(label * LINE_HEIGHT)
        footer = _SEPARATOR.join(filter(None, (parts.site, parts.author, parts.date)))
        if parts.section:
            color = self.design.settings.accent
            self._label(parts.section, top + label, BOLD, color)
            top += line + label
        if footer:
            self._label(footer, bottom - label // 4, REGULAR, self.design.settings.color)
            bottom -= line + label
        self._title(top, bottom)

    def _title(self, top: int, bottom: int) -> None:
        text = self.fonts.drawable(self.card.title)
        size, broken = self._fitted(text, bottom - top)
        line = round(size * LINE_HEIGHT)
        y = top + (bottom - top - line * len(broken.lines)) // 2 + size
        direction = direction_of(text, self.card.direction)
        for number, part in enumerate(broken.lines):
            color = self.design.settings.color
            self._draw(self.fonts.runs(part, size, BOLD, direction), y + number * line, color)

    def _fitted(self, title: str, height: int) -> tuple[int, BrokenText]:
        """The largest size in which the title fits; the smallest one with an ellipsis."""
        size, broken = 0, BrokenText(())
        for wanted in _TITLE_SIZES:
            size = self._scaled(wanted)
            most = max(1, min(MAX_LINES, int(height / (size * LINE_HEIGHT))))
            broken = break_lines(title, self._width, most, self.fonts.measure(size, BOLD))
            if broken.is_whole:
                break
        return size, broken

    def _label(self, text: str, baseline: int, weight: int, color: str) -> None:
        """Draw a text on one line."""
        size = self._scaled(_LABEL_SIZE)
        short = shorten(self.fonts.drawable(text), self._width, self.fonts.measure(size, weight))
        direction = direction_of(short, self.card.direction)
        self._draw(self.fonts.runs(short, size, weight, direction), baseline, color)

    def _draw(self, runs: Sequence[TextRun], baseline: int, color: str) -> None:
        """Draw a line where lines of the page's language begin."""
        x = float(self._margin)
        if self.card.direction == RIGHT_TO_LEFT:
            x = self.design.settings.width - self._margin - sum(run.width for run in runs)
        for run in runs:
            self.drawing.text(
                (x, baseline), run.text, color, run.font, anchor="ls", direction=run.direction
            )
            x += run.width

    @property
    def _margin(self) -> int:
        return self.design.settings.margin

    @property
    def _width(self) -> int:
        return self.design.settings.width - 2 * self._margin

    def _scaled(self, size: int) -> int:
        return max(8, round(size * self.design.settings.height / _DESIGN_HEIGHT))
