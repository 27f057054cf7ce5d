"""`[images]`: the image service of each target, and mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.config import images
from ssg.config.load import load
from ssg.model.errors import ConfigError
from ssg.model.images.settings import ImageService, ImageSettings


def _images(root: Path, keys: str, target: str = "static") -> ImageSettings:
    (root / "content").mkdir(exist_ok=True)
    config = f'[target]\nname = "{target}"\n[images]\n{keys}\n'
    (root / "ssg.toml").write_text(config, "utf-8")
    found = load(root, environment={}).settings.site.images
    assert found
    return found


@pytest.mark.parametrize(
    ("target", "name", "service"),
    [
        ("netlify", "auto", ImageService.SSG),
        ("netlify", "ssg", ImageService.SSG),
        ("netlify", "netlify", ImageService.NETLIFY),
        ("vercel", "auto", ImageService.VERCEL),
        ("static", "netlify", ImageService.SSG),
        ("static", "vercel", ImageService.SSG),
    ],
)
def test_the_service_of_a_target(
    tmp_path: Path, target: str, name: str, service: ImageService
) -> None:
    assert _images(tmp_path, f'service = "{name}"', target).service == service


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ('service = "netlify"', 'the target server does not have the image service "netlify"'),
        ('service = "netlfy"', 'unknown image service "netlfy". Did you mean "netlify"?'),
        ("widths = []", '"widths" is empty. Write [400, 800, 1200]'),
        ('formats = ["gif"]', 'unknown format "gif". One of avif, webp, jpeg, png, original'),
        ('addresses = ["/img/{file}"]', "it needs {file} and {width}, each once"),
        ('focus = { "a.jpg" = "upper" }', '"upper" is not a focal point'),
        ('recipes = { a = { fit = "cover" } }', 'recipe "a": a recipe needs a width or a height'),
    ],
)
def test_mistakes(tmp_path: Path, keys: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _images(tmp_path, keys, "server")
    assert [message in str(problem) for problem in caught.value.problems] == [True]


def test_pillow_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "find_spec", lambda _: None)
    with pytest.raises(ConfigError, match=r'needs the package Pillow. Run pip install "ssg'):
        _images(tmp_path, "")
