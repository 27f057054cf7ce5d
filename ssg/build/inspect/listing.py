"""Lists the pages of a site with their plan: filtered and sorted. `ssg list` prints the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from ssg.build.inspect.dry_run import CompiledSite
from ssg.content.structure.collation import collation_key
from ssg.model.errors import ContentError, Problem, did_you_mean
from ssg.model.page import Page, PageKind, Term
from ssg.model.queries.site import Site
from ssg.model.urls import canonical_path


class PublicationState(StrEnum):
    """Whether a page is published by default."""

    PUBLISHED = "published"
    DRAFT = "draft"
    FUTURE = "future"
    EXPIRED = "expired"


class PageOrder(StrEnum):
    """The key by which a list is sorted. By date, the newest come first."""

    PATH = "path"
    DATE = "date"
    TITLE = "title"
    KIND = "kind"
    SECTION = "section"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class PageListEntry:
    """A page in a list. Its fields are the columns; new ones are only added at the end.

    `section` is the path of the page's section, `source` is relative to `content/`.
    """

    path: str
    kind: str
    plan: str
    ttl: int | None
    state: PublicationState
    date: str | None
    updated: str | None
    section: str | None
    title: str
    source: str | None
    reason: str
    language: str
    stale: int | None
    cache_tags: Sequence[str]


LIVE_KIND = "live"
"""Kind and plan of a live page in a list."""
COLUMNS = tuple(field.name for field in fields(PageListEntry))


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which pages are listed. None and empty values allow all."""

    deferred: bool | None = None
    states: frozenset[PublicationState] = frozenset()
    section: str | None = None
    kind: str | None = None
    term: str | None = None
    language: str | None = None


def list_pages(
    compiled: CompiledSite, filters: ListFilter, order: PageOrder = PageOrder.PATH
) -> list[PageListEntry]:
    """List some pages, and known paths of live pages.

    Raises ContentError for an unknown section, term or language.
    """
    site = compiled.site
    _check_language(site, filters.language)
    states = {path: state_of(reason) for path, reason in site.left_out_pages()}
    parents = _parents(site)
    ids = _with_term(site, filters.term) if filters.term is not None else None
    below = _below(parents, filters.section) if filters.section is not None else None
    found = [
        _entry(page, states, parents, site.settings.default_language)
        for page in site.all_pages()
        if (ids is None or page.id in ids)
        and (below is None or page.id in below or page.parent_id in below)
    ]
    if ids is None and below is None:
        found += _live_entries(site)
    return _ordered([entry for entry in found if _matches(entry, filters)], order)


def state_of(reason: str) -> PublicationState:
    """The state for the reason with which a scan leaves a page out."""
    if reason.startswith("to be published"):
        return PublicationState.FUTURE
    return PublicationState.EXPIRED if reason.startswith("expired") else PublicationState.DRAFT


def as_json(entry: PageListEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in COLUMNS}


def _matches(entry: PageListEntry, filters: ListFilter) -> bool:
    if filters.deferred is not None and filters.deferred != (entry.plan == "deferred"):
        return False
    if filters.states and entry.state not in filters.states:
        return False
    if filters.language is not None and entry.language != filters.language:
        return False
    return filters.kind is None or entry.kind == filters.kind


def _check_language(site: Site, code: str | None) -> None:
    known = {site.settings.default_language, *site.settings.languages}
    if code is not None and code not in known:
        hint = did_you_mean(code, known) or f"One of {', '.join(sorted(known))}"
        raise ContentError(Problem(f'there is no language "{code}"', None, hint))


def _entry(
    page: Page,
    states: Mapping[str, PublicationState],
    parents: Mapping[int, Page],
    default_language: str,
) -> PageListEntry:
    section = parents.get(page.parent_id) if page.parent_id is not None else None
    return PageListEntry(
        path=page.path,
        kind=page.kind,
        plan="deferred" if page.deferred else "critical",
        ttl=page.ttl_seconds,
        state=states.get(page.path, PublicationState.PUBLISHED),
        date=page.date,
        updated=page.updated,
        section=section.path if section else None,
        title=page.title,
        source=page.source,
        reason=page.reason,
        language=page.language or default_language,
        stale=page.stale_seconds,
        cache_tags=page.cache_tags.split(),
    )


def _live_entries(site: Site) -> Iterator[PageListEntry]:
    """Known paths of live pages; they have no title, as their data is not asked for."""
    routes = {route.number: route for route in site.settings.routes}
    for known in site.known_paths():
        route = routes[known.route]
        yield PageListEntry(
            path=known.path,
            kind=LIVE_KIND,
            plan="critical" if known.is_critical else LIVE_KIND,
            ttl=route.ttl_seconds,
            state=PublicationState.PUBLISHED,
            date=None,
            updated=known.updated,
            section=None,
            title="",
            source=None,
            reason=f'known path of the route "{route.path}"',
            language=known.language or site.settings.default_language,
            stale=route.stale_seconds,
            cache_tags=(),
        )


def _ordered(entries: Sequence[PageListEntry], order: PageOrder) -> list[PageListEntry]:
    """Sort entries. Entries with equal keys stay in the order of their paths."""
    if order is PageOrder.DATE:
        dated = sorted((e for e in entries if e.date), key=lambda e: e.date or "", reverse=True)
        return [*dated, *(entry for entry in entries if not entry.date)]
    key = collation_key if order is PageOrder.TITLE else str.casefold
    return sorted(entries, key=lambda entry: key(str(getattr(entry, order) or "")))


def _parents(site: Site) -> dict[int, Page]:
    """The parents of pages by id, including sections that redirect."""
    parents: dict[int, Page] = {}
    ids = {page.parent_id for page in site.all_pages()}
    while missing := {number for number in ids if number is not None} - parents.keys():
        parents |= {number: site.page_by_id(number) for number in missing}
        ids = {parents[number].parent_id for number in missing}
    return parents


def _below(parents: Mapping[int, Page], name: str) -> set[int]:
    """Ids of a section and of all sections below it."""
    sections = {p.id: p for p in parents.values() if p.kind == PageKind.SECTION}
    folder = name.removeprefix("content/").removesuffix("_index.md").strip("/")
    wanted = {f"{folder}/_index.md".lstrip("/"), canonical_path(f"/{folder}/")}
    found = {p.id for p in sections.values() if p.source in wanted or p.path in wanted}
    if not found:
        hint = did_you_mean(canonical_path(folder + "/"), (p.path for p in sections.values()))
        raise ContentError(Problem(f'there is no section "{name}"', None, hint))
    while more := {p.id for p in sections.values() if p.parent_id in found} - found:
        found |= more
    return found


def _with_term(site: Site, name: str) -> set[int]:
    """Ids of the pages with a term: `boats`, or `tags/boats` for that of one taxonomy."""
    terms = [
        term
        for language in ("", *site.settings.languages)
        for taxonomy in site.settings.taxonomies
        for term in site.terms(taxonomy, language=language)
    ]
    found = [term for term in terms if name.casefold() in _names(term)]
    if not found:
        hint = did_you_mean(name, (term.name for term in terms))
        raise ContentError(Problem(f'there is no term "{name}"', None, hint))
    return {page.id for term in found for page in site.pages_with(term.id)}


def _names(term: Term) -> Iterator[str]:
    for name in (term.slug, term.name.casefold()):
        yield from (name, f"{term.taxonomy}/{name}".casefold())
