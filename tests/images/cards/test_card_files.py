"""The files of cards are copied once, known by their content, and checked."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ssg.fingerprint.digest import sha256_of
from ssg.images.cards.card_files import CardError, draw_card, font_faces
from ssg.images.cards.keep_card_files import keep_card_files
from ssg.model.images.card import Card, CardDesign, CardFile, CardSettings
from tests.images.cards.fonts import face

CARD = Card("/a/", "Hello")


@pytest.fixture
def design(tmp_path: Path) -> CardDesign:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "#204060").save(buffer, "PNG")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "back.png").write_bytes(buffer.getvalue())
    return CardDesign(
        CardSettings(width=300, height=200, margin=20, background=("static/back.png",)),
        (CardFile("noto-sans", sha256_of(face("noto-sans").data)),),
        CardFile("static/back.png", sha256_of(buffer.getvalue())),
    )


def test_a_card_is_drawn_from_the_folder_alone(design: CardDesign, tmp_path: Path) -> None:
    keep_card_files(design, tmp_path, tmp_path / "files")
    (tmp_path / "static" / "back.png").unlink()
    picture = Image.open(io.BytesIO(draw_card(design, tmp_path / "files", CARD)))
    assert picture.size == (300, 200)
    assert picture.getpixel((1, 1)) == (0x20, 0x40, 0x60)
    assert len(list((tmp_path / "files").iterdir())) == 2


def test_files_of_another_design_are_removed(design: CardDesign, tmp_path: Path) -> None:
    keep_card_files(design, tmp_path, tmp_path / "files")
    keep_card_files(replace(design, background=None), tmp_path, tmp_path / "files")
    assert [one.name for one in (tmp_path / "files").iterdir()] == [design.fonts[0].sha256]


def test_what_is_missing_or_damaged_is_told(design: CardDesign, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    with pytest.raises(CardError, match="which cards need, cannot be read"):
        draw_card(design, folder, CARD)
    keep_card_files(design, tmp_path, folder)
    (folder / design.fonts[0].sha256).write_bytes(b"x")
    with pytest.raises(CardError, match="noto-sans is damaged"):
        draw_card(design, folder, CARD)


def test_a_file_that_is_no_font_is_told(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "own.ttf").write_bytes(b"a text")
    own = CardFile("static/own.ttf", sha256_of(b"a text"))
    keep_card_files(CardDesign(CardSettings(), (own,)), tmp_path, tmp_path / "files")
    with pytest.raises(CardError, match=r"static/own\.ttf cannot be used as a font: it is cut off"):
        font_faces(CardDesign(CardSettings(), (own,)), tmp_path / "files")


def test_a_file_that_changes_during_a_build_is_told(design: CardDesign, tmp_path: Path) -> None:
    (tmp_path / "static" / "back.png").write_bytes(b"another")
    with pytest.raises(CardError, match="has changed during the build"):
        keep_card_files(design, tmp_path, tmp_path / "files")
