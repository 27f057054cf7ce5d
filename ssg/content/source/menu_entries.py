"""The menu entries in the front matter of a page."""

from __future__ import annotations

from ssg.config.table import Table, describe
from ssg.model.settings import MenuEntry


def read_menus(table: Table) -> tuple[MenuEntry, ...]:
    """`menus: main`, `menus: [main, footer]`, or `menus: {main: {name: .., weight: ..}}`."""
    value = table.raw("menus")
    if not isinstance(value, dict):
        return tuple(MenuEntry(name) for name in table.texts("menus"))
    below = table.table("menus")
    return tuple(_entry(below, str(name), value[name]) for name in value)


def _entry(table: Table, menu: str, value: object) -> MenuEntry:
    if value is None:  # `menus: {main: }`
        return MenuEntry(menu)
    if not isinstance(value, dict):
        table.problem(menu, f'the menu "{menu}" must be a table, not {describe(value)}')
        return MenuEntry(menu)
    below = table.table(menu)
    entry = MenuEntry(
        menu,
        name=below.text("name"),
        weight=below.whole("weight", 0, -(2**31)),
        parent=below.text("parent"),
    )
    below.refuse_unread()
    return entry
