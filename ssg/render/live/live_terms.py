"""Terms that the data of a live page names.

If the site has a page of the term, it is that term. Else a term is a name; it has a link if a route
makes pages at its path.
"""

from __future__ import annotations

from collections.abc import Sequence

from ssg.model.page import PageKind, Term
from ssg.model.urls import slugify
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView, TermView


def live_term(taxonomy: str, name: str, localized: LocalizedSite) -> TermView:
    """The term of a taxonomy with a name."""
    settings = localized.settings
    folder = settings.taxonomies[taxonomy].path or taxonomy
    slug = slugify(name)
    path = f"{settings.home_path}{folder}/{slug}/"
    found = localized.site.page_at(path)
    if found and found.kind == PageKind.TERM and found.term_id:
        return TermView(localized.site.term(found.term_id), localized)
    term = Term(0, taxonomy, name, slug, path, 0, settings.language)
    has_page = found is not None or any(route.pattern.match(path) for route in settings.routes)
    return LiveTermView(term, localized, has_page=has_page)


class LiveTermView(TermView):
    """`term` in templates: a term that no page of the site has."""

    def __init__(self, term: Term, localized: LocalizedSite, *, has_page: bool) -> None:
        super().__init__(term, localized)
        self._has_page = has_page

    @property
    def url(self) -> str:
        """The link to its page; '' if it has none."""
        return super().url if self._has_page else ""

    @property
    def permalink(self) -> str:
        return super().permalink if self._has_page else ""

    @property
    def page_count(self) -> int:
        return 0

    @property
    def pages(self) -> Sequence[PageView]:  # type: ignore[override]  # an empty list
        return ()

    @property
    def feed(self) -> PageView | None:
        return None
