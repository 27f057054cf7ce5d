"""Archetypes: what a new page begins with. The one nearest to its section is taken.

For `blog/2026/boats.md` these are asked, in the site and then in its themes:
`archetypes/blog/2026.md`, `archetypes/blog.md`, `archetypes/default.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ssg.config.load import Project
from ssg.config.themes import theme_chain
from ssg.model.errors import Location, Problem, ScaffoldError, did_you_mean

FOLDER = "archetypes"
DEFAULT = "default"
BUILT_IN = """\
---
title: {{ title | quote }}
{% if not is_section %}
date: {{ date }}
{% endif %}
---

"""
"""For a site without any archetype."""


@dataclass(frozen=True, slots=True)
class Archetype:
    """The text of an archetype. `origin` is what messages call it."""

    origin: str
    text: str


def find_archetype(project: Project, folder: str, kind: str | None) -> Archetype:
    """The archetype for a new page in a folder of `content/`, or the one that is named.

    Raises ScaffoldError for a name that there is not.
    """
    shelves = list(_shelves(project))
    names = [kind] if kind is not None else [*_from(folder), DEFAULT]
    for name in names:
        for shelf, origin in shelves:
            if (file := shelf / f"{name}.md").is_file() and file.resolve().is_relative_to(shelf):
                return Archetype(f"{origin}/{name}.md", _read(file, f"{origin}/{name}.md"))
    if kind is not None and kind != DEFAULT:
        known = archetype_names(project)
        hint = did_you_mean(kind, known) or _listed(known)
        raise ScaffoldError(Problem(f'there is no archetype "{kind}"', None, hint))
    return Archetype("the built-in archetype", BUILT_IN)


def archetype_names(project: Project) -> list[str]:
    """Names that `--kind` takes: `default`, `blog`, `docs/guide`."""
    found = {DEFAULT}
    for shelf, _ in _shelves(project):
        files = shelf.rglob("*.md")
        found |= {file.relative_to(shelf).with_suffix("").as_posix() for file in files}
    return sorted(found)


def _listed(known: list[str]) -> str:
    return f"There are: {', '.join(known)}. Make another in {FOLDER}/"


def _shelves(project: Project) -> Iterator[tuple[Path, str]]:
    """The site's folder of archetypes, and those of its themes."""
    yield (project.root / FOLDER).resolve(), FOLDER
    for theme in theme_chain(project.root, project.settings.theme):
        yield (theme.folder / FOLDER).resolve(), f"{theme.origin}/{FOLDER}"


def _from(folder: str) -> Iterator[str]:
    """A folder and those above it: `blog/2026`, `blog`."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _read(file: Path, origin: str) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScaffoldError(Problem("the file is not UTF-8", Location(origin))) from error
