"""Pages on their way from the old site to ours, and the addresses that they keep."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from ssg.content.structure.sections import humanise, stem_of
from ssg.importers.imported_site import ImportNotes, ImportTopic
from ssg.model.glob import compile_glob
from ssg.model.language import SourceNames
from ssg.model.permalink import expand, needs_date
from ssg.model.urls import INDEX_FILE, canonical_path, path_problem, slugify

LanguageFolders = Mapping[str, str]
"""The folders of languages by their codes. The default language comes first."""
NO_LANGUAGE_FOLDERS: LanguageFolders = MappingProxyType({})

_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[-_].+")


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """A page: where it was, where it will be, and what it says.

    `origin` and `line` tell where in the old site its text stands; `place` is its file below
    `content/`, `address` the path that visitors know, '' for a page that had none.
    """

    origin: str
    place: str
    values: Mapping[str, Any]
    text: str = ""
    line: int = 1
    address: str = ""

    @property
    def folder(self) -> str:
        return self.place.rpartition("/")[0]

    @property
    def is_section(self) -> bool:
        return self.place.rpartition("/")[2].startswith("_index.")

    def having(self, **values: Any) -> ImportedPage:
        """The same with some front matter more."""
        return replace(self, values={**self.values, **values})


def old_path(address: str) -> str:
    """An address as a path of ours: `blog/index.html` -> `/blog/`."""
    path = canonical_path(address)
    return path.removesuffix(INDEX_FILE) if path.endswith("/" + INDEX_FILE) else path


@dataclass(slots=True)
class _Places:
    """Paths that pages have by themselves, as `ssg.content` gives them."""

    permalinks: Mapping[str, str]
    sections: dict[str, str]

    def natural(self, draft: ImportedPage) -> str:
        """The path that follows from a page's file and the patterns; '' if none does."""
        if draft.is_section:
            return self._section(draft.folder, draft.values.get("slug"))
        for key, pattern in self.permalinks.items():
            if _reach(key).fullmatch(draft.place):
                return self._by_pattern(pattern, draft)
        return self._by_folder(draft)

    def nearest(self, folder: str) -> str:
        while folder and folder not in self.sections:
            folder = folder.rpartition("/")[0]
        return folder

    def _section(self, folder: str, slug: str | None) -> str:
        if not folder:
            return self.sections[""]
        above = self.nearest(folder.rpartition("/")[0])
        slugs = [slugify(name) for name in folder[len(above) :].strip("/").split("/")]
        slugs[-1] = slug or slugs[-1]
        return self.sections[above] + "".join(f"{one}/" for one in slugs if one)

    def _by_folder(self, draft: ImportedPage) -> str:
        section = self.nearest(draft.folder)
        below = [part for part in draft.folder[len(section) :].strip("/").split("/") if part]
        name = draft.place.rpartition("/")[2]
        if name == "index.md":
            if not below:
                return self.sections[section]
            name = below.pop()
        slug = draft.values.get("slug") or slugify(stem_of(name))
        folders = [folder for part in below if (folder := slugify(part))]
        return self.sections[section] + "/".join([*folders, slug]) + "/" if slug else ""

    def _by_pattern(self, pattern: str, draft: ImportedPage) -> str:
        date = draft.values.get("date") or _date_of(draft.place)
        if needs_date(pattern) and not isinstance(date, dt.date):
            return ""
        moment = date if isinstance(date, dt.datetime) else dt.datetime.combine(
            date, dt.time()) if isinstance(date, dt.date) else None  # fmt: skip
        names = self.sections[self.nearest(draft.folder)].strip("/")
        stem = own_stem(draft.place)
        values = {
            "section": names.partition("/")[0],
            "sections": names,
            "slug": draft.values.get("slug") or slugify(stem_of(stem)),
            "title": slugify(str(draft.values.get("title") or humanise(stem_of(stem)))),
            "filename": slugify(stem),
        }
        expanded = expand(pattern, values, moment)
        return canonical_path(expanded) if expanded else ""


def own_stem(place: str) -> str:
    """The name of a page's file, or of its folder: `blog/trip/index.md` -> `trip`."""
    folder, _, name = place.rpartition("/")
    return folder.rpartition("/")[2] if name == "index.md" else name.removesuffix(".md")


def _date_of(place: str) -> dt.date | None:
    match = _DATED.fullmatch(own_stem(place))
    try:
        return dt.date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def _reach(key: str) -> re.Pattern[str]:
    is_glob = any(char in key for char in "*?")
    return compile_glob(key if is_glob else f"{key.strip('/')}/**".lstrip("/"))


def naturals(
    drafts: Iterable[ImportedPage],
    permalinks: Mapping[str, str],
    languages: LanguageFolders = NO_LANGUAGE_FOLDERS,
) -> dict[str, str]:
    """The path that each place has by itself. A translation's is below that of its language."""
    groups: dict[str, dict[str, ImportedPage]] = {}
    names = SourceNames(languages, next(iter(languages), ""))
    for draft in drafts:
        read = names.read(draft.place)
        groups.setdefault(read.language, {})[draft.place] = replace(draft, place=read.name)
    found: dict[str, str] = {}
    for language, group in groups.items():
        found |= _naturals(group, permalinks, languages.get(language, ""))
    return found


def _naturals(
    drafts: Mapping[str, ImportedPage], permalinks: Mapping[str, str], folder: str
) -> dict[str, str]:
    home = f"/{folder}/" if folder else "/"
    places = _Places(permalinks, {"": home})
    found = {}
    sections = {place: draft for place, draft in drafts.items() if draft.is_section}
    for place, draft in sorted(sections.items(), key=lambda pair: pair[1].place.count("/")):
        found[place] = places.natural(draft)
        places.sections[draft.folder] = draft.address or found[place]
    for top in _tops(drafts.values()) - places.sections.keys():
        places.sections[top] = f"{home}{slugify(top)}/"
    for place, draft in drafts.items():
        if not draft.is_section:
            found[place] = places.natural(draft)
    return found


