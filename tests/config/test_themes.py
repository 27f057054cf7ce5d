"""Where themes are."""

from __future__ import annotations

from pathlib import Path

from ssg.config.themes import theme_folder, theme_names
from tests.conftest import write


def test_a_theme_of_the_site_goes_before_the_built_in_one(tmp_path: Path) -> None:
    built_in = theme_folder(tmp_path, "default")
    assert built_in is not None
    write(tmp_path, {"themes/default/templates/page.html": ""})
    assert theme_folder(tmp_path, "default") == tmp_path / "themes" / "default" != built_in


def test_a_folder_without_templates_is_no_theme(tmp_path: Path) -> None:
    write(tmp_path, {"themes/x/readme.txt": ""})
    assert theme_folder(tmp_path, "x") is None
    assert theme_folder(tmp_path, "") is None


def test_names_are_those_of_every_shelf(tmp_path: Path) -> None:
    write(tmp_path, {"themes/mine/templates/page.html": ""})
    assert {"default", "mine"} <= set(theme_names(tmp_path))
