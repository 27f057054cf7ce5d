"""`page` and `term` in templates. The public names are a documented contract.

A view lives for the render of one page, so no state passes from page to page. It asks the database
when a template asks it. See `content/docs/templates.md`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from ssg.model.page import Page, PageKind, Term, parse_date
from ssg.model.pagination import PAGER_FOLDER
from ssg.model.queries.site import Site
from ssg.render.markdown.converter import RenderedMarkdown
from ssg.render.markdown.page_state import TocEntry
from ssg.render.views.card import CardView, card_view
from ssg.render.views.language import LanguageView, languages
from ssg.render.views.lazy_list import ListView
from ssg.render.views.localized_site import LocalizedSite

WORDS_PER_MINUTE = 220


class PageView:
    """`page` in templates: a page of any kind."""

    def __init__(self, page: Page, localized: LocalizedSite) -> None:
        self._page = page
        self._localized = localized

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PageView) and other._page.id == self._page.id

    def __hash__(self) -> int:
        return hash(self._page.id)

    # -- identity ----------------------------------------------------------------------------

    @property
    def path(self) -> str:
        return self._page.path

    @property
    def url(self) -> str:
        return self._localized.url(self._page.path)

    @property
    def permalink(self) -> str:
        return self._localized.permalink(self._page.path)

    @property
    def kind(self) -> str:
        """The kind. A page that shows the text of another language is a `page`, too."""
        return str(PageKind.PAGE if self._page.kind == PageKind.FALLBACK else self._page.kind)

    @property
    def source(self) -> str | None:
        return self._page.source

    @property
    def slug(self) -> str:
        return self._site.slug(self._page)

    @property
    def number(self) -> int:
        return self._page.number

    # -- languages ---------------------------------------------------------------------------

    @property
    def language(self) -> LanguageView:
        return LanguageView(self._localized.settings.language_code, self._localized.settings)

    @property
    def original(self) -> PageView | None:
        """The page whose text this one shows, if its own language has no text."""
        path = self._page.original_path
        return self._in_language("", self._site.page_at(path)) if path else None

    @property
    def translations(self) -> list[PageView]:
        """The page in other languages, in the order of the languages."""
        codes = [language.code for language in languages(self._localized.settings)]
        default = self._localized.settings.default_language
        found = self._site.translations(self._page.id) if len(codes) > 1 else []
        others = [page for page in found if page.id != self._page.id]
        others.sort(key=lambda page: codes.index(page.language or default))
        return [PageView(one, self._localized.in_language(one.language)) for one in others]

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """Languages and absolute URLs for `<link rel="alternate" hreflang=..>`."""
        return self._localized.alternates(self._page.path)

    def translation(self, language: str) -> PageView | None:
        """Return the page in a language, or what the language shows instead."""
        if language == self.language:
            return self
        default = self._localized.settings.default_language
        code = "" if language == default else str(language)
        return self._in_language(code, self._site.translation(self._page.id, code))

    def _in_language(self, language: str, page: Page | None) -> PageView | None:
        return PageView(page, self._localized.in_language(language)) if page else None

    # -- front matter ------------------------------------------------------------------------

    @property
    def title(self) -> str:
        return self._page.title

    @property
    def description(self) -> str:
        return self._site.description(self._page)

    @property
    def weight(self) -> int:
        return self._page.weight

    @property
    def date(self) -> dt.datetime | None:
        return parse_date(self._page.date) if self._page.date else None

    @property
    def updated(self) -> dt.datetime | None:
        return parse_date(self._page.updated) if self._page.updated else None

    @cached_property
    def _front(self) -> Mapping[str, Any]:
        front: Mapping[str, Any] = json.loads(self._site.front(self._page))
        return front

    @property
    def extra(self) -> Mapping[str, Any]:
        extra: Mapping[str, Any] = self._front.get("extra", {})
        return extra

    @property
    def authors(self) -> Sequence[str]:
        return self._listed("authors")

    @property
    def keywords(self) -> Sequence[str]:
        return self._listed("keywords")

    def _listed(self, key: str) -> Sequence[str]:
        """Values of the front matter, or the names of terms if the key is a taxonomy."""
        if key in self._localized.settings.taxonomies:
            return [term.name for term in self._terms.get(key, ())]
        values: Sequence[str] = self._front.get(key, ())
        return values

    # -- text --------------------------------------------------------------------------------

    @cached_property
    def _document(self) -> RenderedMarkdown:
        return self._localized.convert(self._page)

    @property
    def content(self) -> Markup:
        return Markup(self._document.html)  # noqa: S704 the site's own text

    @property
    def toc(self) -> tuple[TocEntry, ...]:
        return self._document.toc

    @property
    def summary(self) -> Markup:
        """The `summary` of the front matter, the text before the `more` marker, or the description.

        With `markdown.auto_summary`, it is the first paragraph if there is none of these.
        """
        if summary := self._front.get("summary"):
            return Markup("<p>{}</p>").format(summary)
        if self._front.get("more") and (summary := self._summary_of_text):
            return Markup(summary)  # noqa: S704 the site's own text
        if description := self.description:
            return Markup("<p>{}</p>").format(description)
        if self._localized.settings.markdown.auto_summary:
            return Markup(self._summary_of_text)  # noqa: S704 the site's own text
        return Markup()

    @property
    def _summary_of_text(self) -> str:
        return self._localized.summary(self._page)

    @property
    def card(self) -> CardView | None:
        """The picture for link previews, if the site has cards."""
        return card_view(self._page, self._site)

    @property
    def word_count(self) -> int:
        return self._site.words(self._localized.text_id(self._page))

    @property
    def reading_time(self) -> int:
        """Minutes, at least 1."""
        return max(1, round(self.word_count / WORDS_PER_MINUTE))

    @property
    def markdown_url(self) -> str | None:
        """The absolute URL of the page as Markdown, if the site publishes it."""
        if original := self.original:
            return original.markdown_url
        if not (self._localized.settings.outputs.markdown and self._page.source):
            return None
        return f"{self.permalink}index.md" if self.path.endswith("/") else None

    @property
    def assets(self) -> list[str]:
        """URLs of the files beside the page. Translations share those of the default language."""
        shared = self.translation(self._localized.settings.default_language)
        found: dict[str, str] = {}
        for owner in (shared or self, self):
            folder = owner.path.rpartition("/")[0] + "/"
            names = self._site.assets(owner._page.id)
            found |= {name: self._localized.url(folder + name) for name in names}
        return [found[name] for name in sorted(found)]

    # -- neighbours --------------------------------------------------------------------------

    @cached_property
    def section(self) -> PageView | None:
        if self._page.parent_id is None:
            return None
        return PageView(self._site.page_by_id(self._page.parent_id), self._localized)

    @property
    def ancestors(self) -> list[PageView]:
        """Sections from the home page down to the one that contains this page."""
        above = self.section
        return [*above.ancestors, above] if above else []

    @property
    def previous(self) -> PageView | None:
        """The previous page of the section; the older one if it is sorted by date."""
        return self._neighbour(older=True)

    @property
    def next(self) -> PageView | None:
        """The next page of the section; the newer one if it is sorted by date."""
        return self._neighbour(older=False)

    @property
    def previous_in_site(self) -> PageView | None:
        """The next older page of the whole site. Pages without a date are the oldest."""
        return self._in_site(older=True)

    @property
    def next_in_site(self) -> PageView | None:
        """The next newer page of the whole site."""
        return self._in_site(older=False)

    def _neighbour(self, *, older: bool) -> PageView | None:
        section = self.section
        if self._page.kind not in {PageKind.PAGE, PageKind.FALLBACK} or section is None:
            return None
        while section.section and section.transparent:
            section = section.section
        newest_first = section.sort_by == "date"
        ask = self._site.after if older == newest_first else self._site.before
        found = ask(self._page, section._page.id)
        return PageView(found, self._localized) if found else None

    def _in_site(self, *, older: bool) -> PageView | None:
        if self._page.kind != PageKind.PAGE:
            return None
        found = (self._site.older if older else self._site.newer)(self._page)
        return PageView(found, self._localized) if found else None

    def related(self, limit: int = 5) -> list[PageView]:
        """Return pages that share terms with this one: most shared terms first, then newest."""
        weights = {name: one.weight for name, one in self._localized.settings.taxonomies.items()}
        return page_views(self._localized, self._site.related(self._page.id, weights, limit))

    @cached_property
    def _terms(self) -> dict[str, list[TermView]]:
        terms: dict[str, list[TermView]] = {}
        for term in self._site.terms_of(self._page.id):
            terms.setdefault(term.taxonomy, []).append(TermView(term, self._localized))
        return terms

    @property
    def terms(self) -> Mapping[str, Sequence[TermView]]:
        """Terms by taxonomy: `page.terms.tags`. Each taxonomy of the site has an entry."""
        return {name: self._terms.get(name, []) for name in self._localized.settings.taxonomies}

    @property
    def tags(self) -> Sequence[TermView]:
        return self._terms.get("tags", [])

    # -- sections ----------------------------------------------------------------------------

    @property
    def sort_by(self) -> str:
        return str(self._front.get("sort_by", "date"))

    @property
    def paginate_by(self) -> int:
        """The number of pages of a section that one page lists; 0 for all."""
        return int(self._front.get("paginate_by", 0))

    @property
    def transparent(self) -> bool:
        """Whether the parent section lists the pages of this one, too."""
        return bool(self._front.get("transparent"))

    @property
    def paginate_path(self) -> str:
        """The folder of pagers: `page` in `/blog/page/2/`."""
        return str(self._front.get("paginate_path", PAGER_FOLDER))

    @property
    def pages(self) -> ListView[PageView]:
        """The pages of a section, in its order."""
        section = self._page.id
        return ListView(
            lambda offset, limit: page_views(
                self._localized, self._site.pages_in(section, offset, limit)
            ),
            lambda: self._site.count_in(section),
        )

    @property
    def sections(self) -> list[PageView]:
        return page_views(self._localized, self._site.sections_in(self._page.id))

    @property
    def feed(self) -> PageView | None:
        """The Atom feed of a section, if it has one."""
        found = self._site.feed_of(self._page.id)
        return PageView(found, self._localized) if found else None

    @property
    def _site(self) -> Site:
        return self._localized.site

    def __repr__(self) -> str:
        return f"<page {self.path}>"


class TermView:
    """`term` in templates: a term of a taxonomy."""

    def __init__(self, term: Term, localized: LocalizedSite) -> None:
        self._term = term
        self._localized = localized
        self.name = term.name
        self.slug = term.slug
        self.taxonomy = term.taxonomy
        self.path = term.path

    @property
    def url(self) -> str:
        return self._localized.url(self.path)

    @property
    def permalink(self) -> str:
        return self._localized.permalink(self.path)

    @property
    def page_count(self) -> int:
        return self._localized.site.page_count(self._term)

    @property
    def pages(self) -> ListView[PageView]:
        """Pages with this term, newest first."""
        site, term = self._localized.site, self._term.id
        return ListView(
            lambda offset, limit: page_views(self._localized, site.pages_with(term, offset, limit)),
            lambda: self.page_count,
        )

    @property
    def feed(self) -> PageView | None:
        """The Atom feed of the term, if its taxonomy has feeds."""
        settings = self._localized.settings
        if not (settings.feed.enabled and settings.taxonomies[self.taxonomy].feed):
            return None
        found = self._localized.site.page_at(self.path + settings.feed.filename)
        return PageView(found, self._localized) if found else None

    def __str__(self) -> str:
        return self.name

    def __html__(self) -> str:
        return str(escape(self.name))


def page_views(localized: LocalizedSite, pages: Iterable[Page]) -> list[PageView]:
    """Return the views of pages."""
    return [PageView(page, localized) for page in pages]
