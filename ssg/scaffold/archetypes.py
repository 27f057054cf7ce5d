"""Finds the archetype of a new page, its initial text, by the folder of the page.

For `blog/2026/boats.md` the first of these is used, each in the site or else in its themes:
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
"""The archetype of a site that has none."""


@dataclass(frozen=True, slots=True)
class Archetype:
    """The text of an archetype. `origin` is its name in messages."""

    origin: str
    text: str


def find_archetype(project: Project, folder: str, kind: str | None) -> Archetype:
    """The archetype for a new page in a folder of `content/`, or the one that `kind` names.

    Raises ScaffoldError for an unknown name.
    """
    folders = list(_archetype_folders(project))
    names = [kind] if kind is not None else [*_with_parents(folder), DEFAULT]
    for name in names:
        for place, origin in folders:
            if (file := place / f"{name}.md").is_file() and file.resolve().is_relative_to(place):
                return Archetype(f"{origin}/{name}.md", _read(file, f"{origin}/{name}.md"))
    if kind is not None and kind != DEFAULT:
        known = archetype_names(project)
        hint = did_you_mean(kind, known) or _listed(known)
        raise ScaffoldError(Problem(f'there is no archetype "{kind}"', None, hint))
    return Archetype("the built-in archetype", BUILT_IN)


def archetype_names(project: Project) -> list[str]:
    """The values of `--kind`: `default`, `blog`, `docs/guide`."""
    found = {DEFAULT}
    for place, _ in _archetype_folders(project):
        files = place.rglob("*.md")
        found |= {file.relative_to(place).with_suffix("").as_posix() for file in files}
    return sorted(found)


def _listed(known: list[str]) -> str:
    return f"There are: {', '.join(known)}. Add others in {FOLDER}/"


def _archetype_folders(project: Project) -> Iterator[tuple[Path, str]]:
    """The folder of archetypes of the site, and those of its themes, with their names."""
    yield (project.root / FOLDER).resolve(), FOLDER
    for theme in theme_chain(project.root, project.settings.theme):
        yield (theme.folder / FOLDER).resolve(), f"{theme.origin}/{FOLDER}"


def _with_parents(folder: str) -> Iterator[str]:
    """A folder and its parents: `blog/2026`, `blog`."""
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _read(file: Path, origin: str) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScaffoldError(Problem("the file is not UTF-8", Location(origin))) from error
