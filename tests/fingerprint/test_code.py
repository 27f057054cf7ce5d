"""What tells the code of one build from that of another."""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

from ssg.fingerprint.code import PACKAGES, ROOMS_APART, installed

REPOSITORY = Path(__file__).parents[2]


def test_each_package_is_told_with_its_version() -> None:
    names = sorted(name.lower().rpartition(".")[0] for name in installed())
    assert names == sorted(f"{name}-{version(name)}" for name in PACKAGES.values())


def test_rooms_apart_are_those_that_a_build_cannot_import() -> None:
    linter = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]
    layers = [layer.split(" | ") for layer in linter["contracts"][0]["layers"]]
    above = next(index for index, layer in enumerate(layers) if "build" in layer)
    rooms = {room for layer in layers[: above + 1] for room in layer} - {"build"}
    assert rooms | {"edge"} == ROOMS_APART
