"""Collects the terms of taxonomies: their pages, their paths, and their files."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ssg.content.source.document import SourceDocument
from ssg.content.structure.collation import collation_key
from ssg.model.page import Term
from ssg.model.settings import TaxonomySettings
from ssg.model.urls import slugify

_SIGNS = {"+": "-plus-", "#": "-sharp-"}
_SIGN_OF_A_NAME = re.compile(r"(?<=[\w+#])[+#]")


@dataclass(slots=True)
class TaxonomyTerms:
    """The terms in use. `links` are rows of `page_term`: (term id, sort key, page id)."""

    all: list[Term] = field(default_factory=list)
    links: list[tuple[int, int, int]] = field(default_factory=list)
    paths: dict[str, str] = field(default_factory=dict)
    """Taxonomies that have a page, and the path of that."""
    indexes: dict[str, int] = field(default_factory=dict)
    """Path of a taxonomy or term -> id of its document, such as `tags/_index.md`."""
    folders: set[str] = field(default_factory=set)
    """Folders that are not sections, because the page of a taxonomy or term is there."""


def collect_terms(
    documents: list[SourceDocument],
    date_keys: Sequence[int],
    taxonomies: Mapping[str, TaxonomySettings],
) -> TaxonomyTerms:
    """The terms of all documents. Names that differ only in case are one term.

    `date_keys` has the date key of each document.
    """
    spellings: dict[tuple[str, str], str] = {}
    pages = defaultdict[str, dict[str, list[int]]](dict)
    """Ids by taxonomy and spelling. All spellings of a term share one list."""
    for number, document in enumerate(documents, 1):
        for taxonomy, names in document.terms.items():
            known = pages[taxonomy]
            for name in names:
                found = known.get(name)
                if found is None:
                    first = spellings.setdefault((taxonomy, folded(name)), name)
                    found = known[name] = known.setdefault(first, [])
                if not found or found[-1] != number:
                    found.append(number)
    terms = TaxonomyTerms()
    slugs: set[tuple[str, str]] = set()
    for term_id, ((taxonomy, _), name) in enumerate(_by_name(spellings), 1):
        links = [(term_id, date_keys[number - 1], number) for number in pages[taxonomy][name]]
        terms.links += sorted(links)
        slug = _unused_slug(taxonomy, name, slugs)
        terms.paths[taxonomy] = _path_of(taxonomy, taxonomies)
        path = f"{terms.paths[taxonomy]}{slug}/"
        terms.all.append(Term(term_id, taxonomy, name, slug, path, len(links)))
    _find_files(terms, documents, taxonomies)
    return terms


def _by_name(spellings: Mapping[tuple[str, str], str]) -> list[tuple[tuple[str, str], str]]:
    """Terms by taxonomy and collation. Their ids follow this order."""
    return sorted(spellings.items(), key=lambda one: (one[0][0], collation_key(one[1]), *one[0]))


def _path_of(taxonomy: str, taxonomies: Mapping[str, TaxonomySettings]) -> str:
    settings = taxonomies.get(taxonomy, TaxonomySettings())
    return f"/{settings.path or taxonomy}/"


def _find_files(
    terms: TaxonomyTerms,
    documents: list[SourceDocument],
    taxonomies: Mapping[str, TaxonomySettings],
) -> None:
    """Find the files of taxonomies (`tags/_index.md`) and terms (`tags/python/_index.md`).

    A taxonomy without terms has a page if its folder contains only that file. Otherwise the folder
    is an ordinary section.
    """
    names = {document.source: number for number, document in enumerate(documents, 1)}
    for taxonomy in taxonomies:
        path = _path_of(taxonomy, taxonomies)
        folders = list(dict.fromkeys([taxonomy, path.strip("/")]))
        found = [folder for folder in folders if f"{folder}/_index.md" in names]
        if taxonomy not in terms.paths and (not found or _holds_more(folders, names)):
            continue
        terms.paths[taxonomy] = path
        terms.folders.update(found[:1] or folders)
        if found:
            terms.indexes[path] = names[f"{found[0]}/_index.md"]
    for term in terms.all:
        above = (term.taxonomy, terms.paths[term.taxonomy].strip("/"))
        for folder in [f"{one}/{below}" for one in above for below in (term.slug, term.name)]:
            if term.path not in terms.indexes and f"{folder}/_index.md" in names:
                terms.indexes[term.path] = names[f"{folder}/_index.md"]
                terms.folders.add(folder)


def _holds_more(folders: list[str], names: Mapping[str, int]) -> bool:
    return any(
        name.startswith(f"{folder}/") and name != f"{folder}/_index.md"
        for folder in folders
        for name in names
    )


def folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def slug_of(name: str) -> str:
    """`C++` -> `c-plus-plus`, `C#` -> `c-sharp`.

    Signs in a name are spelled out, so that the path of `C++` does not depend on a term `C`.
    """
    spelled = _SIGN_OF_A_NAME.sub(lambda sign: _SIGNS[sign[0]], name)
    return slugify(spelled) or "term"


def _unused_slug(taxonomy: str, name: str, used: set[tuple[str, str]]) -> str:
    """A slug for a term: `r-d` for `R&D`, and `r-d-2` for `R D`, if both exist."""
    for slug in _slugs(slug_of(name)):
        if (taxonomy, slug) not in used:
            break
    used.add((taxonomy, slug))
    return slug


def _slugs(wanted: str) -> Iterator[str]:
    yield wanted
    number = 2
    while True:
        yield f"{wanted}-{number}"
        number += 1
