"""`pictures.json`: what the function may make, one picture a line (`lib/pictures.js` reads it)."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from ssg.model.images.address import OWN_ADDRESS, AddressPattern
from ssg.model.images.picture import Picture
from ssg.model.images.settings import ImageSettings
from ssg.redirects.header_rule import HeaderRule

_LINE = (",", ":")
"""The separators of JSON without spaces."""


def pictures_table(
    pictures: Iterable[Picture],
    recipes: Iterable[tuple[str, str]],
    settings: ImageSettings,
    files: Collection[str],
    guards: Sequence[HeaderRule] = (),
) -> Iterator[str]:
    """The lines of the table. `files` are the names of those of the publish folder.

    The function asks for no password, so pictures that `guards` match have no address but that of
    their digest.
    """
    head = {
        "quality": dict(sorted(settings.quality.items())),
        "background": settings.background,
        "maxPixels": settings.max_pixels,
        "recipes": _formats(recipes),
        "addresses": [_address(one) for one in (OWN_ADDRESS, *settings.addresses)],
    }
    start = _json(head).removesuffix("}") + ',"pictures":['
    rows = (_json(_row(one, files, guards)) for one in pictures if one.has_variants)
    yield start
    first = next(rows, None)
    if first is not None:
        yield from chain([f"\n{first}"], (f",\n{row}" for row in rows))
    yield "\n]}\n"


def sha256_name(picture: Picture) -> str:
    """The digest of a picture as the table and the folder of originals have it."""
    return base64.urlsafe_b64encode(bytes.fromhex(picture.sha256)).decode().rstrip("=")


def _row(picture: Picture, files: Collection[str], guards: Sequence[HeaderRule]) -> list[object]:
    """A remote picture has no path: only its digest leads to it. Nor has one with a password."""
    is_guarded = any(rule.matches(picture.path) for rule in guards)
    path = "" if picture.is_remote or is_guarded else picture.path
    return [
        picture.digest,
        path,
        sha256_name(picture),
        picture.format,
        picture.width,
        picture.height,
        picture.focus,
        int(picture.has_alpha),
        int(path.removeprefix("/") in files),
    ]


def _formats(recipes: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The formats of each recipe, by its name."""
    formats: dict[str, list[str]] = defaultdict(list)
    for name, one in sorted(recipes):
        formats[name].append(one)
    return formats


def _address(text: str) -> tuple[str, tuple[str, ...]]:
    pattern = AddressPattern(text)
    return pattern.expression, pattern.names


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=_LINE)
