"""Creates a site that builds, previews and deploys without further changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssg.config.schema import read_settings
from ssg.config.table import Table
from ssg.config.target_registry import NEW_SITE_TARGET, TARGETS, kinds_of
from ssg.config.themes import theme_names
from ssg.fingerprint.input_folders import CONFIG_NAME
from ssg.model.errors import Location, Problem, ScaffoldError
from ssg.model.settings import Settings, SiteSettings, TargetSettings
from ssg.scaffold.new_files import NewFile, existing, write_new
from ssg.scaffold.placeholders import fill
from ssg.scaffold.requirement import requirement_files
from ssg.targets.load_target import target_for

TEMPLATES = Path(__file__).parent / "site_template"
CI_TEMPLATES = Path(__file__).parent / "ci_template"
CI = {"github": ".github/workflows/popular.yml"}
"""The file of each service that can count logs at fixed times."""
FIRST, OLDER = "a-first-post", "a-post-from-the-archive"
ARCHIVE_DAYS = 400
"""The age of the deferred post, more than the year in the rule of ssg.toml."""

_HOSTING = ("requirements.txt", ".gitignore")
_ALWAYS = ("ssg.toml", *_HOSTING, "README.md")
_TEXTS = ("content/_index.md", "archetypes/default.md")
_EXAMPLE = ("content/about.md", "content/blog/_index.md", "archetypes/blog.md")
_OVERRIDE = "templates/page.html"
_DELIMITERS = {
    "variable_start_string": "<<",
    "variable_end_string": ">>",
    "block_start_string": "<%",
    "block_end_string": "%>",
    "comment_start_string": "<#",
    "comment_end_string": "#>",
}
"""Delimiters of Jinja in these files, which contain the usual ones for the new site."""


@dataclass(frozen=True, slots=True)
class NewSiteOptions:
    """The options of a new site. With `base_url` '', the host sets the address."""

    title: str = SiteSettings().title
    base_url: str = ""
    theme: str = Settings().theme
    target: str = NEW_SITE_TARGET
    kind: str = ""
    """The kind of function, where the host has several; empty: the first."""
    ci: str = ""
    """The service whose workflow keeps popular pages rendered; empty: none."""
    example: bool = True


@dataclass(frozen=True, slots=True)
class ScaffoldResult:
    """The files of a new site: those that were written, and those that existed before."""

    folder: Path
    written: tuple[str, ...]
    kept: tuple[str, ...]


def new_site(folder: Path, options: NewSiteOptions, now: dt.datetime) -> ScaffoldResult:
    """Create a site in a folder without one. Existing files are kept.

    Raises ScaffoldError if there is a site already, or an option is not valid.
    """
    _check_has_no_site(folder)
    _check_options(folder, options)
    return _write_missing(folder, list(site_files(options, now)))


def site_files(options: NewSiteOptions, now: dt.datetime) -> Iterator[NewFile]:
    """All files of a new site."""
    output_dir = TARGETS[options.target].output_dir
    hosting, packages = _hosting(options.base_url, output_dir, options.target)
    host_files = _host_files(options.target)
    today, past = now.date(), now.date() - dt.timedelta(days=ARCHIVE_DAYS)
    first, older = f"{today}-{FIRST}.md", f"{past}-{OLDER}.md"
    values = {
        **hosting,
        "title": options.title,
        "theme": options.theme,
        "target": options.target,
        "kind": options.kind or kinds_of(options.target)[0],
        "kinds": TARGETS[options.target].kinds,
        "host_files": [template.name for template in host_files],
        "example": options.example,
        "ci": options.ci,
        "has_build_hook": options.target == "netlify",
        "today": today,
        "past": past,
        "first": first,
        "older": older,
    }
    for name in (*_ALWAYS, *_TEXTS, *(_EXAMPLE if options.example else ())):
        yield _file(name, name.lstrip("."), values)
    if options.example:
        yield _file(f"content/blog/{first}", "content/blog/first.md", values)
        yield _file(f"content/blog/{older}", "content/blog/older.md", values)
        yield _file(_OVERRIDE, _OVERRIDE, values)
    yield from (_filled(template.name, template, values) for template in host_files)
    if options.ci:
        yield _filled(CI[options.ci], CI_TEMPLATES / f"{options.ci}.yml", values)
    yield from packages


def add_hosting(
    folder: Path, base_url: str, output_dir: str, target: str = NEW_SITE_TARGET
) -> ScaffoldResult:
    """Add the files that a host needs to an imported site. Existing files are kept."""
    values, packages = _hosting(base_url, output_dir, target)
    host_files = (_filled(one.name, one, values) for one in _host_files(target))
    own = (_file(name, name.lstrip("."), values) for name in _HOSTING)
    return _write_missing(folder, [*host_files, *own, *packages])


def _host_files(target: str) -> Sequence[Path]:
    return target_for(TargetSettings(target), package=False).new_site_files


def _hosting(
    base_url: str, output_dir: str, target: str
) -> tuple[dict[str, Any], tuple[NewFile, ...]]:
    """The values for the files of the host, and the package files that they need."""
    line, packages = requirement_files(TARGETS[target].extras)
    values = {
        "base_url": base_url,
        "output_dir": output_dir,
        "requirement": line,
        "vendored": bool(packages),
    }
    return values, packages


def _write_missing(folder: Path, files: list[NewFile]) -> ScaffoldResult:
    kept = existing(folder, [file.name for file in files])
    write_new(folder, [file for file in files if file.name not in kept])
    written = tuple(file.name for file in files if file.name not in kept)
    return ScaffoldResult(folder, written, tuple(kept))


def _file(name: str, template: str, values: Mapping[str, Any]) -> NewFile:
    return _filled(name, TEMPLATES / template, values)


def _filled(name: str, template: Path, values: Mapping[str, Any]) -> NewFile:
    text = template.read_text("utf-8")
    return NewFile(name, fill(text, template.name, values, **_DELIMITERS).encode())


def _check_has_no_site(folder: Path) -> None:
    found = existing(folder, [CONFIG_NAME, "content"])
    if found:
        hint = "Choose another folder, or add to this site with ssg new page"
        place = Location(str(folder / found[0]))
        raise ScaffoldError(Problem("there is a site already", place, hint))
    if folder.exists() and not folder.is_dir():
        raise ScaffoldError(Problem("this is a file, not a folder", Location(str(folder))))


def _check_options(folder: Path, options: NewSiteOptions) -> None:
    """Check the options as the configuration that they become."""
    problems: list[Problem] = []
    given = {"title": options.title, "base_url": options.base_url, "theme": options.theme}
    values: dict[str, Any] = {key: one for key, one in given.items() if one or key == "title"}
    values["target"] = {"name": options.target, **({"kind": options.kind} if options.kind else {})}
    read_settings(Table(values, problems, _option), folder)
    if not options.theme:
        hint = f"There are: {', '.join(theme_names(folder))}"
        problems.append(Problem("a new site needs a theme", Location("--theme"), hint))
    if not options.title.isprintable() or not options.title.strip():
        problems.append(Problem("this is not a title", Location("--title")))
    if options.kind and not _kinds(options.target):
        problems.append(Problem(f"{options.target} has no functions", Location("--kind")))
    if options.ci and options.ci not in CI:
        hint = f"There are: {', '.join(CI)}"
        problems.append(Problem(f'unknown service "{options.ci}"', Location("--ci"), hint))
    if problems:
        raise ScaffoldError(problems)


def _kinds(target: str) -> Mapping[str, str]:
    """The kinds of functions of a host; none for an unknown one."""
    return TARGETS[target].kinds if target in TARGETS else {}


def _option(keys: tuple[str | int, ...]) -> Location:
    name = "kind" if keys[-1] == "kind" else str(keys[0])
    return Location("--" + name.replace("_", "-"))
