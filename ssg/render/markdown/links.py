"""Resolves the targets of links in Markdown to URLs."""

from __future__ import annotations

import posixpath
import re
from bisect import bisect
from collections.abc import Callable, Collection, Iterator
from urllib.parse import unquote, urljoin

from ssg.model.errors import did_you_mean
from ssg.model.page import Page, PageKind
from ssg.model.queries.site import Site
from ssg.model.urls import base_path, quote_path
from ssg.render.markdown.page_state import MarkdownError
from ssg.render.source_lookup import SourceLookup

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_PART = re.compile(r"([^?#]*)(.*)", re.S)
_MAX_CACHED_PAGES = 2048
"""The number of link targets that a renderer caches. Pages often link to the same targets."""

_MAX_NEIGHBOURS = 20
"""The number of names before and after an unknown one that are looked at for a suggestion."""


class LinkError(MarkdownError):
    """A link to a page, or to a part of a page, that does not exist."""


def is_internal(target: str) -> bool:
    """Tell whether a target must name a source file: `@/docs/a.md`, `../b.md#part`."""
    return target.startswith("@/") or (
        not _SCHEME.match(target)
        and not target.startswith("/")
        and split_target(target)[0].endswith(".md")
    )


def source_of(target: str, page_source: str) -> str:
    """Return the source file that an internal target names, relative to the content folder."""
    file = unquote(split_target(target)[0])
    if file.startswith("@/"):
        return posixpath.normpath(file[2:])
    return posixpath.normpath(posixpath.join(posixpath.dirname(page_source), file))


def anchor_of(target: str) -> str:
    """Return the id that a target names, or '': `a.md#part` -> `part`.

    `#top` is the top of any page (HTML, "Scrolling to a fragment"), and what follows `:~:` is not
    an id (URL Fragment Text Directives).
    """
    anchor = unquote(target.partition("#")[2].partition(":~:")[0])
    return "" if anchor.lower() == "top" else anchor


class MarkdownLinkResolver:
    """Resolves the targets of links in the texts of one site.

    `anchors` returns the ids of a page's elements, or None if they are unknown. Without it, parts
    of pages are not checked.
    """

    def __init__(
        self, site: Site, anchors: Callable[[Page], Collection[str] | None] | None = None
    ) -> None:
        self._site = site
        self._base = base_path(site.settings.base_url)
        self._anchors = anchors
        self._sources = SourceLookup(site)
        self._pages: dict[tuple[str, str], Page | None] = {}
        self._known: dict[str, list[str]] = {}

    def resolve(self, target: str, page: Page) -> str:
        """Return the URL for a target in the text of `page`, under the site's base path.

        Raises LinkError if an internal target does not exist.
        """
        if is_internal(target):
            return self._base + self._internal(target, page)
        if not target or _SCHEME.match(target):
            return target
        if target.startswith("/"):
            return self._base + target
        return self._base + (self._beside(target, page) or urljoin(quote_path(page.path), target))

    def _internal(self, target: str, page: Page) -> str:
        """Return the path of a page, or of a file beside a page: `@/blog/boat.jpg`."""
        name, rest = split_target(target)
        is_file = not name.endswith(".md") and self._beside(target, page)
        return is_file or quote_path(self._find_page(target, page).path) + rest

    def _find_page(self, target: str, page: Page) -> Page:
        """Return the page of a target, in the language of the page if possible.

        A text that is shown in place of a translation may name an id that the translation of the
        target lacks; then the target is the page in the text's own language.
        """
        source = page.source or ""
        try:
            return self.check(target, source, page.language)
        except LinkError:
            if page.kind == PageKind.FALLBACK:
                return self.check(target, source)
            raise

    def check(self, target: str, page_source: str, language: str = "") -> Page:
        """Return the page that an internal target names, in the text of a source and in a language.

        Raises LinkError if there is no such page or no such part of it.
        """
        source = source_of(target, page_source)
        found = self._page_from(source, language)
        if found is None:
            message = f'the link "{target}" names no page: there is no {source}'
            raise LinkError(message, target, did_you_mean(source, self._near(source)))
        if "#" in target:
            self._check_anchor(target, found)
        return found

    def _page_from(self, source: str, language: str) -> Page | None:
        if len(self._pages) >= _MAX_CACHED_PAGES:
            self._pages.clear()
        find = self._sources.page
        return self._site.remember(self._pages, (source, language), lambda: find(source, language))

    def _near(self, source: str) -> Iterator[str]:
        """Yield sources that an unknown name may mean: neighbours, and files of the same name."""
        known = self._site.remember(self._known, "all", self._site.sources)
        place = bisect(known, source)
        yield from known[max(0, place - _MAX_NEIGHBOURS) : place + _MAX_NEIGHBOURS]
        ending = "/" + posixpath.basename(source)
        yield from (other for other in known if other.endswith(ending))

    def _check_anchor(self, target: str, page: Page) -> None:
        anchor = anchor_of(target)
        if not anchor or self._anchors is None:
            return
        known = self._anchors(page)
        if known is not None and anchor not in known:
            message = f'the link "{target}" names an id that content/{page.source} does not have'
            raise LinkError(message, target, did_you_mean(anchor, known))

    def _beside(self, target: str, page: Page) -> str | None:
        """Return the path of a file beside the source of a page; its URL may be elsewhere."""
        found = self._sources.asset(source_of(target, page.source or ""))
        if found is None:
            return None
        owner_id, name = found
        folder = self._site.page_by_id(owner_id).path.rpartition("/")[0]
        return quote_path(f"{folder}/{name}") + split_target(target)[1]


def split_target(target: str) -> tuple[str, str]:
    """Split a target into its file or path and the rest: `a.md#part` -> `a.md`, `#part`."""
    match = _PART.match(target)
    return (match[1], match[2]) if match else (target, "")
