"""`[images]`: what is made of pictures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from ssg.config.image_cards import read_cards
from ssg.config.image_remote import read_remotes
from ssg.config.table import Table, describe
from ssg.model.errors import did_you_mean
from ssg.model.images.address import AddressPattern
from ssg.model.images.focus import focus_name, read_focus
from ssg.model.images.recipe import MAX_QUALITY, MAX_SIDE, Fit, Recipe
from ssg.model.images.resized import PLACEHOLDER, ResizedPictures
from ssg.model.images.settings import (
    DEFAULT_QUALITY,
    ImageFormat,
    ImageService,
    ImageSettings,
    Placeholder,
)

IMAGE_LIBRARY = "PIL"
"""The module of the optional package Pillow."""
INSTALL_HINT = 'Run pip install "ssg[images]"'

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_AUTO = "auto"
_SERVICES: Mapping[str, tuple[str, ...]] = {
    "netlify": (ImageService.SSG, ImageService.NETLIFY),
    "vercel": (ImageService.VERCEL,),
}
"""What makes deferred variants on a target; the first is what `auto` means."""
_BROKEN = ("error", "warn")
_SVG = ("copy", "sanitise")


def read_images(table: Table, target: str, root: Path) -> ImageSettings | None:
    """`[images]` of the whole configuration; None if there is no such table."""
    is_set = table.raw("images") is not None
    settings = _images(table.table("images"), target, root)
    if is_set and find_spec(IMAGE_LIBRARY) is None:
        table.problem("images", "[images] needs the package Pillow", INSTALL_HINT)
    return settings if is_set else None


def _images(table: Table, target: str, root: Path) -> ImageSettings:
    default = ImageSettings()
    settings = ImageSettings(
        widths=_widths(table, default.widths),
        formats=_formats(table, default.formats),
        quality=_quality(table.table("quality")),
        sizes=table.text("sizes", default.sizes),
        eager=table.whole("eager", default.eager),
        least_width=table.whole("least_width", default.least_width),
        placeholder=table.choice(
            "placeholder", default.placeholder, list(Placeholder), 'unknown placeholder "{}"'
        ),
        exclude=tuple(table.texts("exclude")),
        background=table.form(
            "background", default.background, _COLOR, "a colour", "Write it as #ffffff"
        ),
        sanitise_svg=table.choice("svg", "copy", _SVG, 'unknown value for "svg": "{}"')
        == "sanitise",
        publish_originals=table.boolean("publish_originals", default.publish_originals),
        is_strict=table.choice("broken", "error", _BROKEN, 'unknown value for "broken": "{}"')
        == "error",
        max_pixels=table.whole("max_pixels", default.max_pixels, 1),
        service=_service(table, target),
        addresses=_addresses(table),
        recipes=_recipes(table.table("recipes")),
        focus=_focus(table.table("focus")),
        cards=read_cards(table, root),
        remote=read_remotes(table),
        resized=tuple(_resized(one, default.widths) for one in table.tables("resized")),
    )
    table.refuse_unread()
    return settings


def _widths(table: Table, default: tuple[int, ...]) -> tuple[int, ...]:
    values = table.values("widths")
    if table.raw("widths") is None:
        return default
    for value in values:
        if type(value) is not int or not 1 <= value <= MAX_SIDE:
            message = f'"widths" must be numbers of pixels from 1 to {MAX_SIDE}, not '
            table.problem("widths", message + describe(value))
            return default
    if not values:
        table.problem("widths", '"widths" is empty', "Write [400, 800, 1200]")
        return default
    return tuple(sorted(set(values)))


def _formats(table: Table, default: tuple[str, ...]) -> tuple[str, ...]:
    formats = tuple(dict.fromkeys(table.texts("formats", default)))
    for name in formats:
        if name not in list(ImageFormat):
            hint = did_you_mean(name, list(ImageFormat)) or f"One of {', '.join(ImageFormat)}"
            table.problem("formats", f'unknown format "{name}"', hint)
    known = tuple(name for name in formats if name in list(ImageFormat))
    if not formats:
        table.problem("formats", '"formats" is empty', 'Write ["webp", "original"]')
    return known or default


def _quality(table: Table) -> dict[str, int]:
    quality = {}
    for name, default in DEFAULT_QUALITY.items():
        value = table.whole(name, default, 1)
        if value > MAX_QUALITY:
            table.problem(name, f'"{name}" is {value}, but must be at most {MAX_QUALITY}')
            value = default
        quality[name] = value
    table.refuse_unread()
    return quality


def _service(table: Table, target: str) -> str:
    """The service; that of another target has no meaning for `static`, which makes all variants."""
    usual, *others = _SERVICES.get(target, (ImageService.SSG,))
    name = table.choice("service", _AUTO, list(ImageService), 'unknown image service "{}"')
    if name == _AUTO or target == "static":
        return usual
    if name not in {usual, *others}:
        hint = f"Leave it out, or write {' or '.join((usual, *others))}"
        table.problem(
            "service", f'the target {target} does not have the image service "{name}"', hint
        )
    return name


def _addresses(table: Table) -> tuple[str, ...]:
    addresses = tuple(dict.fromkeys(table.texts("addresses")))
    for address in addresses:
        if problem := AddressPattern(address).problem:
            hint = 'Write it as "/img/{file}/{width}"'
            message = f'"{address}" is not an address of pictures: {problem}'
            table.problem("addresses", message, hint)
    return addresses


def _recipes(table: Table) -> dict[str, Recipe]:
    recipes = {}
    for name in table.keys():  # noqa: SIM118 a Table, not a dict
        own = table.table(name)
        width, height = own.whole("width", 0), own.whole("height", 0)
        fit = own.choice("fit", "", list(Fit), 'unknown fit "{}"')
        focus, quality = own.text("focus"), own.whole("quality", 0)
        own.refuse_unread()
        try:
            recipes[name] = Recipe.of(width, height, fit, focus, quality)
        except ValueError as error:
            table.problem(name, f'recipe "{name}": {error}')
    return recipes


def _focus(table: Table) -> dict[str, str]:
    points = {}
    for glob in table.keys():  # noqa: SIM118 a Table, not a dict
        text = table.text(glob)
        if text and read_focus(text):
            points[glob] = focus_name(text)
        elif text:
            hint = 'Write two percentages, "30% 40%", or words such as "top left"'
            table.problem(glob, f'"{text}" is not a focal point', hint)
    return points


def _resized(table: Table, usual: tuple[int, ...]) -> ResizedPictures:
    match, variant = table.text("match"), table.text("variant")
    known = set(PLACEHOLDER.findall(match))
    if not match.startswith("/") or not {"width", "height"} <= known:
        hint = 'Write a path such as "/media/{name}-{width}x{height}.webp"'
        table.problem("match", f'"{match}" does not tell the size of a picture', hint)
    if "{to}" not in variant or not set(PLACEHOLDER.findall(variant)) <= known | {"to"}:
        hint = 'Write a path such as "/media/{name}-{width}x{height}-{to}.webp"'
        table.problem("variant", f'"{variant}" is not the address of a variant', hint)
    widths = _widths(table, usual)
    table.refuse_unread()
    return ResizedPictures(match, variant, widths)