def _tops(drafts: Iterable[ImportedPage]) -> set[str]:
    """Folders at the top that hold pages, and are no page's own."""
    drafts = list(drafts)
    bundles = {draft.folder for draft in drafts if draft.place.endswith("/index.md")}
    return {draft.place.partition("/")[0] for draft in drafts if draft.folder} - bundles


def best_pattern(
    drafts: Sequence[ImportedPage], folder: str, candidates: Sequence[str]
) -> dict[str, str]:
    """`[permalinks]` for a folder: the pattern by which most pages keep their address, or none."""
    scores = {
        pattern: _hits(drafts, {folder: pattern} if pattern else {}) for pattern in candidates
    }
    plain = _hits(drafts, {})
    best = max(candidates, key=lambda pattern: scores[pattern], default="")
    return {folder: best} if best and scores[best] > plain else {}


def _hits(drafts: Sequence[ImportedPage], permalinks: Mapping[str, str]) -> int:
    found = naturals(drafts, permalinks)
    return sum(draft.address == found[draft.place] for draft in drafts)


def settle(
    drafts: Sequence[ImportedPage],
    permalinks: Mapping[str, str],
    notes: ImportNotes,
    languages: LanguageFolders = NO_LANGUAGE_FOLDERS,
) -> list[ImportedPage]:
    """Give each page its old address, and take aliases away that are none."""
    kept = _as_sections(_without_doubles(drafts, notes))
    kept = _merged(kept, naturals(kept, permalinks, languages))
    found = naturals(kept, permalinks, languages)
    names = SourceNames(languages, next(iter(languages), ""))
    placed = [
        _placed(
            draft, found[draft.place], languages.get(names.read(draft.place).language, ""), notes
        )
        for draft in kept
    ]
    taken = {draft.address for draft in placed}
    return [_with_aliases(draft, taken, notes) for draft in placed]


def _without_doubles(drafts: Iterable[ImportedPage], notes: ImportNotes) -> list[ImportedPage]:
    """The first of several pages with one address, or with one file."""
    owners: dict[str, str] = {}
    kept = []
    for draft in drafts:
        claims = [claim for claim in (draft.address, draft.place) if claim]
        if clash := next((claim for claim in claims if claim in owners), None):
            what = f"left out, {owners[clash]} has the same address: {clash}"
            notes.add(ImportTopic.ADDRESS, what, draft.origin)
            continue
        owners |= dict.fromkeys(claims, draft.origin)
        kept.append(draft)
    return kept


def _as_sections(drafts: Sequence[ImportedPage]) -> list[ImportedPage]:
    """A page at the address of a folder of pages is that folder's `_index.md`.

    A folder at the top that holds pages is a section, with or without such a file.
    """
    places = {draft.place for draft in drafts}
    sections = {
        f"/{slugify(top)}/": f"{top}/_index.md"
        for top in _tops(drafts)
        if f"{top}/_index.md" not in places
    }
    return [
        replace(draft, place=sections[draft.address]) if draft.address in sections else draft
        for draft in drafts
    ]


def _merged(drafts: Sequence[ImportedPage], found: Mapping[str, str]) -> list[ImportedPage]:
    """A page at the address of a section that the import made is that section's."""
    pages = {draft.address: draft for draft in drafts if draft.origin and draft.address}
    made = {
        pages[found[draft.place]].origin: draft
        for draft in drafts
        if not draft.origin and draft.is_section and found[draft.place] in pages
    }
    gone = {draft.place for draft in made.values()}
    return [
        replace(draft, place=made[draft.origin].place).having(
            **{**made[draft.origin].values, **draft.values}
        )
        if draft.origin in made
        else draft
        for draft in drafts
        if draft.origin or draft.place not in gone
    ]


def _placed(draft: ImportedPage, natural: str, folder: str, notes: ImportNotes) -> ImportedPage:
    """A page that says its path where that does not follow from its file.

    The path of a translation begins below `folder`, that of its language.
    """
    if not natural:  # a pattern needs what the page has not
        natural = canonical_path(slugify(own_stem(draft.place)) or "page")
        draft = draft.having(path=natural)
    if not draft.address or draft.address == natural:
        return replace(draft, address=natural)
    home = f"/{folder}/" if folder else "/"
    problem = path_problem(draft.address)
    if not draft.address.startswith(home):
        problem = f"is not below {home}"
    if problem:
        where = f"is at {natural} now: its address {draft.address} {problem}"
        notes.add(ImportTopic.ADDRESS, where, draft.origin)
        old = [*(draft.values.get("aliases") or ()), draft.address]
        return replace(draft, address=natural).having(aliases=old)
    values = {key: draft.values[key] for key in draft.values if key != "slug"}
    path = "/" + draft.address.removeprefix(home)
    return replace(draft, values={**values, "path": path})


def _with_aliases(draft: ImportedPage, taken: set[str], notes: ImportNotes) -> ImportedPage:
    """Aliases that lead to the page alone. `taken` grows."""
    aliases = []
    for written in draft.values.get("aliases") or ():
        alias = old_path(str(written))
        if alias == draft.address:
            continue
        if problem := path_problem(alias):
            notes.add(ImportTopic.ADDRESS, f"the alias {alias} {problem}", draft.origin)
        elif alias in taken:
            notes.add(
                ImportTopic.ADDRESS, f"the alias {alias} is another page's, too", draft.origin
            )
        else:
            taken.add(alias)
            aliases.append(alias)
    return draft.having(aliases=aliases)
