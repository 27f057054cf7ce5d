"""The editions of a site: all that it is made of in one language, under names without language.

`post.fr.md` and `fr/post.md` are `post.md` of the French edition. Each edition has its shape by
itself, as a site of one language has, and is moved to its place afterwards
(`content.languages.relocate`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ssg.config.load import Project
from ssg.content.source.document import SourceDocument
from ssg.content.source.source_files import ContentFolder, SkippedSource
from ssg.content.source.walk import FileEntry
from ssg.content.structure.sections import is_index
from ssg.model.errors import Location, Problem
from ssg.model.language import SourceName, SourceNames
from ssg.model.settings import SiteSettings

BUNDLE = "index.md"


@dataclass(frozen=True, slots=True)
class LanguageSite:
    """A site in one language. Its documents, its files and what is left out have the names that
    they have in every language."""

    language: str
    """'' is the default one."""
    project: Project
    sources: ContentFolder
    numbers: Sequence[int | None]
    """The id of each document; None of one that is lent by the default language."""
    files: Mapping[str, str]
    """The real name of each document of its own."""

    def keys(self) -> dict[str, str]:
        """What each document has in common with its translations."""
        return {document.source: key_of(document) for document in self.sources.documents}

    def place(self, where: Location | None) -> Location | None:
        """Where something is, by its real name."""
        name = where.path.removeprefix("content/") if where else ""
        if where is None or name not in self.files:
            return where
        return replace(where, path=f"content/{self.files[name]}")


def key_of(document: SourceDocument) -> str:
    """`document` has its name without language."""
    return document.translation_key or document.source


def split_languages(
    project: Project, sources: ContentFolder, problems: list[Problem]
) -> list[LanguageSite]:
    """Every language of a site, the default one first."""
    site = project.settings.site
    split = split_sources(sources, site, problems)
    others = [code for code in site.languages if code != site.default_language]
    lenders = [document for document, _ in split[""].documents.values()]
    return [
        _edition(project, "", split[""], sources),
        *(_edition(project, code, split[code], sources, lenders) for code in others),
    ]


def _edition(
    project: Project,
    language: str,
    part: LanguageSources,
    sources: ContentFolder,
    lenders: Sequence[SourceDocument] = (),
) -> LanguageSite:
    settings = project.settings
    site = settings.site.in_language(language)
    is_whole = bool(language) and site.languages[language].fallback
    lent = _lent(part, lenders, is_whole=is_whole)
    documents = [*part.documents.values(), *((document, None) for document in lent)]
    documents.sort(key=lambda pair: pair[0].source)
    menus = settings.language_menus.get(site.language_code, settings.menus)
    return LanguageSite(
        language,
        replace(project, settings=replace(settings, site=site, menus=menus)),
        replace(
            sources,
            documents=[document for document, _ in documents],
            assets=part.assets,
            skipped=part.skipped,
        ),
        [number for _, number in documents],
        part.files,
    )


def _lent(
    part: LanguageSources, lenders: Sequence[SourceDocument], *, is_whole: bool
) -> Iterator[SourceDocument]:
    """Documents of the default language that stand in for those that are not there.

    An edition that is to be whole takes all. Any other takes the files of the sections that its
    pages are in, so that they are sorted, divided and shown alike in every language.
    """
    own = {key_of(document) for document, _ in part.documents.values()} | part.documents.keys()
    own |= {one.source for one in part.skipped if one.source.endswith("_index.md")}
    folders = {above for name in part.documents for above in _folders(name)} | {""}
    for document in lenders:
        if key_of(document) in own or document.source in own:
            continue
        folder = document.source.rpartition("/")[0]
        if is_whole or (is_index(document) and folder in folders):
            yield document._replace(aliases=())


def _folders(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


@dataclass(frozen=True, slots=True)
class LanguageSources:
    """What of the sources is in one language, by its name without language."""

    documents: dict[str, tuple[SourceDocument, int | None]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    assets: list[FileEntry] = field(default_factory=list)
    skipped: list[SkippedSource] = field(default_factory=list)


def split_sources(
    sources: ContentFolder, site: SiteSettings, problems: list[Problem]
) -> dict[str, LanguageSources]:
    """The part of each language."""
    names = SourceNames(site.languages, site.default_language)
    parts = {code: LanguageSources() for code in ("", *site.languages)}
    for number, document in enumerate(sources.documents, 1):
        name = names.read(document.source)
        part = parts[name.language]
        if other := part.files.get(name.name):
            message = f"content/{other} is {name.name} in the same language"
            problems.append(Problem(message, Location(f"content/{document.source}"), "Keep one"))
            continue
        problems.extend(_contradiction(name, document.source))
        part.documents[name.name] = document._replace(source=name.name), number
        part.files[name.name] = document.source
    for skipped in sources.skipped:
        name = names.read(skipped.source)
        parts[name.language].skipped.append(replace(skipped, source=name.name))
    bundles = _bundles(sources, names)
    for entry in sources.assets:
        language, own_name = _owner(entry.relative, names, bundles)
        parts[language].assets.append(replace(entry, relative=own_name))
    return parts


def _contradiction(name: SourceName, source: str) -> Iterator[Problem]:
    if name.folder and name.suffix and name.folder != name.suffix:
        message = f"its folder says {name.folder}, but its name says {name.suffix}"
        yield Problem(message, Location(f"content/{source}"), "Keep one of the two")


def _bundles(sources: ContentFolder, names: SourceNames) -> dict[str, str]:
    """Folders that are a page with its files -> the language that has the files.

    It is the default one where that has the page, else the first in which there is one.
    """
    found: dict[str, str] = {}
    for document in sources.documents:
        name = names.read(document.source)
        if name.name.rpartition("/")[2] == BUNDLE:
            folder = document.source.rpartition("/")[0]
            found[folder] = min(found.get(folder, name.language), name.language)
    return found


def _owner(relative: str, names: SourceNames, bundles: Mapping[str, str]) -> tuple[str, str]:
    """The language that a file beside pages is published in, and its name there."""
    language, name, *_ = names.read(relative)
    shared = next((bundles[folder] for folder in _folders(relative) if folder in bundles), "")
    return language or shared, name
