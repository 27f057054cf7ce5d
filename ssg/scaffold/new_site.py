"""`ssg new site`: a site that builds, previews and deploys as it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssg.config.schema import read_settings
from ssg.config.table import Table
from ssg.config.themes import theme_names
from ssg.fingerprint.inputs import CONFIG_NAME
from ssg.model.errors import Location, Problem, ScaffoldError
from ssg.model.settings import Settings, SiteSettings
from ssg.scaffold.new_files import NewFile, taken, write_new
from ssg.scaffold.placeholders import fill
from ssg.scaffold.requirement import requirement_files

TEMPLATES = Path(__file__).parent / "site_template"
FIRST, OLDER = "a-first-post", "a-post-from-the-archive"
ARCHIVE_DAYS = 400
"""So much older is the deferred post: beyond the year of the rule in ssg.toml."""

_HOSTING = ("netlify.toml", "requirements.txt", ".gitignore")
_ALWAYS = ("ssg.toml", *_HOSTING, "README.md")
_TEXTS = ("content/_index.md", "archetypes/default.md")
_EXAMPLE = ("content/about.md", "content/blog/_index.md", "archetypes/blog.md")
_OVERRIDE = "templates/page.html"
_SIGNS = {
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "block_start_string": "<%",
    "block_end_string": "%>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
}
"""Jinja's brackets in these files: the usual ones are for the site that is made."""


@dataclass(frozen=True, slots=True)
class NewSiteOptions:
    """What a new site is asked for. `base_url` '': where Netlify puts it."""

    title: str = SiteSettings().title
    base_url: str = ""
    theme: str = Settings().theme
    example: bool = True


@dataclass(frozen=True, slots=True)
class ScaffoldResult:
    """Files of a new site: those that were written, and those that were there before."""

    folder: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]


def new_site(folder: Path, answers: NewSiteOptions, now: dt.datetime) -> ScaffoldResult:
    """Make a site in a folder that holds none. Files that are there are left as they are.

    Raises ScaffoldError if there is a site already, or the answers cannot be used.
    """
    _refuse_site(folder)
    _refuse_answers(folder, answers)
    return _write_missing(folder, list(site_files(answers, now)))


def site_files(answers: NewSiteOptions, now: dt.datetime) -> Iterator[NewFile]:
    """Every file of a new site."""
    hosting, packages = _hosting(answers.base_url, Settings().output_dir)
    today, past = now.date(), now.date() - dt.timedelta(days=ARCHIVE_DAYS)
    first, older = f"{today}-{FIRST}.md", f"{past}-{OLDER}.md"
    values = {
        **hosting,
        "title": answers.title,
        "theme": answers.theme,
        "example": answers.example,
        "today": today,
        "past": past,
        "first": first,
        "older": older,
    }
    for name in (*_ALWAYS, *_TEXTS, *(_EXAMPLE if answers.example else ())):
        yield _file(name, name.lstrip("."), values)
    if answers.example:
        yield _file(f"content/blog/{first}", "content/blog/first.md", values)
        yield _file(f"content/blog/{older}", "content/blog/older.md", values)
        yield _file(_OVERRIDE, _OVERRIDE, values)
    yield from packages


def add_hosting(folder: Path, base_url: str, output_dir: str) -> ScaffoldResult:
    """Give a site that an import made what Netlify builds it with, and leave what is there."""
    values, packages = _hosting(base_url, output_dir)
    files = [*(_file(name, name.lstrip("."), values) for name in _HOSTING), *packages]
    return _write_missing(folder, files)


def _hosting(base_url: str, output_dir: str) -> tuple[dict[str, Any], tuple[NewFile, ...]]:
    """What files for a host are filled in with, and the packages that go beside them."""
    line, packages = requirement_files()
    values = {
        "base_url": base_url,
        "output_dir": output_dir,
        "requirement": line,
        "vendored": bool(packages),
    }
    return values, packages


def _write_missing(folder: Path, files: list[NewFile]) -> ScaffoldResult:
    kept = taken(folder, [file.name for file in files])
    write_new(folder, [file for file in files if file.name not in kept])
    written = tuple(file.name for file in files if file.name not in kept)
    return ScaffoldResult(folder, written, tuple(kept))


def _file(name: str, template: str, values: Mapping[str, Any]) -> NewFile:
    text = (TEMPLATES / template).read_text("utf-8")
    return NewFile(name, fill(text, template, values, **_SIGNS).encode())


def _refuse_site(folder: Path) -> None:
    there = taken(folder, [CONFIG_NAME, "content"])
    if there:
        hint = "Choose another folder, or add to this site with ssg new page"
        place = Location(str(folder / there[0]))
        raise ScaffoldError(Problem("there is a site already", place, hint))
    if folder.exists() and not folder.is_dir():
        raise ScaffoldError(Problem("it is a file", Location(str(folder))))


def _refuse_answers(folder: Path, answers: NewSiteOptions) -> None:
    """The answers are checked as the configuration that they will be."""
    problems: list[Problem] = []
    given = {"title": answers.title, "base_url": answers.base_url, "theme": answers.theme}
    values = {key: value for key, value in given.items() if value or key == "title"}
    read_settings(Table(values, problems, _option), folder)
    if not answers.theme:
        hint = f"There are: {', '.join(theme_names(folder))}"
        problems.append(Problem("a new site needs a theme", Location("--theme"), hint))
    if not answers.title.isprintable() or not answers.title.strip():
        problems.append(Problem("this is no title", Location("--title")))
    if problems:
        raise ScaffoldError(problems)


def _option(keys: tuple[str | int, ...]) -> Location:
    return Location("--" + str(keys[0]).replace("_", "-"))
