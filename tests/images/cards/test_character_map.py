"""Which characters a font has."""

from __future__ import annotations

import struct

import pytest

from ssg.images.cards.character_map import characters_of
from tests.images.cards.fonts import face


def test_a_font_has_its_scripts() -> None:
    latin, arabic = face("noto-sans").characters, face("noto-sans-arabic").characters
    assert set(map(ord, "AzéßŁѪΩжअ€…")) <= latin
    assert set(map(ord, "مرحبا")) <= arabic
    assert not set(map(ord, "مא中🚀")) & latin


@pytest.mark.parametrize(
    ("font", "message"),
    [
        (b"", "cut off"),
        (b"GIF89a", "cut off"),
        (bytes(100), "not a font file"),
        (b"\0\1\0\0\0\1" + bytes(6) + b"cmap" + bytes(11) + b"\4", "no table of Unicode"),
    ],
)
def test_other_files_are_no_fonts(font: bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        characters_of(font)


def test_a_format_for_the_first_plane_is_read() -> None:
    """Two ranges: A to C by a difference, and x with glyphs of its own, of which y has none."""
    words = [4, 0, 0, 6, 0, 0, 0, 0x43, 0x79, 0xFFFF, 0, 0x41, 0x78, 0xFFFF, 1, 0, 1, 0, 4, 0, 7, 0]
    subtable = struct.pack(f">{len(words)}H", *words)
    table = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + subtable
    font = b"\0\1\0\0" + struct.pack(">HHHH4sIII", 1, 0, 0, 0, b"cmap", 0, 28, len(table)) + table
    assert characters_of(font) == set(map(ord, "ABCx"))
