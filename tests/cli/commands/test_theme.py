"""`ssg theme`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Ran

Ssg = Callable[..., Ran]
FILES = {
    "ssg.toml": 'theme = "harbour"\n',
    "themes/harbour/theme.toml": 'extends = "below"\ndescription = "Wide pictures"\n',
    "themes/harbour/templates/page.html": "one\ntwo\n",
    "themes/harbour/templates/parts/x.html": "x",
    "themes/below/templates/page.html": "below\n",
    "themes/below/templates/section.html": "section\n",
    "templates/page.html": "one\n2\n",
    "templates/section.html": '{% extends "theme:section.html" %}{% block a %}{% endblock %}',
}


def test_themes_are_listed_with_their_use(ssg: Ssg) -> None:
    ran = ssg("theme", "list", files=FILES)
    lines = {line.split()[0]: line for line in ran.out.splitlines()}
    assert lines["harbour"].split(maxsplit=4)[1:] == [
        "in", "use", "themes/harbour", "Wide pictures",
    ]  # fmt: skip
    assert "parent theme" in lines["below"]
    assert "comes with ssg" in lines["default"]
    found = {theme["name"]: theme for theme in json.loads(ssg("theme", "list", "--json").out)}
    assert [found[name]["use"] for name in ("harbour", "below", "default")] == [1, 2, 0]


def test_templates_are_shown_with_the_one_that_wins(ssg: Ssg) -> None:
    found = json.loads(ssg("theme", "show", "--json", files=FILES).out)
    files = {one["name"]: one["files"] for one in found}
    assert files["page.html"] == [
        "templates/page.html", "themes/harbour/templates/page.html",
        "themes/below/templates/page.html",
    ]  # fmt: skip
    assert files["feed.xml"] == ["ssg/render/builtin/feed.xml"]
    line = next(line for line in ssg("theme", "show").out.splitlines() if "page.html" in line)
    assert line.split() == ["page.html", *", ".join(files["page.html"]).replace(",", "", 1).split()]


def test_another_theme_can_be_shown(ssg: Ssg) -> None:
    found = json.loads(ssg("theme", "show", "below", "--json", files=FILES).out)
    assert "parts/x.html" not in {one["name"] for one in found}
    ran = ssg("theme", "show", "belwo")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == 'error: unknown theme "belwo". Did you mean "below"?\n'


def test_overrides_are_compared_with_the_theme(ssg: Ssg) -> None:
    assert ssg("theme", "diff", "page.html", files=FILES).out.splitlines() == [
        "--- themes/harbour/templates/page.html", "+++ templates/page.html", "@@ -1,2 +1,2 @@",
        " one", "-two", "+2",
    ]  # fmt: skip
    assert ssg("theme", "diff").out.splitlines()[-1] == (
        "templates/section.html extends themes/below/templates/section.html, and changes a"
    )
    assert ssg("theme", "diff", "parts/x.html").out == ""


def test_a_template_is_ejected_once(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg("theme", "eject", "parts/x.html", files=FILES)
    assert (ran.status, ran.out) == (0, "templates/parts/x.html\n")
    assert (tmp_path / "templates/parts/x.html").read_text() == "x"
    assert (
        ssg("theme", "diff", "parts/x.html").out
        == "parts/x.html is the same as the template that it overrides\n"
    )
    again = ssg("theme", "eject", "parts/x.html")
    assert again.err == "templates/parts/x.html: error: the file exists already\n"


def test_an_unknown_template_is_an_error(ssg: Ssg) -> None:
    for command in ("eject", "diff"):
        ran = ssg("theme", command, "pge.html", files=FILES)
        assert ran.status == 1
        assert 'error: there is no template "pge.html". Did you mean "page.html"?' in ran.err
