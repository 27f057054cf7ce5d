"""Themes that extend each other: templates, static files, `extra`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.render.templates.environment import template_chain
from tests.conftest import Built, write

LAYERS = {
    "ssg.toml": 'theme = "child"\n[extra]\ncolour = "site"\n[extra.nav]\nsite = 1\n',
    "themes/child/theme.toml": 'name = "Child"\nextends = "parent"\n[extra]\ncolour = "child"\n'
    'font = "child"\n[extra.nav]\nchild = 2\nsite = 2\n',
    "themes/child/templates/page.html": (
        "{% extends 'theme:page.html' %}{% block x %}{{ super() }}+child{% endblock %}"
    ),
    "themes/parent/theme.toml": '[extra]\nfont = "parent"\nsize = "parent"\n',
    "themes/parent/templates/base.html": "base[{% block x %}{% endblock %}]",
    "themes/parent/templates/page.html": (
        "{% extends 'base.html' %}{% block x %}parent{% endblock %}"
    ),
    "themes/parent/templates/section.html": "",
    "content/a.md": "",
}
OWN = "{% extends 'theme:page.html' %}{% block x %}{{ super() }}+site{% endblock %}"


@pytest.fixture(autouse=True)
def _without_bare_theme(tmp_path: Path) -> None:
    write(tmp_path, {"ssg.toml": ""})


def _page(built: Built) -> str:
    return built.read("a/index.html")


def test_each_layer_extends_the_one_below(site: Callable[..., Built]) -> None:
    assert _page(site(LAYERS)) == "base[parent+child]"
    assert _page(site({"templates/page.html": OWN})) == "base[parent+child+site]"


def test_a_layer_without_the_template_is_passed_over(site: Callable[..., Built]) -> None:
    files = {name: text for name, text in LAYERS.items() if "child/templates" not in name}
    assert _page(site({**files, "templates/page.html": OWN})) == "base[parent+site]"


def test_what_a_lower_layer_includes_is_the_nearest(site: Callable[..., Built]) -> None:
    own = {"templates/base.html": "own({% block x %}{% endblock %})"}
    assert _page(site({**LAYERS, **own})) == "own(parent+child)"


def test_a_macro_and_an_include_of_a_lower_layer(site: Callable[..., Built]) -> None:
    page = "{% import 'theme:part.html' as part %}{{ part.m() }}{% include 'theme:part.html' %}"
    parts = {
        "themes/parent/templates/part.html": "{% macro m() %}m{% endmacro %}parent",
        "themes/child/templates/part.html": "{% include 'theme:part.html' %}{% macro m() %}c"
        "{% endmacro %}-child",
    }
    assert _page(site({**LAYERS, **parts, "templates/page.html": page})) == "cparent-child"


def test_the_lowest_layer_has_nothing_below(problems: Callable[..., list[str]]) -> None:
    files = {**LAYERS, "themes/parent/templates/page.html": "\n{% extends 'theme:page.html' %}"}
    (line,) = problems(files)
    assert line.startswith(
        'themes/parent/templates/page.html:2: template "theme:page.html" not found'
    )


def test_a_near_name_is_one_below(problems: Callable[..., list[str]]) -> None:
    own = "{% extends 'theme:pge.html' %}"
    assert problems({**LAYERS, "templates/page.html": own}) == [
        'templates/page.html:1: template "theme:pge.html" not found. '
        'Did you mean "theme:page.html"?'
    ]


def test_files_of_all_layers_are_told(site: Callable[..., Built]) -> None:
    built = site({**LAYERS, "templates/page.html": OWN})
    assert template_chain(built.site, "page.html") == [
        "templates/page.html",
        "themes/child/templates/page.html",
        "themes/parent/templates/page.html",
        "themes/parent/templates/base.html",
    ]


def test_static_files_are_those_of_the_nearest_layer(site: Callable[..., Built]) -> None:
    built = site(
        {
            **LAYERS,
            "themes/parent/static/a.css": "parent",
            "themes/parent/static/b.css": "parent",
            "themes/parent/static/c.css": "parent",
            "themes/child/static/b.css": "child",
            "themes/child/static/c.css": "child",
            "static/c.css": "site",
        }
    )
    assert [built.read(f"{name}.css") for name in "abc"] == ["parent", "child", "site"]


def test_extra_of_the_site_lies_over_that_of_its_themes(site: Callable[..., Built]) -> None:
    extra = site(LAYERS).site.settings.extra
    assert extra == {
        "colour": "site",
        "font": "child",
        "size": "parent",
        "nav": {"site": 1, "child": 2},
    }


def test_a_theme_needs_no_templates_of_its_own(site: Callable[..., Built]) -> None:
    files = {
        "ssg.toml": 'theme = "plain"\n',
        "themes/plain/theme.toml": 'extends = "default"\n',
        "themes/plain/static/extra.css": "a{}",
        "content/a.md": "",
        "templates/page.html": "{% extends 'theme:page.html' %}",
    }
    built = site(files)
    assert "<!doctype html>" in _page(built).lower()
    assert "extra.css" in built.files
    assert "theme.css" in built.files


@pytest.mark.parametrize(
    ("theme", "line"),
    [
        ('extends = "parnt"', '1:1: unknown theme "parnt". Did you mean "parent"?'),
        ('extends = "child"', "1:1: themes extend each other in a circle: child > child"),
        ('\ncolor = "x"', '2:1: unknown key "color"'),
        ('extra = "x"', '1:1: "extra" must be a table, not the text "x"'),
        ('min_ssg_version = "99"', "1:1: the theme needs ssg 99, and this is "),
        ('min_ssg_version = "new"', '1:1: "min_ssg_version" is not a version: "new". Write 1.2'),
        ("name = \n", "1:8: TOML: Invalid value"),
    ],
)
def test_a_wrong_theme_file_is_told(
    problems: Callable[..., list[str]], theme: str, line: str
) -> None:
    [found] = problems({**LAYERS, "themes/child/theme.toml": theme})
    assert found.startswith("themes/child/theme.toml:" + line)


def test_a_name_made_while_rendering_is_told_as_it_was_said(
    problems: Callable[..., list[str]],
) -> None:
    (line,) = problems({**LAYERS, "templates/page.html": "{% include 'theme:' ~ page.slug %}"})
    assert line.startswith('templates/page.html:1: template "theme:a" not found')


@pytest.mark.parametrize("version", ["0.0.9", "0.1", "0.1.0", "0.1.0.0", "0"])
def test_a_version_that_is_old_enough_is_fine(site: Callable[..., Built], version: str) -> None:
    theme = f'min_ssg_version = "{version}"\nextends = "parent"\n'
    assert site({**LAYERS, "themes/child/theme.toml": theme}).files
