"""Fonts of the packages that tests install."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from ssg.images.cards.font_face import FontFace
from ssg.images.cards.font_stack import FontStack


@cache
def face(name: str) -> FontFace:
    """The upright font of a package: `noto-sans`."""
    spec = find_spec("fontpkg_" + name.replace("-", "_"))
    assert spec and spec.origin
    files = sorted((Path(spec.origin).parent / "files").glob("*.ttf"))
    file = next(one for one in files if "Italic" not in one.name)
    return FontFace.read(file.name, file.read_bytes())


@cache
def stack(*names: str) -> FontStack:
    return FontStack([face(name) for name in names])
