"""Old addresses, and sections that lead elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ssg.content.source.document import SourceDocument
from ssg.content.structure.sections import Section, Sections
from ssg.model.errors import Location, Problem, did_you_mean
from ssg.model.page import Alias, Page
from ssg.model.settings import SiteSettings
from ssg.model.urls import base_path, canonical_path, quote_path

_REST = re.compile(r"[?#].*", re.S)


def find_aliases(
    documents: Iterable[SourceDocument],
    sections: Sections,
    pages: Mapping[str, Page],
    settings: SiteSettings,
    problems: list[Problem],
) -> list[Alias]:
    """Every alias of a page, and every section with `redirect_to`. `pages` are by source."""
    base = base_path(settings.base_url)
    found = []
    for document in documents:
        if document.aliases:
            page = pages[document.source]
            link, asker = base + quote_path(page.path), page.source or document.source
            olds = dict.fromkeys(map(canonical_path, document.aliases))
            found += [Alias(old, link, asker) for old in olds]
    leading = (section for section in sections.values() if section.facts.redirect_to)
    for section in leading:
        if url := _target(section, pages, base, problems):
            found += [Alias(section.path, url, section.document.source or section.folder)]
    return found


def _target(
    section: Section, pages: Mapping[str, Page], base: str, problems: list[Problem]
) -> str | None:
    wanted = section.facts.redirect_to
    if not wanted.startswith(("/", "@/")):
        return wanted
    rest = _REST.search(wanted)
    place, tail = (wanted[: rest.start()], rest[0]) if rest else (wanted, "")
    if place.startswith("/"):
        return base + quote_path(place) + tail
    page = pages.get(place[2:])
    if page is None:
        message = f'"redirect_to" names no page: there is no {place[2:]}'
        where = Location(f"content/{section.document.source}")
        problems.append(Problem(message, where, did_you_mean(place[2:], pages)))
        return None
    return base + quote_path(page.path) + tail
