"""The options of the plugin, in the table `[extra.python_reference]` of the configuration."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from ssg.config.table import Table
from ssg.model.errors import Location

MEMBERS = ("public", "all")
ORDERS = ("source", "alphabetical")
STYLES = ("auto", "google", "numpy", "sphinx", "markdown")

_PACKAGE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_FOLDER = re.compile(r"[\w-]+(?:/[\w-]+)*")
_FIELD = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Options:
    """What to document, and how."""

    packages: tuple[str, ...]
    """Packages or modules: `boats`, `boats.harbour`."""
    packages_at: Location
    """Where the configuration names them."""
    exclude: tuple[str, ...] = ()
    """Modules that are left out, with all below them. `*` stands for any text."""
    search_paths: tuple[str, ...] = (".", "src")
    """Folders that contain the packages, relative to the site's folder."""
    folder: str = "api"
    """The folder of the pages below `content/`."""
    title: str = "Code reference"
    """The title of that folder, if no `_index.md` there gives one."""
    members: str = "public"
    order: str = "source"
    docstrings: str = "auto"
    inherited: bool = False
    source_url: str = ""
    """The address of a line of a source, with `{file}` and `{line}`."""


def read_options(table: Table) -> Options:
    """All options. Problems are noted in the table."""
    default = Options((), table.where("packages"))
    options = Options(
        packages=_packages(table),
        packages_at=default.packages_at,
        exclude=tuple(table.texts("exclude")),
        search_paths=tuple(table.texts("search_paths", default.search_paths)),
        folder=table.form("folder", default.folder, _FOLDER, "a folder below content", "Write api"),
        title=table.text("title", default.title),
        members=_choice(table, "members", default.members, MEMBERS),
        order=_choice(table, "order", default.order, ORDERS),
        docstrings=_choice(table, "docstrings", default.docstrings, STYLES),
        inherited=table.boolean("inherited", default.inherited),
        source_url=_source_url(table),
    )
    table.refuse_unread()
    return options


def page_folder(package: str) -> str:
    """The name of a package's folder: `ssg.model` has the pages `api/model/**`."""
    return package.rpartition(".")[2]


def _choice(table: Table, key: str, default: str, known: Collection[str]) -> str:
    return table.choice(key, default, known, f'"{key}" cannot be "{{}}"')


def _packages(table: Table) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(table.texts("packages")))
    if not names:
        hint = 'Name the packages to document: packages = ["boats"]'
        table.problem("packages", 'the plugin "python-reference" has no "packages"', hint)
    folders: dict[str, str] = {}
    for name in names:
        if not _PACKAGE.fullmatch(name):
            table.problem(
                "packages", f'"{name}" is not the name of a package', "Write boats.harbour"
            )
        other = folders.setdefault(page_folder(name).lower(), name)
        if other != name:
            table.problem("packages", f'"{other}" and "{name}" would have the same addresses')
    return names


def _source_url(table: Table) -> str:
    url = table.text("source_url")
    unknown = sorted({*_FIELD.findall(url)} - {"file", "line"})
    if unknown or (url and "{file}" not in url):
        hint = "Write https://example.org/boats/blob/main/{file}#L{line}"
        fault = f"cannot fill in {{{unknown[0]}}}" if unknown else "needs {file}"
        table.problem("source_url", f'"source_url" {fault}', hint)
    return url
