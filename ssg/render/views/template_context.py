"""The variables that each kind of page gives to its template, as `content/docs/templates.md` lists
them. `site`, `now`, `data` and the functions are the same for all templates (`renderer`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ssg.model.page import Page, PageKind
from ssg.render.views.archive import ArchiveView
from ssg.render.views.feed import feed_context
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.markdown_output import markdown_context
from ssg.render.views.page import PageView, TermView
from ssg.render.views.paginator import Paginator
from ssg.render.views.site import TaxonomyView
from ssg.render.views.sitemap import sitemap_context

TemplateContext = dict[str, Any]


def template_context(page: Page, localized: LocalizedSite) -> TemplateContext:
    """Return the variables of the template of a page."""
    return {"page": PageView(page, localized), **_BY_KIND[PageKind(page.kind)](page, localized)}


def _page(page: Page, localized: LocalizedSite) -> TemplateContext:
    return {"section": PageView(page, localized).section}


def _section(page: Page, localized: LocalizedSite) -> TemplateContext:
    view = PageView(page, localized)
    size, folder = view.paginate_by, view.paginate_path
    return {"section": view, "paginator": Paginator(page, view.pages, 1, size, localized, folder)}


def _pager(page: Page, localized: LocalizedSite) -> TemplateContext:
    first = template_context(localized.site.page_by_id(page.parent_id or 0), localized)
    paginator: Paginator = first["paginator"]
    return {**first, "page": PageView(page, localized), "paginator": paginator.at(page.number)}


def _taxonomy(page: Page, localized: LocalizedSite) -> TemplateContext:
    return {"taxonomy": TaxonomyView(page.taxonomy or "", localized)}


def _term(page: Page, localized: LocalizedSite) -> TemplateContext:
    term = TermView(localized.site.term(page.term_id or 0), localized)
    of = localized.settings.taxonomies[term.taxonomy]
    return {
        "term": term,
        "taxonomy": TaxonomyView(term.taxonomy, localized),
        "paginator": Paginator(page, term.pages, 1, of.paginate_by, localized, of.paginate_path),
    }


def _archive(page: Page, localized: LocalizedSite) -> TemplateContext:
    return {"archive": ArchiveView(page, localized)}


def _nothing(_: Page, __: LocalizedSite) -> TemplateContext:
    return {}


_BY_KIND: Mapping[PageKind, Callable[[Page, LocalizedSite], TemplateContext]] = {
    PageKind.PAGE: _page,
    PageKind.FALLBACK: _page,
    PageKind.SECTION: _section,
    PageKind.PAGER: _pager,
    PageKind.TAXONOMY: _taxonomy,
    PageKind.TERM: _term,
    PageKind.ARCHIVE: _archive,
    PageKind.FEED: feed_context,
    PageKind.SITEMAP: sitemap_context,
    PageKind.ROBOTS: _nothing,
    PageKind.LLMS: _nothing,
    PageKind.MARKDOWN: markdown_context,
    PageKind.NOT_FOUND: _nothing,
}
