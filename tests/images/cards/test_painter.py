"""Cards as pictures."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache

import pytest
from PIL import Image

from ssg.images.cards.font_face import missing_characters
from ssg.images.cards.painter import CardPainter
from ssg.model.images.card import Card, CardDesign, CardFile, CardPart, CardSettings
from tests.images.cards.fonts import stack

DESIGN = CardDesign(CardSettings(background=("#000000",), color="#ffffff", accent="#ff0000"))
PARTS = CardPart(section="Journal", site="River boats")
MARGIN = DESIGN.settings.margin


@cache
def _painter() -> CardPainter:
    return CardPainter(DESIGN, stack("noto-sans", "noto-sans-arabic", "heebo"))


def _drawn(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(_painter().draw(card)))


def _box(picture: Image.Image) -> tuple[int, int, int, int]:
    """What is not background."""
    box = picture.convert("L").point(lambda value: 255 if value > 40 else 0).getbbox()
    assert box
    return box


@pytest.mark.parametrize(
    "title",
    [
        "A",
        "A first look at deferred rendering",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 5,
        "word " * 80,
        "क्षेत्र और द्वितीय हिन्दी में " * 8,
        "é" * 200,
    ],
)
def test_texts_stay_within_the_margins(title: str) -> None:
    picture = _drawn(Card("/a/", title, PARTS))
    left, top, right, bottom = _box(picture)
    assert picture.size == (1200, 630)
    assert left >= MARGIN - 4
    assert right <= 1200 - MARGIN + 4
    assert top >= MARGIN - 12
    assert bottom <= 630 - MARGIN + 4


def test_a_long_title_is_smaller_than_a_short_one() -> None:
    short = _box(_drawn(Card("/a/", "HH")))
    long = _box(_drawn(Card("/a/", "HH " * 60)))
    assert short[3] - short[1] > 50
    assert long[3] - long[1] < 5 * 60


def test_a_page_from_right_to_left_begins_at_the_right() -> None:
    left, _, right, _ = _box(_drawn(Card("/a/", "שלום", CardPart(), "rtl")))
    assert right > 1200 - MARGIN - 10
    assert left > 600
    left, _, right, _ = _box(_drawn(Card("/a/", "Hello")))
    assert left < MARGIN + 10
    assert right < 600


def test_arabic_letters_are_joined() -> None:
    joined = _box(_drawn(Card("/a/", "سسس", CardPart(), "rtl")))
    apart = _box(_drawn(Card("/a/", "س\u200cس\u200cس", CardPart(), "rtl")))
    assert joined[2] - joined[0] < apart[2] - apart[0]


def test_a_character_that_no_font_has_is_left_out() -> None:
    draw = _painter().draw
    assert draw(Card("/a/", "Boats 🚀 launch")) == draw(Card("/a/", "Boats launch"))
    faces = _painter().fonts.faces
    assert missing_characters(faces, ["Boats 🚀\ufe0f\u200d", "中", "שלום"]) == ["中", "🚀"]


def test_the_same_card_has_the_same_bytes() -> None:
    card = Card("/a/", "A first look", PARTS)
    again = CardPainter(DESIGN, stack("noto-sans", "noto-sans-arabic"))
    assert _painter().draw(card) == again.draw(card)
    assert again.draw(card) != again.draw(replace(card, title="A second look"))


def test_a_template_picture_fills_the_card() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 400), "#204060").save(buffer, "PNG")
    design = CardDesign(CardSettings(width=600, height=315), background=CardFile("back.png", "0"))
    painter = CardPainter(design, stack("noto-sans"), buffer.getvalue())
    picture = Image.open(io.BytesIO(painter.draw(Card("/a/", "Hello"))))
    assert (picture.format, picture.size) == ("PNG", (600, 315))
    assert picture.getpixel((5, 5)) == picture.getpixel((595, 310)) == (0x20, 0x40, 0x60)
    photo = replace(design, background=CardFile("back.jpg", "0"))
    assert (
        CardPainter(photo, stack("noto-sans"), buffer.getvalue()).draw(Card("/a/", "x"))[:2]
        == b"\xff\xd8"
    )


def test_a_gradient_runs_from_the_top_to_the_bottom() -> None:
    design = CardDesign(CardSettings(background=("#ff0000", "#0000ff")))
    picture = Image.open(io.BytesIO(CardPainter(design, stack("noto-sans")).draw(Card("/a/", ""))))
    assert picture.getpixel((0, 0)) == (255, 0, 0)
    assert picture.getpixel((0, 629)) == (0, 0, 255)
