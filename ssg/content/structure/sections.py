"""Finds the sections of a site, and the section of each page.

A folder with `_index.md` is a section, and so is each top-level folder that contains pages. Any
other folder only adds a segment to the paths of its pages, which belong to the nearest section
above. The pages of a transparent section are listed by the section above as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from ssg.content.source.document import SectionOptions, SourceDocument
from ssg.content.structure.collation import collation_key
from ssg.model.file_name import file_stem, split_date
from ssg.model.page import UNDATED, parse_date
from ssg.model.urls import canonical_path, slugify

ROOT_NAMES = ("_index.md", "index.md")
"""At the top of the content folder, both are the home page."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section. `document` has no source if the folder has no `_index.md`."""

    folder: str
    id: int
    path: str
    parent: Section | None
    document: SourceDocument

    @property
    def options(self) -> SectionOptions:
        return self.document.section or SectionOptions()

    @property
    def title(self) -> str:
        return self.document.title or humanise(self.folder.rpartition("/")[2])

    def listing(self) -> Iterator[Section]:
        """The sections that list its pages: itself and, if it is transparent, those above."""
        section: Section | None = self
        while section:
            yield section
            section = section.parent if section.options.transparent else None


Sections = Mapping[str, Section]


def _blank(_: str) -> SourceDocument:
    return SourceDocument("")


def find_sections(
    documents: list[SourceDocument],
    blank: Callable[[str], SourceDocument] = _blank,
    without: Set[str] = frozenset(),
) -> dict[str, Section]:
    """Every section by its folder; '' is the home page, which every site has.

    `blank` makes the document of a section without `_index.md`. Folders in `without` are never
    sections.
    """
    indexes = {
        _folder(document): (number, document)
        for number, document in reversed(list(enumerate(documents, 1)))  # `_index.md` wins
        if is_index(document) and _folder(document) not in without
    }
    next_id = len(documents) + 1
    sections: dict[str, Section] = {}
    for folder in sorted({"", *indexes, *(top_folders(documents) - without)}):
        number, document = indexes.get(folder) or (next_id, blank(folder))
        next_id += folder not in indexes
        parent = nearest(sections, folder.rpartition("/")[0]) if folder else None
        path = section_path(folder, document, parent)
        sections[folder] = Section(folder, number, path, parent, document)
    return sections


def is_index(document: SourceDocument) -> bool:
    """Whether a document belongs to a section."""
    return document.source.rpartition("/")[2] == "_index.md" or document.source in ROOT_NAMES


def nearest(sections: Sections, folder: str) -> Section:
    """The section of a folder: itself, or the nearest above."""
    while folder not in sections and folder:
        folder = folder.rpartition("/")[0]
    return sections[folder]


def home_of(document: SourceDocument, sections: Sections) -> Section:
    """The section that lists a page."""
    return nearest(sections, _folder(document))


def sort_key(document: SourceDocument, order: str) -> int | str:
    """The key that sorts a page in its section. Pages without a date or weight come last."""
    match order:
        case "date":
            return date_key(document)
        case "weight":
            return document.weight or UNDATED
        case "title":
            return collation_key(title_of(document))
    return collation_key(document.slug or slugify(own_name(document)))


def date_key(document: SourceDocument) -> int:
    return -int(parse_date(document.date).timestamp()) if document.date else UNDATED


def humanise(name: str) -> str:
    """`getting-started` -> `Getting started`."""
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def title_of(document: SourceDocument) -> str:
    if document.title:
        return document.title
    return humanise(own_name(document))


def own_name(document: SourceDocument) -> str:
    """The name of a page by its file: `2026-01-31-hello.md` -> `hello`."""
    return split_date(file_stem(document.source))[1]


def _folder(document: SourceDocument) -> str:
    return document.source.rpartition("/")[0]


def top_folders(documents: Iterable[SourceDocument]) -> set[str]:
    """Top-level folders that contain pages and are not page bundles."""
    tops, bundled = set(), set()
    for document in documents:
        top, slash, rest = document.source.partition("/")
        if slash:
            tops.add(top)
            if rest == "index.md":
                bundled.add(top)
    return tops - bundled


def section_path(folder: str, document: SourceDocument, parent: Section | None) -> str:
    if document.path:
        return canonical_path(document.path + "/")
    if parent is None:
        return "/"
    names = folder[len(parent.folder) :].strip("/").split("/")
    slugs = [slugify(name) for name in names]
    if document.slug:
        slugs[-1] = document.slug
    return parent.path + "".join(slug + "/" for slug in slugs if slug)
