"""Builds the menus: entries of the configuration and of front matter, as one tree for each menu."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from ssg.config.load import Project
from ssg.config.locate import KeyPath, locate
from ssg.content.source.document import SourceDocument
from ssg.fingerprint.input_folders import PYPROJECT_NAME
from ssg.model.errors import Location, Problem, did_you_mean
from ssg.model.page import Page
from ssg.model.settings import MenuEntry
from ssg.model.urls import canonical_path

_LAST = 2**62


@dataclass(slots=True, eq=False)
class _Item:
    """An entry with its page. `where` is its key path or its file, to locate errors."""

    entry: MenuEntry
    page: Page | None
    where: KeyPath | str
    number: int = 0
    children: list[_Item] = field(default_factory=list)

    @property
    def order(self) -> tuple[int, int]:
        return self.entry.weight or _LAST, self.number

    def tree(self) -> dict[str, Any]:
        """The entry and those below it, as the site database stores them."""
        path = self.page.path if self.page else None
        if self.page is None and self.entry.url.startswith("/"):
            path = canonical_path(self.entry.url)
        below = [child.tree() for child in sorted(self.children, key=lambda item: item.order)]
        values = {"name": self.entry.name, "path": path, "url": self.entry.url, "children": below}
        return {key: value for key, value in values.items() if value}


def menu_trees(
    project: Project,
    documents: Iterable[SourceDocument],
    by_source: Mapping[str, Page],
    left_out: Set[str],
    problems: list[Problem],
    keys: tuple[str, ...] = ("menus",),
) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Every menu by its name. An entry is left out if the build leaves its page out.

    `keys` lead to the menus in the configuration.
    """
    menus: dict[str, list[_Item]] = {}
    for item in (
        *_configured(project, by_source, left_out, problems, keys),
        *_of_documents(documents, by_source),
    ):
        items = menus.setdefault(item.entry.menu, [])
        item.number = len(items)
        items.append(item)
    return {name: _tree(project, menus[name], problems) for name in sorted(menus)}


def _configured(
    project: Project,
    by_source: Mapping[str, Page],
    left_out: Set[str],
    problems: list[Problem],
    keys: tuple[str, ...],
) -> Iterator[_Item]:
    for name, entries in project.settings.menus.items():
        for number, entry in enumerate(entries):
            place: KeyPath = (*keys, name, number)
            source = entry.page.removeprefix("@/")
            page = by_source.get(source)
            if source in left_out:
                yield _Item(replace(entry, page=""), None, place)
            elif source and page is None:
                message = f'the menu "{name}" names no page: there is no {source}'
                hint = did_you_mean(source, by_source)
                problems.append(Problem(message, _where(project, place, "page"), hint))
            else:
                title = entry.name or (page.title if page else "")
                yield _Item(replace(entry, name=title), page, place)


def _of_documents(
    documents: Iterable[SourceDocument], by_source: Mapping[str, Page]
) -> Iterator[_Item]:
    for document in documents:
        for entry in document.menus:
            page = by_source[document.source]
            named = replace(entry, name=entry.name or page.title)
            yield _Item(replace(named, weight=entry.weight or page.weight), page, page.source or "")


def _tree(project: Project, items: list[_Item], problems: list[Problem]) -> list[dict[str, Any]]:
    by_name = {item.entry.name: item for item in reversed(items) if item.entry.name}
    top = []
    for item in items:
        parent = by_name.get(item.entry.parent)
        if item.entry.parent and parent is None:
            message = f'the menu "{item.entry.menu}" has no "{item.entry.parent}"'
            hint = did_you_mean(item.entry.parent, by_name)
            problems.append(Problem(message, _where(project, item.where, "parent"), hint))
        elif parent and _leads_to_itself(item, by_name):
            message = f'"{item.entry.name}" of the menu "{item.entry.menu}" is below itself'
            problems.append(Problem(message, _where(project, item.where, "parent")))
        elif parent and _has_link(parent):
            parent.children.append(item)
        else:
            top.append(item)
    return [item.tree() for item in sorted(filter(_has_link, top), key=lambda item: item.order)]


def _has_link(item: _Item) -> bool:
    """Whether an entry has a link: the build may leave its page out."""
    return bool(item.page or item.entry.url)


def _leads_to_itself(item: _Item, by_name: Mapping[str, _Item]) -> bool:
    seen: list[_Item] = []
    above: _Item | None = item
    while above and above not in seen:
        seen.append(above)
        above = by_name.get(above.entry.parent)
    return above is item


def _where(project: Project, place: KeyPath | str, key: str) -> Location:
    """A page's file, or the line of the configuration."""
    if isinstance(place, str):
        return Location(f"content/{place}")
    path = project.config_path
    if path is None:
        return Location(PYPROJECT_NAME)
    prefix = ("tool", "ssg") if path.name == PYPROJECT_NAME else ()
    return locate(path.read_text("utf-8-sig"), path.name, (*prefix, *place, key))
