"""The geometry of the function in JavaScript is that of the model."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssg.model.images.recipe import MAX_SIDE, Fit, Recipe
from ssg.targets.netlify.images.emit_images import SOURCES

pytestmark = pytest.mark.node

Case = tuple[str, str, int, int]
SIDES = (1, 2, 3, 7, 99, 100, 101, 640, 1000, 1333, 4000, MAX_SIDE)
FOCUSES = ("", "0.0", "100.100", "50.50", "30.40", "33.67", "1.99")
NAMES = (
    "", "x", "0", "x0", "640", "x400", "640x400", "640x400-cover", "640x400-contain-30.40",
    "640x400-cover-30.40-q60", "640-cover", "640-q0", "640-q101", "640-q100", "0640", "640x",
    "640x400-cover-030.40", "640x400-cover-101.0", "16383", "16384", "99999", "640 ", "640\n",
    "640-30.40", "640x400-scale-30.40", "٦٤٠", "640x400-COVER", "640x400-cover-50.50",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Names of all kinds, then recipes and pictures with sides where rounding matters."""
    yield from ((name, "30.40", 1000, 750) for name in NAMES)
    chosen = random.Random(16)  # noqa: S311 no secret
    for _ in range(20_000):
        width, height = chosen.choice(SIDES), chosen.choice(SIDES)
        if chosen.random() < 0.5:
            width, height = chosen.randint(1, 3000), chosen.randint(1, 3000)
        fit = chosen.choice([*Fit])
        focus = chosen.choice(FOCUSES) if fit in {Fit.COVER, Fit.CROP} else ""
        recipe = chosen.choice(
            (Recipe(width), Recipe(0, height), Recipe(width, height, fit, focus))
        )
        name = recipe.name
        yield name, chosen.choice(FOCUSES), chosen.choice(SIDES), chosen.randint(1, 20_000)


def expected(case: Case) -> list[int] | None:
    name, focus, width, height = case
    recipe = Recipe.parse(name)
    return list(recipe.at_focus(focus).frame(width, height)) if recipe else None


def test_both_give_the_same_frame_for_every_recipe_and_picture() -> None:
    tried = list(cases())
    script = Path(__file__).parent / "frames.cjs"
    done = subprocess.run(
        ["node", script, SOURCES / "lib/geometry.js"],
        input=json.dumps(tried),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    differing = [
        (case, frame, expected(case))
        for case, frame in zip(tried, found, strict=True)
        if frame != expected(case)
    ]
    assert differing == []
    assert found.count(None) < len(tried) / 2
    assert len({tuple(frame) for frame in found if frame}) > 5_000
