"""Rows of pages for programs: feeds, sitemaps, robots.txt, llms.txt, Markdown twins, error pages.

Each is rendered by a template like any other page. A page or static file of the site that has the
same path replaces it.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import count

from ssg.content.structure.rows import row
from ssg.content.structure.sections import Sections
from ssg.model.page import LISTED_KINDS, NO_TEMPLATE, Page, PageKind
from ssg.model.settings import FeedSettings, SiteSettings
from ssg.model.urls import INDEX_FILE


def generated_page_rows(
    pages: list[Page], sections: Sections, settings: SiteSettings, taken: Set[str]
) -> Iterator[Page]:
    """All generated pages whose paths are not `taken` by a page or a static file."""
    ids = count(max(page.id for page in pages) + 1)
    rows = (*site_rows(ids, pages, settings), *language_rows(ids, pages, sections, settings))
    return (page for page in rows if page.path not in taken)


def site_rows(ids: Iterator[int], pages: list[Page], settings: SiteSettings) -> Iterator[Page]:
    """The pages that a site has once, in however many languages."""
    total = sum(page.kind in LISTED_KINDS and page.template != NO_TEMPLATE for page in pages)
    yield from sitemap_rows(ids, total, settings.sitemap.max_urls)
    if settings.outputs.robots:
        yield row(next(ids), "/robots.txt", PageKind.ROBOTS, "robots.txt", "Robots")


def language_rows(
    ids: Iterator[int], pages: list[Page], sections: Sections, settings: SiteSettings
) -> Iterator[Page]:
    """The pages that a site has in each language, below its home page."""
    home = settings.home_path
    yield row(next(ids), f"{home}404.html", PageKind.NOT_FOUND, "404.html", "Page not found")
    yield from _feeds(ids, pages, sections, settings)
    if settings.outputs.llms:
        yield row(next(ids), f"{home}llms.txt", PageKind.LLMS, "llms.txt", settings.title)
    if settings.outputs.markdown:
        yield from _twins(ids, pages)


def sitemap_rows(ids: Iterator[int], total: int, max_urls: int) -> Iterator[Page]:
    """One sitemap; if `total` is past the limit of one file, a sitemap index and the sitemaps."""
    if total <= max_urls:
        yield row(next(ids), "/sitemap.xml", PageKind.SITEMAP, "sitemap.xml", "Sitemap")
        return
    index = row(
        next(ids), "/sitemap.xml", PageKind.SITEMAP, "sitemap_index.xml", "Sitemap", number=0
    )
    yield index
    for number in range(1, -(-total // max_urls) + 1):
        path = f"/sitemap-{number}.xml"
        yield row(
            next(ids), path, PageKind.SITEMAP, "sitemap.xml", "Sitemap",
            parent_id=index.id, number=number,
        )  # fmt: skip


def _feeds(
    ids: Iterator[int], pages: list[Page], sections: Sections, settings: SiteSettings
) -> Iterator[Page]:
    """Feeds of the site, and of the sections and taxonomies that ask for them."""
    if not settings.feed.enabled:
        return
    for section in sections.values():
        if section.options.generate_feeds or section.parent is None:
            yield from _formats(ids, section.path, section.title, settings.feed, section.id)
    for page in pages:
        if page.kind == PageKind.TERM and settings.taxonomies[page.taxonomy or ""].feed:
            yield from _formats(ids, page.path, page.title, settings.feed, page.id, page.term_id)


def _formats(
    ids: Iterator[int],
    folder: str,
    title: str,
    settings: FeedSettings,
    parent_id: int,
    term_id: int | None = None,
) -> Iterator[Page]:
    names = {"feed.xml": settings.filename} | (
        {"rss.xml": settings.rss_filename} if settings.rss else {}
    )
    for template, name in names.items():
        yield row(
            next(ids), folder + name, PageKind.FEED, template, title,
            parent_id=parent_id, term_id=term_id,
        )  # fmt: skip


def _twins(ids: Iterator[int], pages: list[Page]) -> Iterator[Page]:
    """The Markdown twins of pages and sections that have a source."""
    for page in pages:
        if (
            page.kind in {PageKind.PAGE, PageKind.SECTION}
            and page.source
            and page.path.endswith("/")
        ):
            if page.template == NO_TEMPLATE:
                continue
            path = twin_path(page.path)
            yield row(next(ids), path, PageKind.MARKDOWN, "page.md", page.title, parent_id=page.id)


def twin_path(path: str) -> str:
    """The path of the Markdown twin of a page: `/a/` -> `/a/index.md`."""
    return path + INDEX_FILE.replace(".html", ".md")
