"""Pictures of the demo: hills under a sky, drawn by Pillow, the same at each run."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter, ImageOps

WIDTH, HEIGHT = 1200, 675

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scene:
    """The colours of one picture, and what is in it."""

    sky: tuple[str, str]
    """At the top, and at the horizon."""
    hills: Sequence[str]
    """From the farthest to the nearest."""
    sun: str = ""
    sun_at: Point = (0.7, 0.45)
    rain: int = 0
    stars: int = 0
    trees: int = 0


SCENES = {
    "dawn": Scene(("#29415e", "#f4c9a3"), ["#7f97a8", "#567084", "#2b4054"], "#fff1d6", (0.3, 0.5)),
    "storm": Scene(("#1d242b", "#8d99a0"), ["#57646b", "#3a464d", "#1f292f"], rain=160),
    "chart": Scene(("#fbf8f1", "#fbf8f1"), ["#e9dcc0", "#d9a441", "#9a5b1f"]),
    "rain": Scene(("#5b748c", "#cfd9de"), ["#8fa5b3", "#6b8798", "#45606f"], rain=420),
    "palette": Scene(
        ("#f1e4c6", "#fdf9ef"), ["#c8963e", "#b0566f", "#2f6f62", "#8a4b2a", "#26348b"]
    ),
    "evening": Scene(("#403a63", "#f0a27a"), ["#8a5f78", "#5d4766", "#33304d"], "#ffe2a8"),
    "night": Scene(
        ("#070b1c", "#25345e"), ["#1b2748", "#131c36", "#0a1022"], "#e8ecf5", (0.8, 0.2), stars=240
    ),
    "forest": Scene(("#16233a", "#5e7695"), ["#dfe6ee", "#aebccb", "#3d4f60"], stars=90, trees=70),
}


def draw(name: str) -> bytes:
    """The picture of a scene, as PNG. Raises KeyError."""
    scene, chance = SCENES[name], random.Random(name)  # noqa: S311 nothing secret
    picture = _sky(scene)
    drawing = ImageDraw.Draw(picture)
    _draw_stars(drawing, scene, chance)
    for number, colour in enumerate(scene.hills):
        ridge = _ridge(chance, 0.5 + 0.42 * number / len(scene.hills))
        if colour == scene.hills[-1]:
            _draw_trees(drawing, scene, ridge, chance)
        drawing.polygon([(0, HEIGHT), *ridge, (WIDTH, HEIGHT)], colour)
    _draw_rain(drawing, scene, chance)
    found = io.BytesIO()
    picture.save(found, "PNG")
    return found.getvalue()


def _sky(scene: Scene) -> Image.Image:
    gradient = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    picture = ImageOps.colorize(gradient, scene.sky[0], scene.sky[1])
    if scene.sun:
        glow = Image.new("L", (WIDTH, HEIGHT))
        ImageDraw.Draw(glow).ellipse(_circle(scene, 130), 110)
        glow = glow.filter(ImageFilter.GaussianBlur(50))
        ImageDraw.Draw(glow).ellipse(_circle(scene, 46), 255)
        mask = glow.filter(ImageFilter.GaussianBlur(1))
        picture.paste(Image.new("RGB", (WIDTH, HEIGHT), scene.sun), mask=mask)
    return picture


def _circle(scene: Scene, radius: float) -> tuple[float, float, float, float]:
    x, y = scene.sun_at[0] * WIDTH, scene.sun_at[1] * HEIGHT
    return x - radius, y - radius, x + radius, y + radius


def _draw_stars(drawing: ImageDraw.ImageDraw, scene: Scene, chance: random.Random) -> None:
    for _ in range(scene.stars):
        x, y = chance.random() * WIDTH, chance.random() ** 1.5 * HEIGHT * 0.6
        size = chance.choice([0.7, 1.0, 1.6])
        drawing.ellipse((x - size, y - size, x + size, y + size), "#eef2ff")


def _draw_trees(
    drawing: ImageDraw.ImageDraw, scene: Scene, ridge: Sequence[Point], chance: random.Random
) -> None:
    for x, y in chance.choices(ridge, k=scene.trees):
        height, foot = chance.uniform(50, 150), y + 40
        width = height / 5
        drawing.polygon([(x, y - height), (x - width, foot), (x + width, foot)], "#1c2a38")


def _draw_rain(drawing: ImageDraw.ImageDraw, scene: Scene, chance: random.Random) -> None:
    for _ in range(scene.rain):
        x, y, length = chance.random() * WIDTH, chance.random() * HEIGHT, chance.uniform(14, 40)
        drawing.line((x, y, x - length / 4, y + length), "#dbe4ea", 1)


def _ridge(chance: random.Random, level: float) -> list[Point]:
    """The upper edge of hills, as a sum of waves."""
    parts = (1, 2, 4, 9, 17)
    waves = [(0.075 / n, n * chance.uniform(0.6, 1.4), chance.random() * 7) for n in parts]

    def height(step: int) -> float:
        return HEIGHT * (level + sum(a * math.sin(f * step / 30 + p) for a, f, p in waves))

    return [(WIDTH * step / 200, height(step)) for step in range(201)]
