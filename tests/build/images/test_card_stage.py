"""The cards of a build: drawn once, kept, and left to servers that can draw."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable

import pytest
from PIL import Image

from ssg.build.images import card_stage
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.model.errors import RenderError
from ssg.render.views.card import card_of, design_of
from tests.conftest import NOW, Built

FILES = {
    "ssg.toml": (
        'theme = ""\ntitle = "Boats"\n[images.cards]\nwidth = 240\nheight = 126\nmargin = 12\n'
    ),
    "templates/page.html": "{{ page.card }}",
    "templates/section.html": "",
    "content/one.md": "---\ntitle: One\n---\n",
    "content/two.md": "---\ntitle: Two\n---\n",
    "content/none.md": "---\ntitle: None\ncard: false\n---\n",
}


def _cards(built: Built) -> set[str]:
    return {name for name in built.files if name.startswith("_img/cards/")}


def _drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of cards that are drawn from now on."""
    titles: list[str] = []
    draw = card_stage.draw_card

    def note(design: object, files: object, card: object) -> bytes:
        titles.append(card.title)  # type: ignore[attr-defined]  # a Card
        return draw(design, files, card)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(card_stage, "draw_card", note)
    return titles


def test_a_page_links_to_a_card_that_exists(site: Callable[..., Built]) -> None:
    built = site(FILES)
    assert "/" + next(one for one in _cards(built) if "/one/" in one) == built.read(
        "one/index.html"
    )
    assert {one.rpartition("/")[0] for one in _cards(built)} == {
        "_img/cards", "_img/cards/one", "_img/cards/two",
    }  # fmt: skip
    for name in _cards(built):
        picture = Image.open(io.BytesIO((built.report.output / name).read_bytes()))
        assert picture.size == (240, 126)


def test_only_what_changed_is_drawn(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = _drawn(monkeypatch)
    first = _cards(site(FILES))
    assert sorted(titles) == ["Boats", "One", "Two"]
    titles.clear()
    second = _cards(site({"content/one.md": "---\ntitle: Other\n---\n"}))
    assert titles == ["Other"]
    assert len(first & second) == 2
    titles.clear()
    third = site({"content/one.md": FILES["content/one.md"]}, no_cache=True)
    assert (titles, _cards(third)) == ([], first)  # from `.ssg/images`


def test_a_damaged_card_is_drawn_again(site: Callable[..., Built]) -> None:
    built = site(FILES)
    cards = {name: (built.report.output / name).read_bytes() for name in _cards(built)}
    for file in (built.root / ".ssg/images/variants").rglob("*-*"):
        file.write_bytes(bytes(file.stat().st_size))
    shutil.rmtree(built.report.output)
    again = site({})
    assert {name: (again.report.output / name).read_bytes() for name in _cards(again)} == cards


def test_a_server_draws_cards_itself(site: Callable[..., Built]) -> None:
    root = site(FILES, target="server").root
    project = load(root, overrides={("target", "name"): "server"}, environment={})
    built = Built(root, build(project, Layout.of(project), BuildOptions(NOW), Silent()))
    assert [name for name in built.files if "_img" in name] == []
    opened = built.site
    design, page = design_of(opened), built.page("/one/")
    assert design
    card = card_of(page, opened)
    files = built.root / "dist" / "card-files"
    assert card and card_stage.draw_card(design, files, card)[:4] == b"\x89PNG"


def test_characters_that_no_font_has_are_told(site: Callable[..., Built]) -> None:
    rocket = "---\ntitle: Rocket 🚀 中\n---\n"
    built = site({**FILES, "content/two.md": rocket, "content/three.md": rocket})
    assert [str(one) for one in built.report.warnings] == [
        "content/three.md: no font of cards has 中 (U+4E2D), 🚀 (U+1F680); 2 cards are drawn "
        "without. Add a font that has them to images.cards.font"
    ]
    assert len(_cards(built)) == 4
    with pytest.raises(RenderError, match="no font of cards has"):
        site(strict=True)
