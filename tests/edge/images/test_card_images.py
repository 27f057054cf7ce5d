"""Cards are drawn on request, for pages that have this very card."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from ssg.edge.images.card_images import CardImages
from ssg.images.cards.card_files import CardError
from ssg.images.cards.keep_card_files import keep_card_files
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
def built(site: Callable[..., Built], tmp_path: Path) -> Built:
    built = site(FILES, target="server")
    design = design_of(built.site)
    assert design
    keep_card_files(design, built.root, tmp_path / "files")
    return built


@pytest.fixture
def images(built: Built, inner: TextPictures, tmp_path: Path) -> CardImages:
    cache = VariantCache(tmp_path / "cache")
    return CardImages(inner, built.report.database, tmp_path / "files", cache)


@pytest.fixture
def card(built: Built) -> CardVariant:
    design, found = design_of(built.site), card_of(built.page("/boat/"), built.site)
    assert design and found
    return CardVariant.of(found, design)


def test_a_card_is_drawn_and_kept(images: CardImages, card: CardVariant) -> None:
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


def test_other_cards_do_not_exist(images: CardImages, card: CardVariant) -> None:
    path = card.path
    assert images.find(path.replace("/boat/", "/")) is None
    assert images.find(path.replace(".png", ".jpg")) is None


def test_what_another_machine_has_drawn_is_kept(images: CardImages, card: CardVariant) -> None:
    kept = images.keep(card, b"bytes")
    assert kept.path and kept.path.read_bytes() == b"bytes"
    assert images.made(card) == kept


def test_a_font_that_is_missing_is_a_failure(
    built: Built, card: CardVariant, tmp_path: Path
) -> None:
    cache = VariantCache(tmp_path / "cache")
    images = CardImages(None, built.report.database, tmp_path / "nowhere", cache)
    with pytest.raises(CardError, match="cannot be read"):
        images.make(card)


def test_a_site_may_have_cards_alone(built: Built, card: CardVariant, tmp_path: Path) -> None:
    cache = VariantCache(tmp_path / "cache")
    images = CardImages(None, built.report.database, tmp_path / "files", cache)
    assert images.find(card.path) == FoundVariant(card)
    assert images.find(variant().path) is None
    assert images.find_by_service("", "image/webp") is None
    with pytest.raises(LookupError):
        images.make(variant())


def test_all_else_is_left_to_pictures(images: CardImages, inner: TextPictures) -> None:
    found = images.find(variant().path)
    assert found is not None and found == inner.find(variant().path)
    made = images.make(variant())
    assert images.made(variant()) == made == inner.made(variant())
    assert images.addresses == inner.addresses
    assert images.service_path == inner.service_path
    assert images.find_by_service("", "image/webp") == inner.find_by_service("", "image/webp")
    assert images.keep(variant(), b"x") == inner.keep(variant(), b"x")
