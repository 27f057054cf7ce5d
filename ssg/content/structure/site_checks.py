"""Checks of the whole site: valid paths, one page for each URL, a template for each page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from ssg.config.load import Project
from ssg.content.source.front_matter import FrontMatterError, parse
from ssg.content.structure.assets import FileCopy
from ssg.content.structure.output_names import (
    OutputName,
    odd_name_warnings,
    reserved_problems,
    same_file_problems,
)
from ssg.content.structure.sections import Sections
from ssg.model.errors import Location, Problem, did_you_mean
from ssg.model.page import NO_TEMPLATE, Alias, Page, Template
from ssg.model.urls import output_file, path_problem

_TEMPLATE_KEYS = ("template", "layout")
_PATH_KEYS = ("path", "url", "permalink", "slug")


def check_site(
    project: Project,
    pages: list[Page],
    sections: Sections,
    copies: Iterable[FileCopy],
    aliases: Iterable[Alias],
    templates: list[Template],
) -> list[Problem]:
    """Problems that only the whole site shows."""
    names = {template.name for template in templates}
    outputs = list(_outputs(project.root, pages, sections, copies, aliases))
    return [
        *_bad_paths(pages),
        *_collisions(outputs),
        *same_file_problems(outputs),
        *reserved_problems(outputs),
        *_missing_templates(project.root, pages, names),
    ]


def _bad_paths(pages: list[Page]) -> Iterator[Problem]:
    for page in pages:
        if not page.path:
            hint = "Set slug or path in its front matter"
            yield Problem("the file name has no letter or digit for a URL", _file_of(page), hint)
        elif problem := path_problem(page.path):
            yield Problem(f"its path {problem}: {page.path}", _file_of(page))


def name_warnings(
    project: Project,
    pages: list[Page],
    sections: Sections,
    copies: Iterable[FileCopy],
    aliases: Iterable[Alias],
) -> list[Problem]:
    """Warnings about names of output files that not every system accepts."""
    return [*odd_name_warnings(_outputs(project.root, pages, sections, copies, aliases))]


def _outputs(
    root: Path,
    pages: list[Page],
    sections: Sections,
    copies: Iterable[FileCopy],
    aliases: Iterable[Alias],
) -> Iterator[OutputName]:
    """Files of the publish folder, each with a name for what would be written there."""
    folders = {section.id: section.folder for section in sections.values()}
    for page in pages:
        if page.path and page.template != NO_TEMPLATE:
            locate = partial(_key_location, root, page.source, _PATH_KEYS)
            yield OutputName(output_file(page.path), _name(page, folders), locate)
    for copy in copies:
        name = _relative(copy.source, root)
        yield OutputName(copy.destination, name, partial(Location, name))
    for alias in aliases:
        locate = partial(_key_location, root, alias.source, ("aliases",))
        owner = f"an alias of content/{alias.source}"
        yield OutputName(output_file(alias.path), owner, locate)


def _collisions(outputs: Iterable[OutputName]) -> Iterator[Problem]:
    """Two things with one file, and a file with the name of a folder."""
    owners: dict[str, str] = {}
    for output in outputs:
        if output.file in owners:
            yield Problem(f"{owners[output.file]} and {output.owner} both want {_url(output.file)}")
        owners[output.file] = output.owner
    for folder in _folders(owners) & owners.keys():
        yield Problem(f"{owners[folder]} wants the file {folder}, but there are pages below it")


def _missing_templates(root: Path, pages: list[Page], names: set[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for page in pages:
        if page.template in names or page.template == NO_TEMPLATE:
            continue
        chosen = _key_location(root, page.source, _TEMPLATE_KEYS, is_required=True)
        if chosen is None and page.template in seen:
            continue
        seen.add(page.template)
        where = chosen or (Location(f"content/{page.source}") if page.source else None)
        user = "" if where else f" (for {page.path})"
        message = f'template "{page.template}" not found{user}'
        full = f"{page.template}.html"
        yield Problem(message, where, did_you_mean(full if full in names else page.template, names))


def _key_location(
    root: Path, source: str | None, keys: Iterable[str], *, is_required: bool = False
) -> Location | None:
    """The location of the first of some keys in the front matter of a source.

    If it has none of them, the source as a whole; None if a key `is_required`.
    """
    if source is None:
        return None
    whole = None if is_required else Location(f"content/{source}")
    try:
        parsed = parse((root / "content" / source).read_bytes(), f"content/{source}")
    except (FrontMatterError, OSError):
        return whole
    key = next((key for key in keys if key in parsed.values), None)
    return parsed.locate((key,)) if key else whole


def _file_of(page: Page) -> Location | None:
    return Location(f"content/{page.source}") if page.source else None


def _name(page: Page, folders: Mapping[int, str]) -> str:
    """A name for messages: the file of a page, the folder of a section, or the path."""
    if page.source:
        return f"content/{page.source}"
    if folder := folders.get(page.id):
        return f"the section content/{folder}/"
    return f"the {page.kind} {page.path}"


def _relative(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else path.name


def _url(file: str) -> str:
    return "/" + file.removesuffix("index.html")


def _folders(files: Iterable[str]) -> set[str]:
    """All folders that files are in."""
    found: set[str] = set()
    for file in files:
        folder = file.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found
