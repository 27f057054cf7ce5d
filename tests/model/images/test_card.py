"""Addresses of cards."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from ssg.model.images.card import (
    MAX_TEXT,
    Card,
    CardAddress,
    CardDesign,
    CardFile,
    CardPart,
    CardSettings,
    card_text,
)

DESIGN = CardDesign(CardSettings(), (CardFile("noto-sans", "12"),))
CARD = Card("/blog/boat/", "A boat", CardPart(site="Boats"))


@pytest.mark.parametrize("page_path", ["/", "/blog/boat/", "/about.html", "/größe/", "/blog/x"])
def test_a_server_finds_the_page_of_an_address(page_path: str) -> None:
    path = replace(CARD, page_path=page_path).path(DESIGN)
    found = CardAddress.parse(path)
    assert found
    assert page_path in found.page_paths
    assert path.endswith(found.file_name)


def test_pages_with_and_without_a_slash_have_two_addresses() -> None:
    assert CARD.path(DESIGN) != replace(CARD, page_path="/blog/boat").path(DESIGN)


@pytest.mark.parametrize(
    "other",
    [
        replace(CARD, title="A boat."),
        replace(CARD, direction="rtl"),
        replace(CARD, parts=CardPart(section="Boats")),
    ],
)
def test_another_text_has_another_address(other: Card) -> None:
    assert other.path(DESIGN) != CARD.path(DESIGN)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("width", 1000), ("height", 500), ("background", ("#000000",)), ("color", "#000000"),
        ("accent", "#000000"), ("font", ("inter",)), ("margin", 1), ("date_format", "%d"),
        ("show", ()),
    ],
)  # fmt: skip
def test_another_setting_makes_another_address(field: str, value: object) -> None:
    other = replace(DESIGN, settings=replace(DESIGN.settings, **{field: value}))
    assert CARD.path(other) != CARD.path(DESIGN)


def test_another_file_makes_another_address() -> None:
    fonts = replace(DESIGN, fonts=(CardFile("noto-sans", "13"),))
    background = replace(DESIGN, background=CardFile("static/back.png", "12"))
    assert len({CARD.path(one) for one in (DESIGN, fonts, background)}) == 3
    assert CARD.path(replace(DESIGN, background=CardFile("a.JPG", "1"))).endswith(".jpg")


def test_leaving_out_other_pages_changes_no_address() -> None:
    other = replace(DESIGN, settings=replace(DESIGN.settings, exclude=("notes/**",)))
    assert CARD.path(other) == CARD.path(DESIGN)


@pytest.mark.parametrize(
    "path",
    ["/_img/cards/", "/_img/cards/a/b.png", "/_img/cardsa/0123456789abcdef.png", "/a/", "",
     "/_img/cards/0123456789abcdef.gif", "/_img/cards//0123456789abcdef.png"],
)  # fmt: skip
def test_other_paths_are_no_cards(path: str) -> None:
    assert CardAddress.parse(path) is None


def test_a_design_survives_the_database() -> None:
    design = replace(DESIGN, background=CardFile("static/back.png", "12"))
    for one in (design, DESIGN):
        assert CardDesign.from_values(json.loads(json.dumps(asdict(one)))) == one


def test_texts_are_short_and_on_one_line() -> None:
    assert card_text(" a\n\tb ") == "a b"
    assert len(card_text("a" * 1000)) == MAX_TEXT


def test_a_card_says_what_it_shows() -> None:
    assert CARD.alt == "A boat – Boats"
    assert replace(CARD, title="Boats").alt == "Boats"
    assert replace(CARD, parts=CardPart()).alt == "A boat"
