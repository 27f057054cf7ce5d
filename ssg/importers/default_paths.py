"""The URL paths that ssg gives to imported pages, as `ssg.content.structure` decides them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from ssg.content.source.document import SourceDocument
from ssg.content.structure.permalinks import Permalinks
from ssg.content.structure.sections import find_sections, home_of, is_index, section_path
from ssg.importers.imported_page import ONE_LANGUAGE, ImportedPage, LanguageFolders, Pages
from ssg.model.errors import Problem
from ssg.model.file_name import file_stem, split_date
from ssg.model.language import SourceNames
from ssg.model.permalink import PLACEHOLDERS, expand, placeholders
from ssg.model.urls import path_problem


def default_paths(
    pages: Iterable[ImportedPage],
    permalinks: Mapping[str, str],
    languages: LanguageFolders = ONE_LANGUAGE,
) -> dict[str, str]:
    """The URL path that each page has without `path` in its front matter, by its file.

    It is '' where a permalink pattern needs what the page does not have. Sections count as being
    at their old addresses, since the import keeps those.
    """
    names = SourceNames(languages, next(iter(languages), ""))
    groups: dict[str, dict[str, SourceDocument]] = {}
    for page in pages:
        name = names.read(page.content_path)
        home = home_path(languages.get(name.language, ""))
        document = _document(page, name.name, home)
        groups.setdefault(home, {})[page.content_path] = document
    return {
        content_path: home.rstrip("/") + path if path else ""
        for home, documents in groups.items()
        for content_path, path in _paths(documents, permalinks).items()
    }


def home_path(folder: str) -> str:
    """The home page of a language, by its folder."""
    return f"/{folder}/" if folder else "/"


def address_problem(address: str, home: str) -> str:
    """Why a page cannot keep its address; '' if it can. `home` is that of its language."""
    return (path_problem(address) or "") if address.startswith(home) else f"is not below {home}"


def _document(page: ImportedPage, source: str, home: str) -> SourceDocument:
    date = page.values.get("date") or _date_of_name(page.content_path)
    is_kept = page.address and not address_problem(page.address, home)
    return SourceDocument(
        source,
        title=str(page.values.get("title") or ""),
        slug=str(page.values.get("slug") or ""),
        path="/" + page.address.removeprefix(home) if is_kept else "",
        date=date.isoformat() if isinstance(date, dt.date) else None,
    )


def _paths(
    documents: Mapping[str, SourceDocument], permalinks: Mapping[str, str]
) -> dict[str, str]:
    """The paths of pages in one language, as if its home page were `/`."""
    sections = find_sections(list(documents.values()))
    problems: list[Problem] = []
    patterns = Permalinks(permalinks, problems)
    found = {}
    for content_path, document in documents.items():
        bare = document._replace(path="")
        section = home_of(document, sections)
        if is_index(document):
            path = section_path(section.folder, bare, section.parent)
        else:
            path = patterns.path(bare, section)
        found[content_path] = "" if problems else path
        problems.clear()
    return found


def _date_of_name(content_path: str) -> dt.date | None:
    date, _ = split_date(file_stem(content_path))
    try:
        return dt.date.fromisoformat(date) if date else None
    except ValueError:
        return None


def best_pattern(pages: Pages, folder: str, candidates: Sequence[str]) -> dict[str, str]:
    """`[permalinks]` for a folder: the pattern that keeps most addresses, if it helps at all."""
    possible = filter(_is_possible, candidates)
    scores = {pattern: _count_kept(pages, {folder: pattern}) for pattern in possible}
    best = max(scores, key=lambda pattern: scores[pattern], default="")
    return {folder: best} if best and scores[best] > _count_kept(pages, {}) else {}


def _is_possible(pattern: str) -> bool:
    """Whether the configuration accepts a pattern."""
    names = placeholders(pattern)
    if not names or not PLACEHOLDERS.issuperset(names):
        return False
    return not path_problem(expand(pattern, dict.fromkeys(PLACEHOLDERS, "x"), None))


def _count_kept(pages: Pages, permalinks: Mapping[str, str]) -> int:
    paths = default_paths(pages, permalinks)
    return sum(page.address == paths[page.content_path] for page in pages)
