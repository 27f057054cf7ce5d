"""Creates a page: its file, and its text from an archetype."""

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
from ssg.scaffold.new_files import NewFile, existing, write_new
from ssg.scaffold.placeholders import fill

CONTENT = "content"
_DEFERRED = "deferred: true"


@dataclass(frozen=True, slots=True)
class NewPageRequest:
    """What the user asks for. `path` is as it is typed: `blog/My post`."""

    path: str
    title: str | None = None
    deferred: bool = False
    is_section: bool = False
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class NewPageLocation:
    """The place of a new page. `name` is its file below `content/`, `section` the folder."""

    name: str
    section: str
    slug: str
    words: str
    """The last part of the path, from which a title is made."""
    date: dt.date | None = None


def new_page(project: Project, request: NewPageRequest, now: dt.datetime) -> Path:
    """Write a new page and return its file. Raises ScaffoldError."""
    place = locate(request)
    _check_is_new(project.root, place)
    archetype = find_archetype(project, place.section, request.kind)
    text = _initial_text(archetype, request, place, now)
    file = NewFile(f"{CONTENT}/{place.name}", text.encode())
    write_new(project.root, [file])
    return project.root / file.name


def locate(request: NewPageRequest) -> NewPageLocation:
    """The file for a path such as `blog/my-post`, `blog/my-post.md` or `content/blog/my-post`.

    With a slash at the end, the page gets a folder for its files: `blog/trip/`.
    """
    text = request.path.removeprefix("./").removeprefix(f"{CONTENT}/")
    own_folder = text.endswith("/")
    folder, _, last = text.strip("/").removesuffix(".md").rpartition("/")
    if last in {"index", "_index"} and folder:
        folder, _, last = folder.rpartition("/")
        own_folder = True
        request = replace(request, is_section=request.is_section or text.endswith("_index.md"))
    date, words = split_date(last)
    slug = slugify(words)
    stem = f"{date}-{slug}" if date else slug
    _check_path(request.path, folder, slug)
    below = f"{folder}/{stem}" if folder else stem
    if request.is_section:
        return NewPageLocation(f"{below}/_index.md", folder, slug, words)
    name = f"{below}/index.md" if own_folder else f"{below}.md"
    return NewPageLocation(name, folder, slug, words, _day(date) if date else None)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:  # a day that does not exist
        return None


def _check_path(path: str, folder: str, slug: str) -> None:
    problem = path_problem(folder)
    if path.startswith("/") or problem or not slug:
        hint = "Write a path below content/, such as blog/my-post"
        why = problem or ("leaves the site's folder" if slug else "has no letter or digit")
        raise ScaffoldError(Problem(f'the path "{path}" {why}', None, hint))


def _check_is_new(root: Path, place: NewPageLocation) -> None:
    """Raise ScaffoldError if a page with the same URL exists."""
    below = place.name.removesuffix(".md").removesuffix("/index").removesuffix("/_index")
    forms = [f"{CONTENT}/{below}{end}" for end in (".md", "/index.md", "/_index.md")]
    if found := existing(root, forms):
        hint = "Choose another path; nothing was written"
        raise ScaffoldError(
            Problem("this page exists already", Location(name), hint) for name in found
        )


def _initial_text(
    archetype: Archetype, request: NewPageRequest, place: NewPageLocation, now: dt.datetime
) -> str:
    values = {
        "title": request.title or _title(place.words),
        "date": place.date or now.date(),
        "now": now,
        "slug": place.slug,
        "section": place.section,
        "deferred": request.deferred,
        "is_section": request.is_section,
    }
    text = fill(archetype.text, archetype.origin, values)
    try:
        source = parse(text.encode(), archetype.origin)
    except FrontMatterError as error:
        raise ScaffoldError(error.problem) from error
    if not request.deferred or "deferred" in source.values:
        return text
    return _with_deferred(text, source.fence)


def _with_deferred(text: str, fence: str) -> str:
    """Add `deferred: true` to the front matter of a text."""
    if not fence:
        return f"---\n{_DEFERRED}\n---\n\n{text}"
    if fence == PELICAN:
        return f"{_DEFERRED}\n{text}"
    opening, _, rest = text.partition("\n")
    return f"{opening}\n{'deferred = true' if fence == '+++' else _DEFERRED}\n{rest}"


def _title(words: str) -> str:
    """`my-first-post` -> `My first post`. Words with spaces stay as they are."""
    text = words if " " in words else re.sub(r"[-_]+", " ", words)
    return text[:1].upper() + text[1:]
