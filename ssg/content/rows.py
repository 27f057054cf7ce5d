"""Documents, sections and terms -> rows of the site database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

from ssg.content.data import to_json
from ssg.content.document import Document
from ssg.content.sections import (
    Section,
    Sections,
    date_key,
    home_of,
    page_path,
    sort_key,
    title_of,
)
from ssg.content.terms import Terms
from ssg.model.page import UNDATED, Kind, Page, Term
from ssg.model.pagination import page_count, pager_path
from ssg.model.settings import Settings


def make_rows(
    documents: list[Document],
    sections: Sections,
    terms: Terms,
    settings: Settings,
    templates: frozenset[str],
) -> list[Page]:
    """Every page of the site but what yields to files of the user (`machine_rows`)."""
    ids = count(len(documents) + len(sections) + 1)
    pages, listed = [], Counter[int]()
    for number, document in enumerate(documents, 1):
        section = home_of(document, sections)
        if section.document is not document:
            listed[section.id] += 1
            pages.append(_page_row(number, document, section))
    for section in sections.values():
        pages.append(_section_row(section, settings.site.title, templates))
        pages += _pagers(ids, pages[-1], listed[section.id], section.facts.paginate_by)
    for taxonomy in terms.taxonomies:
        pages.append(_taxonomy_row(next(ids), taxonomy))
    for term in terms.all:
        pages.append(_term_row(next(ids), term))
        size = settings.site.taxonomies[term.taxonomy].paginate_by
        pages += _pagers(ids, pages[-1], term.page_count, size)
    return pages


def machine_rows(
    pages: list[Page], sections: Sections, settings: Settings, taken: frozenset[str]
) -> Iterator[Page]:
    """Feeds, sitemap and error page, unless a page or a static file stands there already."""
    ids = count(max(page.id for page in pages) + 1)
    rows = [
        _row(next(ids), "/sitemap.xml", Kind.SITEMAP, "sitemap.xml", "Sitemap"),
        _row(next(ids), "/404.html", Kind.NOT_FOUND, "404.html", "Page not found"),
    ]
    if settings.site.feed.enabled:
        rows += [
            _feed_row(next(ids), section, settings.site.feed.filename)
            for section in sections.values()
            if section.facts.generate_feeds or section.parent is None
        ]
    return (row for row in rows if row.path not in taken)


def _row(number: int, path: str, kind: Kind, template: str, title: str, **more: Any) -> Page:
    values: dict[str, Any] = {
        "source": None,
        "parent_id": None,
        "term_id": None,
        "taxonomy": None,
        "number": 1,
        "slug": path.strip("/").rpartition("/")[2],
        "description": "",
        "date": None,
        "updated": None,
        "weight": 0,
        "word_count": 0,
        "sort_key": UNDATED,
        "date_key": UNDATED,
        "front": "{}",
    }
    return Page(number, path, kind, template, title=title, **(values | more))


def _facts(document: Document) -> dict[str, Any]:
    """The columns that a page and a section fill alike."""
    return {
        "source": document.source,
        "description": document.description,
        "date": document.date and document.date.isoformat(),
        "updated": document.updated and document.updated.isoformat(),
        "weight": document.weight,
        "word_count": document.word_count,
        "date_key": date_key(document),
    }


def _page_row(number: int, document: Document, section: Section) -> Page:
    return _row(
        number,
        page_path(document, section),
        Kind.PAGE,
        document.template or section.page_template,
        title_of(document),
        **_facts(document),
        parent_id=section.id,
        sort_key=sort_key(document, section.facts.sort_by),
        front=to_json(document.front) if document.front else "{}",
    )


def _section_row(section: Section, site_title: str, templates: frozenset[str]) -> Page:
    document = section.document or Document(source="")
    front = dict(document.front)
    front |= {"sort_by": section.facts.sort_by, "paginate_by": section.facts.paginate_by}
    default = "index.html" if section.parent is None and "index.html" in templates else ""
    row = _row(
        section.id,
        section.path,
        Kind.SECTION,
        document.template or default or "section.html",
        section.title or site_title,
        **_facts(document),
        parent_id=section.parent.id if section.parent else None,
        sort_key=_section_sort_key(section, document),
        front=to_json(front),
    )
    return replace(row, source=document.source or None)


def _section_sort_key(section: Section, document: Document) -> int | str:
    """Sections stand by weight in the section above, then by path; by its order if it has one."""
    order = section.parent.facts.sort_by if section.parent else "weight"
    return section.title.casefold() if order == "title" else document.weight or UNDATED


def _pagers(ids: Iterator[int], first: Page, total: int, size: int) -> Iterator[Page]:
    """Pages 2, 3, ... of a list, with its template and title."""
    for number in range(2, page_count(total, size) + 1):
        yield replace(
            first,
            id=next(ids),
            path=pager_path(first.path, number),
            kind=Kind.PAGER,
            parent_id=first.id,
            number=number,
            front="{}",
            source=None,
        )


def _taxonomy_row(number: int, taxonomy: str) -> Page:
    path, title = f"/{taxonomy}/", taxonomy[:1].upper() + taxonomy[1:]
    return _row(number, path, Kind.TAXONOMY, "taxonomy.html", title, taxonomy=taxonomy)


def _term_row(number: int, term: Term) -> Page:
    more = {"taxonomy": term.taxonomy, "term_id": term.id}
    return _row(number, term.path, Kind.TERM, "term.html", term.name, **more)


def _feed_row(number: int, section: Section, filename: str) -> Page:
    path = section.path + filename
    return _row(number, path, Kind.FEED, "feed.xml", section.title, parent_id=section.id)
