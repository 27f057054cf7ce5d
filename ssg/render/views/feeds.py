"""What the templates of feeds and of the sitemap see."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import urljoin

from markupsafe import Markup

from ssg.model.page import Page, parse_date
from ssg.render.views.library import Library
from ssg.render.views.page import PageView, TermView, views

_LINK = re.compile(r"""(\s(?:href|src|poster|data)=)(["'])(.*?)\2""", re.S)
_SOURCES = re.compile(r"""(\ssrcset=)(["'])(.*?)\2""", re.S)


class Feed:
    """`feed`: a feed of the site, of one section or of one term (Atom: RFC 4287; RSS 2.0)."""

    def __init__(self, page: Page, library: Library) -> None:
        settings, site = library.settings, library.site
        owner = site.page_by_id(page.parent_id or 0)
        self.full_content = settings.feed.full_content
        self.home = library.permalink(owner.path)
        is_home = owner.path == settings.home_path
        self.title = settings.title if is_home else f"{owner.title} · {settings.title}"
        limit = settings.feed.limit
        if page.term_id:
            self.entries = views(library, site.newest_with(page.term_id, limit))
        else:
            section = None if is_home else owner.id
            self.entries = views(library, site.newest(limit, section, library.language))

    @property
    def updated(self) -> dt.datetime:
        """When its newest entry changed: rebuilding an unchanged site changes no feed."""
        dates = [entry.updated or entry.date for entry in self.entries]
        return max((date for date in dates if date), default=dt.datetime.fromtimestamp(0, dt.UTC))

    def content(self, entry: PageView) -> Markup:
        """The text of an entry with absolute links."""
        return absolute(entry.content, entry.permalink)

    def summary(self, entry: PageView) -> Markup:
        """The summary of an entry with absolute links."""
        return absolute(entry.summary, entry.permalink)


def absolute(html: str, permalink: str) -> Markup:
    """A page's HTML for readers elsewhere: every link in it is a whole URL."""

    def link(found: re.Match[str]) -> str:
        return f"{found[1]}{found[2]}{urljoin(permalink, found[3])}{found[2]}"

    def sources(found: re.Match[str]) -> str:
        parts = (part.strip().partition(" ") for part in found[3].split(","))
        urls = ", ".join(f"{urljoin(permalink, url)} {size}".strip() for url, _, size in parts)
        return f"{found[1]}{found[2]}{urls}{found[2]}"

    return Markup(_SOURCES.sub(sources, _LINK.sub(link, html)))  # noqa: S704 as it was


def feed_context(page: Page, library: Library) -> dict[str, object]:
    """`feed`, with the `section` or the `term` that it is of."""
    feed = Feed(page, library)
    if page.term_id:
        return {"feed": feed, "term": TermView(library.site.term(page.term_id), library)}
    return {"feed": feed, "section": PageView(page, library).section}


def sitemap_context(page: Page, library: Library) -> dict[str, object]:
    """`addresses` of this sitemap; for an index, its `sitemaps`."""
    if page.number == 0:
        return {"sitemaps": views(library, library.site.sitemaps())}
    size = library.settings.sitemap.max_urls
    return {"addresses": addresses(library, (page.number - 1) * size, size)}


def addresses(
    library: Library, offset: int, limit: int
) -> Iterator[tuple[str, dt.datetime | None]]:
    """Permalink and last change of every page, deferred ones included, for the sitemap."""
    for path, changed in library.site.addresses(offset, limit):
        yield Address(path, library), parse_date(changed) if changed else None


class Address(str):
    """The permalink of a page, with those of its translations."""

    __slots__ = ("_library", "_path")

    _path: str
    _library: Library

    def __new__(cls, path: str, library: Library) -> Address:
        address = super().__new__(cls, library.permalink(path))
        address._path, address._library = path, library
        return address

    @property
    def alternates(self) -> list[tuple[str, str]]:
        return self._library.alternates(self._path)


_INTERNAL = re.compile(r"\]\((?:<)?@/([^)\s>#?]+)([^)\s>]*)(?:>)?")


def markdown_context(page: Page, library: Library) -> dict[str, object]:
    """`page` that is told once more, and `text`, its Markdown with links for the world."""
    owner = library.site.page_by_id(page.parent_id or 0)

    def link(found: re.Match[str]) -> str:
        target = library.sources.page(found[1], page.language)
        return f"]({library.permalink(target.path)}{found[2]}" if target else found[0]

    text = _INTERNAL.sub(link, library.site.body(owner.id).text)
    return {"page": PageView(owner, library), "text": text.strip("\n")}
