"""`site.menus` in templates. The public names are a documented contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView


class MenuItem:
    """An entry of a menu: `{% for item in site.menus.main %}`. Created once for all pages."""

    def __init__(self, entry: Mapping[str, Any], localized: LocalizedSite) -> None:
        self._localized = localized
        self.name: str = entry["name"]
        self.path: str | None = entry.get("path")
        self.url: str = localized.url(self.path) if self.path else entry.get("url", "")
        self.children: Sequence[MenuItem] = [
            MenuItem(child, localized) for child in entry.get("children", ())
        ]

    @property
    def page(self) -> PageView | None:
        """The page that the entry links to, if it is a page of the site."""
        found = self._localized.site.page_at(self.path) if self.path else None
        return PageView(found, self._localized) if found else None

    def current(self, page: PageView) -> bool:
        """Tell whether the entry links to this page."""
        return self.path == page.path

    def active(self, page: PageView) -> bool:
        """Tell whether the entry, or an entry below it, links to the page or a section of it."""
        home = self._localized.settings.home_path
        below = self.path not in {None, home} and page.path.startswith(f"{self.path}")
        return self.current(page) or below or any(item.active(page) for item in self.children)

    def __repr__(self) -> str:
        return f"<menu entry {self.name}>"


class Menus(dict[str, Sequence[MenuItem]]):
    """Menus by name. A menu without entries is empty."""

    def __missing__(self, _: str) -> Sequence[MenuItem]:
        return ()


def menus(localized: LocalizedSite) -> Menus:
    """Return all menus of a site."""
    return Menus(
        {
            name: [MenuItem(entry, localized) for entry in entries]
            for name, entries in localized.site.menus_in(localized.language).items()
        }
    )
