"""Makes the rows of the site database from documents, sections and terms."""

from __future__ import annotations

import datetime as dt
import json
import zoneinfo
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from operator import itemgetter
from typing import Any

from ssg.content.source.document import SectionOptions, SourceDocument
from ssg.content.source.json_values import to_json
from ssg.content.structure.collation import collation_key
from ssg.content.structure.permalinks import Permalinks
from ssg.content.structure.sections import Section, Sections, date_key, home_of, sort_key, title_of
from ssg.content.structure.terms import TaxonomyTerms
from ssg.model.page import NO_TEMPLATE, UNDATED, Page, PageKind
from ssg.model.pagination import PAGER_FOLDER, page_count, pager_path
from ssg.model.settings import SiteSettings


@dataclass(frozen=True, slots=True)
class PageRows:
    """Rows of tables `page` and `listing`; the latter are (section id, sort key, page id)."""

    pages: list[Page] = field(default_factory=list)
    listing: list[tuple[int, int | str, int]] = field(default_factory=list)


def make_rows(
    documents: list[SourceDocument],
    date_keys: Sequence[int],
    sections: Sections,
    permalinks: Permalinks,
    terms: TaxonomyTerms,
    settings: SiteSettings,
    templates: frozenset[str],
) -> PageRows:
    """Every page but those of `generated_pages`. `date_keys` has the date key of each document."""
    ids = count(len(documents) + len(sections) + 1)
    rows = PageRows()
    pages, listing = rows.pages, rows.listing
    ids_of_term_files = set(terms.indexes.values())
    lists: dict[str, list[tuple[int, str]]] = {
        folder: [(one.id, one.options.sort_by) for one in section.listing()]
        for folder, section in sections.items()
    }
    for number, (document, date) in enumerate(zip(documents, date_keys, strict=True), 1):
        section = home_of(document, sections)
        if section.document is not document and number not in ids_of_term_files:
            for section_id, order in lists[section.folder]:
                key = date if order == "date" else sort_key(document, order)
                listing.append((section_id, key, number))
            path = permalinks.path(document, section)
            pages.append(page_row(number, document, path, section.id, key, date))
    listed = Counter(map(itemgetter(0), listing))
    for section in sections.values():
        options = section.options
        pages.append(_section_row(section, settings, templates))
        if pages[-1].template != NO_TEMPLATE:
            total = listed[section.id]
            pages += _pagers(ids, pages[-1], total, options.paginate_by, options.paginate_path)
    pages += _term_rows(ids, documents, terms, settings)
    pages += archive_rows(ids, documents, settings)
    return rows


def archive_rows(
    ids: Iterator[int], documents: list[SourceDocument], settings: SiteSettings
) -> Iterator[Page]:
    """The list of years, and each year with the range of `date_key` of its pages."""
    path, template = settings.archive.path, settings.archive.template
    if not path:
        return
    years = Counter(
        int(document.date[:4])
        for document in documents
        if document.date and document.language == settings.language
    )
    overview = row(next(ids), path, PageKind.ARCHIVE, template, "Archive")
    yield overview
    zone = zoneinfo.ZoneInfo(settings.timezone)
    for year in sorted(years, reverse=True):
        begin, end = (_moment(number, zone) for number in (year, year + 1))
        front = to_json({"year": year, "after": -end, "until": -begin, "count": years[year]})
        yield row(
            next(ids), f"{path}{year}/", PageKind.ARCHIVE, template, str(year),
            parent_id=overview.id, number=year, date_key=-end, front=front,
        )  # fmt: skip


def _moment(year: int, zone: dt.tzinfo) -> int:
    """The timestamp at which a year begins. `datetime` cannot express the end of the last year."""
    return int(dt.datetime(year, 1, 1, tzinfo=zone).timestamp()) if year <= dt.MAXYEAR else UNDATED


def row(page_id: int, path: str, kind: PageKind, template: str, title: str, **more: Any) -> Page:
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
        "sort_key": UNDATED,
        "date_key": UNDATED,
        "front": "{}",
    }
    return Page(page_id, path, kind, template, title=title, **(values | more))


