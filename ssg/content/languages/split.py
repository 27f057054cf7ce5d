"""Splits a site in several languages into one site for each language.

`post.fr.md` and `fr/post.md` are both `post.md` in French. A language site names its files in this
way, without a language, so that its structure is made by the same code as that of a site in one
language. It is moved to its place in the whole site afterwards (`content.languages.relocate`).

A language site may borrow documents of the default language: all that it lacks if its `fallback` is
set, and otherwise the `_index.md` of its sections. A borrowed document has no id of its own.
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
    """All sources of a site in one language, under names without a language."""

    language: str
    """'' for the default language."""
    project: Project
    """With the settings of this language."""
    sources: ContentFolder
    numbers: Sequence[int | None]
    """The id of each document; None for one that is borrowed from the default language."""
    files: Mapping[str, str]
    """Name without a language -> real name, of each document that is not borrowed."""

    def keys(self) -> dict[str, str]:
        """The translation key of each document."""
        return {document.source: key_of(document) for document in self.sources.documents}

    def real_location(self, where: Location | None) -> Location | None:
        """A location in the file by its real name."""
        name = where.path.removeprefix("content/") if where else ""
        if where is None or name not in self.files:
            return where
        return replace(where, path=f"content/{self.files[name]}")


@dataclass(frozen=True, slots=True)
class LanguageSources:
    """The sources that are written in one language, by their names without a language."""

    documents: dict[str, tuple[SourceDocument, int | None]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    assets: list[FileEntry] = field(default_factory=list)
    skipped: list[SkippedSource] = field(default_factory=list)


def key_of(document: SourceDocument) -> str:
    """What a document has in common with its translations. Its name must be without a language."""
    return document.translation_key or document.source


def split_languages(
    project: Project, sources: ContentFolder, problems: list[Problem]
) -> list[LanguageSite]:
    """The site of each language, the default language first."""
    site = project.settings.site
    split = split_sources(sources, site, problems)
    others = [code for code in site.languages if code != site.default_language]
    defaults = [document for document, _ in split[""].documents.values()]
    return [
        _language_site(project, "", split[""], sources),
        *(_language_site(project, code, split[code], sources, defaults) for code in others),
    ]


def _language_site(
    project: Project,
    language: str,
    own: LanguageSources,
    sources: ContentFolder,
    defaults: Sequence[SourceDocument] = (),
) -> LanguageSite:
    settings = project.settings
    site = settings.site.in_language(language)
    has_fallback = bool(language) and site.languages[language].fallback
    borrowed = _borrowed(own, defaults, has_fallback=has_fallback)
    documents = [*own.documents.values(), *((document, None) for document in borrowed)]
    documents.sort(key=lambda pair: pair[0].source)
    menus = settings.language_menus.get(site.language_code, settings.menus)
    return LanguageSite(
        language,
        replace(project, settings=replace(settings, site=site, menus=menus)),
        replace(
            sources,
            documents=[document for document, _ in documents],
            assets=own.assets,
            skipped=own.skipped,
        ),
        [number for _, number in documents],
        own.files,
    )


def _borrowed(
    own: LanguageSources, defaults: Sequence[SourceDocument], *, has_fallback: bool
) -> Iterator[SourceDocument]:
    """Documents of the default language that take the place of missing ones.

    Without a fallback these are the `_index.md` files of sections that have pages in this language,
    so that a section is sorted, paginated and rendered alike in every language.
    """
    known = {key_of(document) for document, _ in own.documents.values()} | own.documents.keys()
    known |= {one.source for one in own.skipped if one.source.endswith("_index.md")}
    folders = {above for name in own.documents for above in _folders(name)} | {""}
    for document in defaults:
        if key_of(document) in known or document.source in known:
            continue
        folder = document.source.rpartition("/")[0]
        if has_fallback or (is_index(document) and folder in folders):
            yield document._replace(aliases=())


def _folders(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def split_sources(
    sources: ContentFolder, site: SiteSettings, problems: list[Problem]
) -> dict[str, LanguageSources]:
    """The sources of each language."""
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
    """Folders of page bundles -> the language in which the other files of the folder are published.

    This is the default language if the page exists in it, and otherwise the first that has it.
    """
    found: dict[str, str] = {}
    for document in sources.documents:
        name = names.read(document.source)
        if name.name.rpartition("/")[2] == BUNDLE:
            folder = document.source.rpartition("/")[0]
            found[folder] = min(found.get(folder, name.language), name.language)
    return found


def _owner(relative: str, names: SourceNames, bundles: Mapping[str, str]) -> tuple[str, str]:
    """The language in which a file beside pages is published, and its name without a language."""
    language, name, *_ = names.read(relative)
    shared = next((bundles[folder] for folder in _folders(relative) if folder in bundles), "")
    return language or shared, name
