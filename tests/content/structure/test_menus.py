"""Menus of the configuration and of front matter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built

HEAD = 'theme = ""\nbase_url = "https://example.org/sub/"\n'
CONFIG = (
    HEAD
    + """
[[menus.main]]
name = "Elsewhere"
url = "https://example.com/"
weight = 30
[[menus.main]]
page = "docs/_index.md"
weight = 10
[[menus.main]]
name = "Legal"
url = "/legal"
parent = "Docs"
[[menus.main]]
name = "Hidden"
page = "@/secret.md"
"""
)
FILES = {
    "ssg.toml": CONFIG,
    "content/docs/_index.md": "---\ntitle: Docs\n---\n",
    "content/docs/a.md": "---\ntitle: A\nmenus: {main: {parent: Docs, weight: 2}, side: }\n---\n",
    "content/docs/b.md": "---\ntitle: B\nmenu: main\nweight: 20\n---\n",
    "content/docs/c.md": "---\nmenus: {main: {name: See, parent: Docs, weight: 1}}\n---\n",
    "content/d.md": "---\ntitle: D\nmenus: [main, side]\n---\n",
    "content/secret.md": "---\ndraft: true\nmenus: main\n---\n",
}
SHOW = (
    "{% for item in site.menus[which] recursive %}"
    "{{ item.name }} {{ item.url }}{{ '!' if item.current(page) }}{{ '+' if item.active(page) }}"
    "{% if item.children %}({{ loop(item.children) }}){% endif %};{% endfor %}"
)


def _show(which: str) -> dict[str, str]:
    return {"templates/page.html": f"{{% set which = '{which}' %}}{SHOW}"}


def test_a_menu_is_a_tree_by_weight(site: Callable[..., Built]) -> None:
    built = site({**FILES, **_show("main")})
    assert built.read("docs/a/index.html") == (
        "Docs /sub/docs/+(See /sub/docs/c/;A /sub/docs/a/!+;Legal /sub/legal/;);"
        "B /sub/docs/b/;Elsewhere https://example.com/;D /sub/d/;"
    )
    assert built.read("d/index.html").endswith("D /sub/d/!+;")


def test_a_page_may_be_in_several_menus(site: Callable[..., Built]) -> None:
    assert site({**FILES, **_show("side")}).read("d/index.html") == "D /sub/d/!+;A /sub/docs/a/;"
    assert site({**FILES, **_show("none")}).read("d/index.html") == ""


def test_an_entry_knows_its_page(site: Callable[..., Built]) -> None:
    template = "{% for i in site.menus.main %}{{ i.page.kind if i.page else '-' }} {% endfor %}"
    built = site({**FILES, "templates/page.html": template})
    assert built.read("d/index.html") == "section page - page "


def test_a_menu_changes_the_build(site: Callable[..., Built]) -> None:
    first = site(FILES).report.content_id
    assert site({"ssg.toml": CONFIG.replace("30", "31")}).report.content_id == first
    assert site({"ssg.toml": CONFIG.replace("30", "5")}).report.content_id != first


@pytest.mark.parametrize(
    ("config", "fault"),
    [
        ('name = "A"', 'ssg.toml:3:1: a menu entry needs either "url" or "page"'),
        ('url = "/x"', 'ssg.toml:4:1: a menu entry with "url" needs a "name"'),
        ('page = "docs/d.md"', "names no page: there is no docs/d.md. Did you mean"),
        ('name = "X"\nurl = "/x"\nparent = "Dosc"', 'ssg.toml:6:1: the menu "main" has no "Dosc"'),
        ('name = "X"\nurl = "/x"\nparent = "X"', '"X" of the menu "main" is below itself'),
        ('name = "X"\nulr = "/x"', 'unknown key "ulr". Did you mean "url"?'),
    ],
)
def test_a_wrong_entry_is_told(problems: Callable[..., list[str]], config: str, fault: str) -> None:
    files = {**FILES, "ssg.toml": f"{HEAD}[[menus.main]]\n{config}\n"}
    for name in ("a", "b", "c"):
        files[f"content/docs/{name}.md"] = ""
    assert any(fault in line for line in problems(files))


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("menus: {main: x}", 'content/a.md:2:9: the menu "main" must be a table, not the text "x"'),
        ("menus: {main: {wieght: 1}}", 'unknown key "wieght". Did you mean "weight"?'),
        ("menus: {main: {parent: Nope}}", 'content/a.md: the menu "main" has no "Nope"'),
        ("menus: 3", '"menus" must be a list of texts, not the number 3'),
    ],
)
def test_a_wrong_wish_is_told(problems: Callable[..., list[str]], header: str, fault: str) -> None:
    (line,) = problems({"content/a.md": f"---\n{header}\n---\n"})
    assert fault in line
