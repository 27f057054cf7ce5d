"""`ssg new page`: where a new page goes, and what it begins with."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from pathlib import Path

from ssg.config.load import Project
from ssg.content.source.front_matter import PELICAN, FrontMatterError, parse
from ssg.model.errors import Location, Problem, ScaffoldError
from ssg.model.file_name import split_date
from ssg.model.urls import path_problem, slugify
from ssg.scaffold.archetypes import Archetype, find_archetype
from ssg.scaffold.new_files import NewFile, taken, write_new
from ssg.scaffold.placeholders import fill

CONTENT = "content"
_DEFERRED = "deferred: true"


@dataclass(frozen=True, slots=True)
class NewPageRequest:
    """A page that is asked for. `path` is as the user writes it: `blog/My post`."""

    path: str
    title: str | None = None
    deferred: bool = False
    is_section: bool = False
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class NewPageLocation:
    """Where a new page goes. `name` is its file below `content/`, `section` the folder."""

    name: str
    section: str
    slug: str
    words: str
    """What the path calls the page, for a title."""
    date: dt.date | None = None


def new_page(project: Project, wanted: NewPageRequest, now: dt.datetime) -> Path:
    """Write a new page and return its file. Raises ScaffoldError."""
    place = place_of(wanted)
    _refuse_double(project.root, place)
    archetype = find_archetype(project, place.section, wanted.kind)
    text = _begun(archetype, wanted, place, now)
    file = NewFile(f"{CONTENT}/{place.name}", text.encode())
    write_new(project.root, [file])
    return project.root / file.name


def place_of(wanted: NewPageRequest) -> NewPageLocation:
    """The file that a path means: `blog/my-post`, `blog/my-post.md`, `content/blog/my-post`.

    A slash at the end makes a folder for the page and its files: `blog/trip/`.
    """
    text = wanted.path.removeprefix("./").removeprefix(f"{CONTENT}/")
    own_folder = text.endswith("/")
    folder, _, last = text.strip("/").removesuffix(".md").rpartition("/")
    if last in {"index", "_index"} and folder:
        folder, _, last = folder.rpartition("/")
        own_folder = True
        wanted = replace(wanted, is_section=wanted.is_section or text.endswith("_index.md"))
    date, words = split_date(last)
    slug = slugify(words)
    stem = f"{date}-{slug}" if date else slug
    _refuse_bad(wanted.path, folder, slug)
    below = f"{folder}/{stem}" if folder else stem
    if wanted.is_section:
        return NewPageLocation(f"{below}/_index.md", folder, slug, words)
    name = f"{below}/index.md" if own_folder else f"{below}.md"
    return NewPageLocation(name, folder, slug, words, _day(date) if date else None)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:  # the 31st of some February
        return None


def _refuse_bad(path: str, folder: str, slug: str) -> None:
    problem = path_problem(folder)
    if path.startswith("/") or problem or not slug:
        hint = "Write a path below content/: blog/my-post"
        why = problem or ("leaves the site's folder" if slug else "has no letter or digit")
        raise ScaffoldError(Problem(f'the path "{path}" {why}', None, hint))


def _refuse_double(root: Path, place: NewPageLocation) -> None:
    """Another file that would have the same URL."""
    below = place.name.removesuffix(".md").removesuffix("/index").removesuffix("/_index")
    forms = [f"{CONTENT}/{below}{end}" for end in (".md", "/index.md", "/_index.md")]
    if there := taken(root, forms):
        hint = "Choose another path; nothing was written"
        raise ScaffoldError(
            Problem("there is such a page already", Location(name), hint) for name in there
        )


def _begun(
    archetype: Archetype, wanted: NewPageRequest, place: NewPageLocation, now: dt.datetime
) -> str:
    values = {
        "title": wanted.title or _title(place.words),
        "date": place.date or now.date(),
        "now": now,
        "slug": place.slug,
        "section": place.section,
        "deferred": wanted.deferred,
        "is_section": wanted.is_section,
    }
    text = fill(archetype.text, archetype.origin, values)
    try:
        source = parse(text.encode(), archetype.origin)
    except FrontMatterError as error:
        raise ScaffoldError(error.problem) from error
    if not wanted.deferred or "deferred" in source.values:
        return text
    return _with_line(text, source.fence)


def _with_line(text: str, fence: str) -> str:
    """A text whose front matter says that the page is deferred."""
    if not fence:
        return f"---\n{_DEFERRED}\n---\n\n{text}"
    if fence == PELICAN:
        return f"{_DEFERRED}\n{text}"
    opening, _, rest = text.partition("\n")
    return f"{opening}\n{'deferred = true' if fence == '+++' else _DEFERRED}\n{rest}"


def _title(words: str) -> str:
    """`my-first-post` -> `My first post`; words that are more than a slug stay as they are."""
    text = words if " " in words else re.sub(r"[-_]+", " ", words)
    return text[:1].upper() + text[1:]
