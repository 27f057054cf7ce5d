"""Addresses of variants that a site chooses: `/img/{file}/{width}`.

The pattern is compiled to a regular expression for decoded paths, which Python and JavaScript read
alike. `{file}` is the path of a picture without its first slash, or a bare name; `{width}` is one
of the widths that the site lists. What no picture and no width stands for is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ssg.model.images.variant import VARIANTS_FOLDER

FILE, WIDTH = "file", "width"
OWN_ADDRESS = "/file/{file}/width/{width}"
"""Below the address of a function for pictures, as in the examples of Netlify's documentation."""
MAX_LENGTH = 2_000
"""Of a path in characters; a longer one is the address of nothing."""

_EXPRESSIONS = {FILE: r"([\s\S]+)", WIDTH: r"([1-9][0-9]{0,4})"}
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SPECIAL = re.compile(r"[\\^$.*+?()\[\]{}|/]")
_PLAIN = re.compile(r"[A-Za-z0-9._~/-]*")
"""Text around placeholders that means the same in a rule, an expression and a path."""


class FileWidth(NamedTuple):
    """What an address asks for."""

    file: str
    width: int


@dataclass(frozen=True, slots=True)
class AddressPattern:
    """A pattern of addresses with `{file}` and `{width}`, each once."""

    text: str

    @property
    def problem(self) -> str:
        """What is wrong with it, or ''."""
        if sorted(self.names) != [FILE, WIDTH]:
            return "it needs {file} and {width}, each once"
        parts = self._parts
        if not all(map(_PLAIN.fullmatch, parts[::2])):
            return "around {file} and {width} it has only letters, digits and ._~/-"
        folder = self.folder.strip("/")
        if not self.text.startswith("/") or not folder or "//" in self.text:
            return "it begins with the name of a folder: /img/{file}/{width}"
        if folder.split("/")[0] in {VARIANTS_FOLDER, "_ssg"} or folder.startswith("."):
            return f"/{folder}/ is not for addresses of a site"
        if not parts[2]:
            return "{file} and {width} need a text between them, such as a slash"
        return ""

    @property
    def names(self) -> tuple[str, ...]:
        """The placeholders, in their order: those of the groups of the expression."""
        return tuple(self._parts[1::2])

    @property
    def folder(self) -> str:
        """The part that all its addresses begin with: `/img/`."""
        literal = self._parts[0]
        return literal[: literal.rfind("/") + 1]

    @property
    def expression(self) -> str:
        """The expression for decoded paths, from `^` to `$`."""
        parts = self._parts
        written = [
            _EXPRESSIONS.get(part, "") if number % 2 else _SPECIAL.sub(r"\\\g<0>", part)
            for number, part in enumerate(parts)
        ]
        return f"^{''.join(written)}$"

    def read(self, path: str) -> FileWidth | None:
        """Return what a decoded path asks for; None if it is not such an address."""
        found = _compiled(self.expression).fullmatch(path) if len(path) <= MAX_LENGTH else None
        if found is None:
            return None
        values = dict(zip(self.names, found.groups(), strict=True))
        return FileWidth(values[FILE], int(values[WIDTH]))

    @property
    def _parts(self) -> list[str]:
        """Texts and names of placeholders, in turn."""
        return _PLACEHOLDER.split(self.text)


def read_address(path: str, patterns: Iterable[str]) -> FileWidth | None:
    """Return what a decoded path asks for by the first pattern that it matches."""
    found = (AddressPattern(one).read(path) for one in patterns)
    return next((one for one in found if one is not None), None)


def picture_path(file: str, named: Iterable[str]) -> str | None:
    """Return the path of the picture that `{file}` stands for; None if there is none, or several.

    `blog/boat.jpg` is a path, `boat.jpg` a picture in the root folder or the only one of this name.
    `named` are the paths of the pictures with the last part of `file` as their name.
    """
    paths = set(named)
    if f"/{file}" in paths:
        return f"/{file}"
    return min(paths) if "/" not in file and len(paths) == 1 else None


@lru_cache(maxsize=64)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)
