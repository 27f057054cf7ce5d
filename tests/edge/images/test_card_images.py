"""Cards are drawn on request, for pages that have this very card."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ssg.edge.images.card_images import CardImages
from ssg.images.cards.card_files import CardError, keep_card_files
from ssg.images.variant_cache import VariantCache
from ssg.model.images.card_variant import CardVariant
from ssg.render.views.card import card_of, design_of
from ssg.runtime.variant_lookup import FoundVariant
from tests.conftest import Built
from tests.edge.images.pictures import TextPictures, pictures, variant

FILES = {
    "ssg.toml": 'theme = ""\n[images.cards]\nwidth = 240\nheight = 126\nmargin = 12\n',
    "templates/page.html": "{{ page.card }}",
    "templates/section.html": "",
    "content/boat.md": "---\ntitle: Boat\n---\n",
}


@pytest.fixture
def inner(tmp_path: Path) -> TextPictures:
    return pictures(tmp_path / "pictures", variant())


@pytest.fixture
def images(site: Callable[..., Built], inner: TextPictures, tmp_path: Path) -> CardImages:
    built = site(FILES, target="server")
    files, opened = tmp_path / "files", built.site
    design = design_of(opened)
    assert design
    keep_card_files(design, built.root, files)
    return CardImages(inner, opened, files, VariantCache(tmp_path / "cache"))


def _card(images: CardImages) -> CardVariant:
    design, page = design_of(images.site), images.site.page_at("/boat/")
    assert design and page
    card = card_of(page, images.site)
    assert card
    return CardVariant.of(card, design)


def test_a_card_is_drawn_and_kept(images: CardImages) -> None:
    card = _card(images)
    found = images.find(card.path)
    assert found == FoundVariant(card) and images.find(card.path) is found
    assert (card.media_type, card.picture.path) == ("image/png", "/boat/")
    assert images.made(card) is None
    made = images.make(card)
    assert Image.open(io.BytesIO(made.data)).size == (240, 126)
    assert images.made(card) == made
    file = made.path
    assert file
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert images.made(card) is None  # damaged


def test_other_cards_do_not_exist(images: CardImages) -> None:
    path = _card(images).path
    assert images.find(path.replace("/boat/", "/")) is None
    assert images.find(path.replace(".png", ".jpg")) is None


def test_what_another_machine_has_drawn_is_kept(images: CardImages) -> None:
    kept = images.keep(_card(images), b"bytes")
    assert kept.path and kept.path.read_bytes() == b"bytes"
    assert images.made(_card(images)) == kept


def test_a_font_that_is_missing_is_a_failure(images: CardImages, tmp_path: Path) -> None:
    with pytest.raises(CardError, match="cannot be read"):
        replace(images, files=tmp_path / "nowhere").make(_card(images))


def test_all_else_is_left_to_pictures(images: CardImages, inner: TextPictures) -> None:
    found = images.find(variant().path)
    assert found is not None and found == inner.find(variant().path)
    made = images.make(variant())
    assert images.made(variant()) == made == inner.made(variant())
    assert images.addresses == inner.addresses
    assert images.service_path == inner.service_path
    assert images.find_by_service("", "image/webp") == inner.find_by_service("", "image/webp")
    assert images.keep(variant(), b"x") == inner.keep(variant(), b"x")
