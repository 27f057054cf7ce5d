"""Fonts of cards as values: their bytes, and the characters that they have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ssg.images.cards.character_map import characters_of
from ssg.images.cards.clusters import is_visible


class FontFace(NamedTuple):
    """A font file: its name, its bytes and the characters that it has."""

    name: str
    data: bytes
    characters: frozenset[int]

    @classmethod
    def read(cls, name: str, data: bytes) -> FontFace:
        """Raises ValueError if it is not a font that can be used."""
        return cls(name, data, characters_of(data))


def missing_characters(faces: Sequence[FontFace], texts: Iterable[str]) -> list[str]:
    """The characters of some texts that no font has."""
    known = frozenset[int]().union(*(face.characters for face in faces))
    found = set[str]().union(*texts)
    return sorted(one for one in found if ord(one) not in known and is_visible(one))
