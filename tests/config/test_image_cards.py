"""`[images.cards]`, with the files that it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.config.load import load
from ssg.fingerprint.digest import sha256_of
from ssg.model.errors import ConfigError
from ssg.model.images.card import CardDesign, CardFile, CardSettings
from ssg.model.settings import SiteSettings
from tests.images.cards.fonts import face


def _site(root: Path, cards: str) -> SiteSettings:
    (root / "content").mkdir(exist_ok=True)
    (root / "ssg.toml").write_text(f"[images.cards]\n{cards}\n", "utf-8")
    return load(root, environment={}).settings.site


def _design(root: Path, cards: str) -> CardDesign:
    images = _site(root, cards).images
    assert images and images.cards
    return images.cards


def test_an_empty_table_has_the_font_of_the_extra(tmp_path: Path) -> None:
    font = CardFile("noto-sans", sha256_of(face("noto-sans").data))
    assert _design(tmp_path, "") == CardDesign(CardSettings(), (font,))


def test_files_of_the_site_are_known_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "own.ttf").write_bytes(b"a font")
    (tmp_path / "static" / "back.JPG").write_bytes(b"a photo")
    keys = 'font = ["static/own.ttf", "heebo"]\nbackground = "static/back.JPG"\nmargin = 20'
    design = _design(tmp_path, keys)
    assert design.fonts[0] == CardFile("static/own.ttf", sha256_of(b"a font"))
    assert design.fonts[1].sha256 == sha256_of(face("heebo").data)
    assert design.background == CardFile("static/back.JPG", sha256_of(b"a photo"))
    assert design.settings.margin == 20
    assert design.suffix == "jpg"


def test_a_site_without_the_table_has_no_cards(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "ssg.toml").write_text("[images]\n", "utf-8")
    images = load(tmp_path, environment={}).settings.site.images
    assert images and images.cards is None


def test_settings_survive_the_site_database(tmp_path: Path) -> None:
    settings = _site(tmp_path, 'background = ["#000000", "#ffffff"]\nexclude = ["notes/**"]')
    assert SiteSettings.from_json(settings.to_json()) == settings


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ('font = "inter-nowhere"', 'there is no font "inter-nowhere"'),
        (
            'font = "own.ttf"',
            'there is no file own.ttf. Write its path from the root of the site: "static/own.ttf"',
        ),
        ('font = "../own.ttf"', "there is no file ../own.ttf"),
        ('background = "static/back.png"', "there is no file static/back.png"),
        ('background = "blue"', '"blue" is not a picture'),
        ('background = "#12"', '"#12" is not a colour'),
        ('background = ["#000000", "a.png"]', "must be a picture, a colour, or two colours"),
        ("background = []", "must be a picture, a colour, or two colours"),
        ('color = "white"', '"color" is not a colour'),
        ('show = ["titel"]', 'a card cannot show "titel"'),
        ("width = 9000", "must be at most 4096"),
        ("height = 10", "must be at least 100"),
        ("margin = 300", "leaves too little of 630 pixels"),
        ("colour = 1", 'unknown key "colour"'),
    ],
)
def test_mistakes(tmp_path: Path, keys: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _site(tmp_path, keys)
    (problem,) = caught.value.problems
    assert message in str(problem)
    assert problem.where and problem.where.line == 2
