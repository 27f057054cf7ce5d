"""The names that each kind of page gives to its template. They are documented in
`content/docs/templates.md`; `site`, `now` and the functions are there for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ssg.model.page import Kind, Page
from ssg.render.views.archive import ArchiveView
from ssg.render.views.feeds import feed_context, markdown_context, sitemap_context
from ssg.render.views.library import Library
from ssg.render.views.page import PageView, TermView
from ssg.render.views.paginator import Paginator
from ssg.render.views.site import TaxonomyView

Context = dict[str, Any]


def context(page: Page, library: Library) -> Context:
    """What the template of a page sees."""
    return {"page": PageView(page, library), **_BY_KIND[Kind(page.kind)](page, library)}


def _page(page: Page, library: Library) -> Context:
    return {"section": PageView(page, library).section}


def _section(page: Page, library: Library) -> Context:
    view = PageView(page, library)
    size, folder = view.paginate_by, view.paginate_path
    return {"section": view, "paginator": Paginator(page, view.pages, 1, size, library, folder)}


def _pager(page: Page, library: Library) -> Context:
    first = context(library.site.page_by_id(page.parent_id or 0), library)
    paginator: Paginator = first["paginator"]
    return {**first, "page": PageView(page, library), "paginator": paginator.at(page.number)}


def _taxonomy(page: Page, library: Library) -> Context:
    return {"taxonomy": TaxonomyView(page.taxonomy or "", library)}


def _term(page: Page, library: Library) -> Context:
    term = TermView(library.site.term(page.term_id or 0), library)
    of = library.settings.taxonomies[term.taxonomy]
    return {
        "term": term,
        "taxonomy": TaxonomyView(term.taxonomy, library),
        "paginator": Paginator(page, term.pages, 1, of.paginate_by, library, of.paginate_path),
    }


def _archive(page: Page, library: Library) -> Context:
    return {"archive": ArchiveView(page, library)}


def _nothing(_: Page, __: Library) -> Context:
    return {}


_BY_KIND: Mapping[Kind, Callable[[Page, Library], Context]] = {
    Kind.PAGE: _page,
    Kind.FALLBACK: _page,
    Kind.SECTION: _section,
    Kind.PAGER: _pager,
    Kind.TAXONOMY: _taxonomy,
    Kind.TERM: _term,
    Kind.ARCHIVE: _archive,
    Kind.FEED: feed_context,
    Kind.SITEMAP: sitemap_context,
    Kind.ROBOTS: _nothing,
    Kind.LLMS: _nothing,
    Kind.MARKDOWN: markdown_context,
    Kind.NOT_FOUND: _nothing,
}