def _facts(document: SourceDocument) -> dict[str, Any]:
    """The columns that pages and sections fill alike."""
    return {
        "source": document.source,
        "description": document.description,
        "date": document.date,
        "updated": document.updated,
        "weight": document.weight,
        "date_key": date_key(document),
    }


def page_row(
    number: int, document: SourceDocument, path: str, parent_id: int, key: int | str, date: int
) -> Page:
    """The row of a document. Arguments by keyword take three times as long, which counts here."""
    return Page(
        number,
        path,
        PageKind.PAGE,
        document.template or "page.html",
        document.source,
        parent_id,
        None,  # term_id
        None,  # taxonomy
        1,  # number
        document.title or title_of(document),
        path.strip("/").rpartition("/")[2],
        document.description,
        document.date,
        document.updated,
        document.weight,
        key,
        date,
        document.front,
    )


def _section_row(section: Section, settings: SiteSettings, templates: frozenset[str]) -> Page:
    document, options = section.document, section.options
    default = "index.html" if section.parent is None and "index.html" in templates else ""
    made = row(
        section.id,
        section.path,
        PageKind.SECTION,
        (document.template or default or "section.html")
        if _is_page(section, settings)
        else NO_TEMPLATE,
        section.title or settings.title,
        **_facts(document),
        parent_id=section.parent.id if section.parent else None,
        sort_key=_section_sort_key(section, document),
        front=to_json({**json.loads(document.front), **_list_options(options)}),
    )
    return made._replace(source=document.source or None)


def _is_page(section: Section, settings: SiteSettings) -> bool:
    """Whether a section is a page. A route may have the path of one that no file describes."""
    if section.options.redirect_to:
        return False
    return bool(section.document.source) or all(
        route.path != section.path for route in settings.routes
    )


def _list_options(options: SectionOptions) -> dict[str, Any]:
    """Options that templates need; `sort_by` and `paginate_by` always."""
    values: dict[str, Any] = {"sort_by": options.sort_by, "paginate_by": options.paginate_by}
    if options.paginate_path != PAGER_FOLDER:
        values["paginate_path"] = options.paginate_path
    return values | ({"transparent": True} if options.transparent else {})


def _section_sort_key(section: Section, document: SourceDocument) -> int | str:
    """The key in the section above: the title if it sorts by title, otherwise the weight."""
    order = section.parent.options.sort_by if section.parent else "weight"
    return collation_key(section.title) if order == "title" else document.weight or UNDATED


def _pagers(ids: Iterator[int], first: Page, total: int, size: int, folder: str) -> Iterator[Page]:
    """Pages 2, 3, ... of a list, with the template and title of the first."""
    for number in range(2, page_count(total, size) + 1):
        yield first._replace(
            id=next(ids),
            path=pager_path(first.path, number, folder),
            kind=PageKind.PAGER,
            parent_id=first.id,
            number=number,
            front="{}",
            source=None,
        )


def _term_rows(
    ids: Iterator[int],
    documents: list[SourceDocument],
    terms: TaxonomyTerms,
    settings: SiteSettings,
) -> Iterator[Page]:
    """Taxonomies, and terms with their pagers. A file can set the id, texts and template of one."""
    nothing = SourceDocument("")

    def made(path: str, kind: PageKind, template: str, title: str, **more: Any) -> Page:
        number = terms.indexes.get(path)
        document = documents[number - 1] if number else nothing
        facts = {**_facts(document), "source": document.source or None}
        front = document.front
        template, title = document.template or template, document.title or title
        return row(number or next(ids), path, kind, template, title, **facts, front=front, **more)

    for taxonomy, path in terms.paths.items():
        title = taxonomy[:1].upper() + taxonomy[1:]
        yield made(path, PageKind.TAXONOMY, "taxonomy.html", title, taxonomy=taxonomy)
    for term in terms.all:
        more = {"taxonomy": term.taxonomy, "term_id": term.id}
        page = made(term.path, PageKind.TERM, "term.html", term.name, **more)
        yield page
        of = settings.taxonomies[term.taxonomy]
        yield from _pagers(ids, page, term.page_count, of.paginate_by, of.paginate_path)
