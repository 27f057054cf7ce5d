"""Converts Hugo's menus. Ours name a parent by what it shows, not by an identifier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssg.importers.hugo.config import HugoConfig
from ssg.importers.imported_page import ImportedPage, Pages
from ssg.importers.site_data.toml_yaml_json import lower_keys


def menus(config: HugoConfig, pages: Pages) -> dict[str, list[dict[str, Any]]]:
    """`[menus]` of the configuration. An entry that leads to a page names its file.

    If there is one menu, it becomes `main`, which the default theme shows.
    """
    table = {**config.table("menu"), **config.table("menus")}
    by_address = {page.address: page for page in pages}
    found = {}
    for menu, entries in table.items():
        if isinstance(entries, list):
            rows = [lower_keys(entry) for entry in entries if isinstance(entry, dict)]
            names = {str(row.get("identifier")): str(row.get("name")) for row in rows}
            made = [_entry(row, by_address, names) for row in rows]
            found[menu] = [entry for entry in made if entry.get("page") or entry.get("name")]
    if len(found) == 1 and "main" not in found and not _is_used_by_pages(pages):
        return dict.fromkeys(["main"], next(iter(found.values())))
    return found


def _is_used_by_pages(pages: Pages) -> bool:
    """Whether pages name menus in their front matter."""
    return any("menus" in page.values for page in pages)


def _entry(
    row: Mapping[str, Any], by_address: Mapping[str, ImportedPage], names: Mapping[str, str]
) -> dict[str, Any]:
    url = str(row.get("pageref") or row.get("url") or "/")
    path = "/" + url.strip("/") + "/" if url.strip("/") else "/"
    target = by_address.get(path) if "://" not in url else None
    parent = str(row.get("parent") or "")
    target_keys = {"page": target.content_path} if target else {"url": url}
    weight = row.get("weight")
    return {
        **({"name": str(row["name"])} if row.get("name") else {}),
        **target_keys,
        **({"weight": weight} if isinstance(weight, int) else {}),
        **({"parent": names.get(parent, parent)} if parent else {}),
    }


def page_menus(value: Any, names: Mapping[str, str]) -> Any:
    """`menu` in front matter. `names` has the names of entries by their identifiers."""
    if not isinstance(value, dict):
        return value
    return {menu: _page_entry(entry, names) for menu, entry in value.items()}


def _page_entry(entry: Any, names: Mapping[str, str]) -> dict[str, Any]:
    row = lower_keys(entry) if isinstance(entry, dict) else {}
    found: dict[str, Any] = {}
    if row.get("name"):
        found["name"] = str(row["name"])
    if isinstance(row.get("weight"), int):
        found["weight"] = row["weight"]
    if row.get("parent"):
        found["parent"] = names.get(str(row["parent"]), str(row["parent"]))
    return found


def entry_names(config: HugoConfig) -> dict[str, str]:
    """The names of the entries in the configuration, by identifier."""
    table = {**config.table("menu"), **config.table("menus")}
    rows = [lower_keys(e) for entries in table.values() if isinstance(entries, list)
            for e in entries if isinstance(e, dict)]  # fmt: skip
    return {str(row["identifier"]): str(row.get("name", "")) for row in rows if "identifier" in row}
