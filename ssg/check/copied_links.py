"""Finds links that one template, menu or text brings to many pages.

A relative address leads elsewhere on each page. One that is copied to all pages, as in a menu,
would be as many findings as there are pages, although one line is to be changed. HTML of templates
has the address as it is written. That of texts has it resolved, so it is made relative again.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from ssg.check.source_locations import SourceLocations
from ssg.model.errors import Location

_FEW_TARGETS = 3
"""Up to this many targets, an address that no template contains is reported for each target."""


class _Link(Protocol):
    @property
    def url(self) -> str: ...

    @property
    def path(self) -> str: ...


Link = TypeVar("Link", bound=_Link)


def copied_links(
    found: Mapping[Link, Sequence[str]], locations: SourceLocations
) -> tuple[dict[str, tuple[list[Link], Location | None]], dict[Link, Sequence[str]]]:
    """Relative addresses with several targets, by how they are written, and all other links.

    The location is that in a template or in the configuration, else in the text of one page.
    """
    groups: dict[str, list[Link]] = {}
    for link, pages in found.items():
        if written := _relative_form(link, pages[0]):
            groups.setdefault(written, []).append(link)
    copied: dict[str, tuple[list[Link], Location | None]] = {}
    rest = dict(found)
    for written, links in groups.items():
        where = locations.in_templates(written) if len(links) > 1 else None
        if where is None and len(links) > _FEW_TARGETS and not any(map(_is_file, links)):
            where = locations.of_address(written, written, found[links[0]])
        if where is not None:
            copied[written] = links, where
            for link in links:
                del rest[link]
    return copied, rest


def _is_file(link: object) -> bool:
    """Pages may each have a file of one name beside them."""
    return bool(getattr(link, "is_file", False))


def _relative_form(link: _Link, page: str) -> str:
    """An address as it is written, or may be written in a text; '' if it leads to other sites."""
    if not link.url.startswith("/"):
        return "" if "//" in link.url.partition("?")[0] else link.url
    relative = posixpath.relpath(link.path, posixpath.dirname(page))
    fragment = link.url.partition("#")[2]
    slash = "/" if link.path.endswith("/") and link.url.partition("#")[0].endswith("/") else ""
    return relative + slash + (f"#{fragment}" if fragment else "")
