"""The names that each kind of page gives to its template. They are documented in
`content/docs/templates.md`; `site`, `now` and the functions are there for all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ssg.model.page import Kind, Page
from ssg.render.feeds import Feed, addresses
from ssg.render.library import Library
from ssg.render.page_view import PageView, TermView
from ssg.render.paginator import Paginator
from ssg.render.site_view import TaxonomyView

Context = dict[str, Any]


def context(page: Page, library: Library) -> Context:
    """What the template of a page sees."""
    return {"page": PageView(page, library), **_BY_KIND[Kind(page.kind)](page, library)}


def _page(page: Page, library: Library) -> Context:
    return {"section": PageView(page, library).section}


def _section(page: Page, library: Library) -> Context:
    view = PageView(page, library)
    return {"section": view, "paginator": Paginator(page, view.pages, 1, view.paginate_by, library)}


def _pager(page: Page, library: Library) -> Context:
    first = context(library.site.page_by_id(page.parent_id or 0), library)
    paginator: Paginator = first["paginator"]
    return {**first, "page": PageView(page, library), "paginator": paginator.at(page.number)}


def _taxonomy(page: Page, library: Library) -> Context:
    return {"taxonomy": TaxonomyView(page.taxonomy or "", library)}


def _term(page: Page, library: Library) -> Context:
    term = TermView(library.site.term(page.term_id or 0), library)
    size = library.settings.taxonomies[term.taxonomy].paginate_by
    return {
        "term": term,
        "taxonomy": TaxonomyView(term.taxonomy, library),
        "paginator": Paginator(page, term.pages, 1, size, library),
    }


def _feed(page: Page, library: Library) -> Context:
    view = PageView(page, library)
    return {"feed": Feed(view, library), "section": view.section}


def _sitemap(_: Page, library: Library) -> Context:
    return {"addresses": addresses(library)}


def _nothing(_: Page, __: Library) -> Context:
    return {}


_BY_KIND: Mapping[Kind, Callable[[Page, Library], Context]] = {
    Kind.PAGE: _page,
    Kind.SECTION: _section,
    Kind.PAGER: _pager,
    Kind.TAXONOMY: _taxonomy,
    Kind.TERM: _term,
    Kind.FEED: _feed,
    Kind.SITEMAP: _sitemap,
    Kind.NOT_FOUND: _nothing,
}
