"""Terms of taxonomies: which pages have them, under which path."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from ssg.content.document import Document
from ssg.content.sections import date_key
from ssg.model.page import Term
from ssg.model.urls import slugify


@dataclass(slots=True)
class Terms:
    """The terms in use. `links` are (term id, sort key, page id)."""

    all: list[Term] = field(default_factory=list)
    links: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def taxonomies(self) -> list[str]:
        """Taxonomies that have a term."""
        return list(dict.fromkeys(term.taxonomy for term in self.all))


@dataclass(slots=True)
class _Group:
    """A term while its pages are gathered."""

    name: str
    pages: list[tuple[int, int]] = field(default_factory=list)


def gather_terms(documents: list[Document]) -> Terms:
    """Terms of all documents. Names that differ in case only are one term."""
    groups: dict[tuple[str, str], _Group] = {}
    for number, document in enumerate(documents, 1):
        key = date_key(document)
        for taxonomy, names in document.terms.items():
            for folded, name in {_folded(name): name for name in reversed(names)}.items():
                group = groups.setdefault((taxonomy, folded), _Group(name))
                group.pages.append((key, number))
    terms = Terms()
    slugs: set[tuple[str, str]] = set()
    for number, ((taxonomy, _), group) in enumerate(sorted(groups.items()), 1):
        slug = _unused_slug(taxonomy, group.name, slugs)
        path = f"/{taxonomy}/{slug}/"
        terms.all.append(Term(number, taxonomy, group.name, slug, path, len(group.pages)))
        terms.links += [(number, key, page) for key, page in sorted(group.pages)]
    return terms


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _unused_slug(taxonomy: str, name: str, used: set[tuple[str, str]]) -> str:
    """`C` and `C++` are two terms: `c` and `c-2`."""
    for slug in _slugs(slugify(name) or "term"):
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
