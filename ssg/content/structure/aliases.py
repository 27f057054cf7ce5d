"""Finds the redirects of a site: aliases of pages, and sections with `redirect_to`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ssg.content.source.document import SourceDocument
from ssg.content.structure.sections import Section, Sections
from ssg.model.errors import Location, Problem, did_you_mean
from ssg.model.page import Alias, Page
from ssg.model.settings import SiteSettings
from ssg.model.urls import base_path, canonical_path, quote_path

_QUERY_OR_FRAGMENT = re.compile(r"[?#].*", re.S)


def find_aliases(
    documents: Iterable[SourceDocument],
    sections: Sections,
    pages: Mapping[str, Page],
    settings: SiteSettings,
    problems: list[Problem],
) -> list[Alias]:
    """All redirects. `pages` are by source."""
    base = base_path(settings.base_url)
    found = []
    for document in documents:
        if document.aliases:
            page = pages[document.source]
            link, source = base + quote_path(page.path), page.source or document.source
            paths = dict.fromkeys(map(canonical_path, document.aliases))
            found += [Alias(path, link, source) for path in paths]
    redirecting = (section for section in sections.values() if section.options.redirect_to)
    for section in redirecting:
        if url := _target(section, pages, base, problems):
            found += [Alias(section.path, url, section.document.source or section.folder)]
    return found


def _target(
    section: Section, pages: Mapping[str, Page], base: str, problems: list[Problem]
) -> str | None:
    target = section.options.redirect_to
    if not target.startswith(("/", "@/")):
        return target
    suffix = _QUERY_OR_FRAGMENT.search(target)
    path, rest = (target[: suffix.start()], suffix[0]) if suffix else (target, "")
    if path.startswith("/"):
        return base + quote_path(path) + rest
    source = path.removeprefix("@/")
    page = pages.get(source)
    if page is None:
        message = f'"redirect_to" names no page: there is no {source}'
        where = Location(f"content/{section.document.source}")
        problems.append(Problem(message, where, did_you_mean(source, pages)))
        return None
    return base + quote_path(page.path) + rest
