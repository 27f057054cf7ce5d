"""Brings the target of a request to the site's own form of a path, and finds what it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from typing import NamedTuple, Self

from ssg.model.live.route import Route
from ssg.model.page import LISTED_KINDS, NO_TEMPLATE, Page, PageKind
from ssg.model.queries.site import Site
from ssg.model.urls import INDEX_FILE, base_path, canonical_path, decode_path
from ssg.runtime.live.route_table import RouteTable

MAX_TARGET = 4096
"""Longer targets name no page: a part of a path has at most 255 bytes."""

_ORIGIN = re.compile(r"[a-z][a-z+.-]{1,15}://[^/?#]*", re.I)
_ESCAPED = re.compile(r"\\x([0-9A-Fa-f]{2})")
"""What Apache and nginx write for a byte that is not ASCII."""
_END = re.compile(r"[?#]")
_READ_KINDS = LISTED_KINDS | {PageKind.FALLBACK}
_CACHED_TARGETS = 1 << 16


def is_read(page: Page) -> bool:
    """Whether a page is one that people read, and that may be deferred."""
    return page.kind in _READ_KINDS and page.template != NO_TEMPLATE


class FoundPage(NamedTuple):
    """The canonical path of a page; `route` is 0, or the number of the route of a live page."""

    path: str
    route: int = 0


class SitePaths:
    """The pages and the routes of a site. `base` is the path of its address: '' or `/docs`."""

    def __init__(self, base: str, pages: Collection[str], routes: Sequence[Route] = ()) -> None:
        self.pages = pages
        self._base = base
        self._routes = RouteTable.of(routes)
        self.find: Callable[[str], FoundPage | None] = lru_cache(_CACHED_TARGETS)(self._find)
        """The page that the target of a request, a URL or a path, names."""

    @classmethod
    def of(cls, site: Site) -> Self:
        """The paths of a compiled site. Feeds and the like are not pages that people read."""
        pages = frozenset(page.path for page in site.all_pages() if is_read(page))
        return cls(base_path(site.settings.base_url), pages, site.settings.routes)

    def _find(self, target: str) -> FoundPage | None:
        path = self.path_of(target)
        if path is None:
            return None
        for spelling in (path, f"{path}/") if not path.endswith("/") else (path,):
            if spelling in self.pages:
                return FoundPage(spelling)
        return self._live(path)

    def _live(self, path: str) -> FoundPage | None:
        for spelling in (path, path.rstrip("/")) if path.endswith("/") else (path, f"{path}/"):
            found = self._routes.find(spelling) or self._routes.first_part(spelling)
            if found:
                return FoundPage(found.path, found.route.number)
        return None

    def path_of(self, target: str) -> str | None:
        """The canonical path of a target; None if it is outside of the site, or not a path."""
        if len(target) > MAX_TARGET:
            return None
        raw = _END.split(_ORIGIN.sub("", target, count=1), maxsplit=1)[0]
        path = decode_path(_ESCAPED.sub(r"%\1", raw) or "/")
        if path is None or not f"{path}/".startswith(f"{self._base}/"):
            return None
        path = path[len(self._base) :]
        if path.endswith(f"/{INDEX_FILE}"):
            path = path.removesuffix(INDEX_FILE)
        return canonical_path(path)
