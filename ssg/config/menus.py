"""The keys of menus: `[[menus.NAME]]`."""

from __future__ import annotations

from ssg.config.table import Table
from ssg.model.settings import MenuEntry


def read_menus(table: Table) -> dict[str, tuple[MenuEntry, ...]]:
    """`[[menus.NAME]]`."""
    return {
        name: tuple(_menu_entry(name, entry) for entry in table.tables(name))
        for name in table.keys()  # noqa: SIM118 no dict
    }


def _menu_entry(menu: str, table: Table) -> MenuEntry:
    entry = MenuEntry(
        menu,
        name=table.text("name"),
        url=table.text("url"),
        page=table.text("page"),
        weight=table.whole("weight", 0, -(2**31)),
        parent=table.text("parent"),
    )
    if bool(entry.url) == bool(entry.page):
        table.problem("url", 'a menu entry needs either "url" or "page"')
    elif entry.url and not entry.name:
        table.problem("url", 'a menu entry with "url" needs a "name"')
    table.refuse_unread()
    return entry
