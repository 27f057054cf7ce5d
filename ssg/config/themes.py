"""Finds themes, reads their `theme.toml`, and follows which theme extends which."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import ssg
from ssg.config.locate import locate, syntax_problem
from ssg.config.nesting import load_toml
from ssg.config.table import Table
from ssg.model.errors import Location, Problem, did_you_mean

THEME_FILE = "theme.toml"

_PACKAGE = Path(ssg.__file__).parent
_VERSION = re.compile(r"\d+(\.\d+)*")


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme, from its folder and its `theme.toml`. With `extends` '' it extends no other."""

    name: str
    folder: Path
    extends: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    description: str = ""

    @property
    def origin(self) -> str:
        """The name of its folder in messages."""
        return f"themes/{self.name}"


def theme_chain(root: Path, name: str, problems: list[Problem] | None = None) -> tuple[Theme, ...]:
    """A theme, the one that it extends, and so on. Problems are added to `problems`."""
    noted: list[Problem] = [] if problems is None else problems
    chain: list[Theme] = []
    while name and (folder := theme_folder(root, name)):
        theme = _read(root, name, folder, tuple(theme.name for theme in chain), noted)
        chain.append(theme)
        name = theme.extends
    return tuple(chain)


def theme_folder(root: Path, name: str) -> Path | None:
    """The folder of a theme, or None if it does not exist."""
    for shelf in _shelves(root):
        if Path(name).name == name and _is_theme(shelf / name):
            return shelf / name
    return None


def theme_names(root: Path) -> list[str]:
    found = (theme for shelf in _shelves(root) if shelf.is_dir() for theme in shelf.iterdir())
    return sorted({theme.name for theme in found if _is_theme(theme)})


def unknown_theme(root: Path, name: str) -> tuple[str, str]:
    """Message and hint for a theme that does not exist."""
    known = theme_names(root)
    return f'unknown theme "{name}"', (
        did_you_mean(name, known) or f"There are: {', '.join(known)}"
    )


def extra_of(chain: tuple[Theme, ...], *own: Mapping[str, Any]) -> dict[str, Any]:
    """The site's `extra` merged over that of its themes. Only tables are merged key by key.

    `own` are the site's, the nearest last: its own, and that of a language.
    """
    result: dict[str, Any] = {}
    for layer in (*(theme.extra for theme in reversed(chain)), *own):
        result = _over(layer, result)
    return result


def _over(upper: Mapping[str, Any], lower: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(lower)
    for key, value in upper.items():
        below = result.get(key)
        both = isinstance(value, dict) and isinstance(below, dict)
        result[key] = _over(value, below) if both and isinstance(below, dict) else value
    return result


def _read(
    root: Path, name: str, folder: Path, above: tuple[str, ...], problems: list[Problem]
) -> Theme:
    """A theme from its `theme.toml`, which it may lack."""
    place = f"themes/{name}/{THEME_FILE}"
    text, values = "", {}
    try:
        if (folder / THEME_FILE).is_file():
            text = (folder / THEME_FILE).read_text("utf-8-sig")
            values = load_toml(text)
    except UnicodeDecodeError:
        problems.append(Problem("the file is not UTF-8", Location(place)))
    except ValueError as error:
        problems.append(syntax_problem(error, place))
    table = Table(values, problems, partial(locate, text, place))
    return read_theme(table, root, folder, (*above, name))


def read_theme(table: Table, root: Path, folder: Path, chain: tuple[str, ...]) -> Theme:
    """The last theme of a chain of names, from its `theme.toml`."""
    theme = Theme(
        name=chain[-1],
        folder=folder,
        extends=_extends(table, root, chain),
        extra=table.mapping("extra"),
        title=table.text("name"),
        description=table.text("description"),
    )
    _check_version(table)
    table.refuse_unread()
    return theme


def _extends(table: Table, root: Path, chain: tuple[str, ...]) -> str:
    name = table.text("extends")
    if name in chain:
        circle = " > ".join((*chain[chain.index(name) :], name))
        table.problem("extends", f"themes extend each other in a circle: {circle}")
        return ""
    if name and theme_folder(root, name) is None:
        table.problem("extends", *unknown_theme(root, name))
        return ""
    return name


def _check_version(table: Table) -> None:
    """`min_ssg_version`: numbers and dots, compared part by part."""
    key = "min_ssg_version"
    needed = table.form(key, "", _VERSION, "a version", "Write 1.2")
    if needed and _parts(needed) > _parts(ssg.__version__):
        message = f"the theme needs ssg {needed}, and this is {ssg.__version__}"
        table.problem(key, message, "Update ssg, or use an older version of the theme")


def _parts(version: str) -> list[int]:
    """Its numbers; `1.2.0` and `1.2` are one version."""
    found = _VERSION.match(version)
    parts = [int(part) for part in found.group().split(".")] if found else []
    while parts and parts[-1] == 0:
        parts.pop()
    return parts


def _is_theme(folder: Path) -> bool:
    return (folder / "templates").is_dir() or (folder / THEME_FILE).is_file()


def _shelves(root: Path) -> Iterator[Path]:
    yield root / "themes"
    yield built_in_themes()


def built_in_themes() -> Path:
    """The folder of the themes that come with ssg: in an installed package, or in a checkout."""
    installed = _PACKAGE / "themes"
    return installed if installed.is_dir() else _PACKAGE.parent / "themes"
