"""Shell completion: names of pages, folders, archetypes, themes, templates and settings.

If anything goes wrong, nothing is offered: the Tab key must not print errors.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path

import typer

from ssg.model.errors import SsgError

Completer = Callable[[typer.Context, str], list[str]]


def _completer(names: Callable[[Path], Iterable[str]]) -> Completer:
    """Make a completer that offers the names that start like the word."""

    def complete(context: typer.Context, incomplete: str) -> list[str]:
        root = Path(context.params.get("root") or ".")
        with contextlib.suppress(SsgError, OSError, ValueError):
            return sorted({name for name in names(root) if name.startswith(incomplete)})
        return []

    return complete


def _page_paths(root: Path) -> Iterable[str]:
    """The pages of the last build, which can be read without a scan."""
    from ssg.build.layout import Layout
    from ssg.config.load import load
    from ssg.model.queries.site import Site

    database = Layout.of(load(root)).database
    if not database.is_file():
        return []
    with contextlib.closing(Site.open(database)) as site:
        return [page.path for page in site.all_pages()]


def _folders(root: Path) -> Iterable[str]:
    content = root / "content"
    return (f"{folder.relative_to(content).as_posix()}/" for folder in content.rglob("*/"))


def _archetypes(root: Path) -> Iterable[str]:
    from ssg.config.load import load
    from ssg.scaffold.archetypes import archetype_names

    return archetype_names(load(root))


def _themes(root: Path) -> Iterable[str]:
    from ssg.config.themes import theme_names

    return theme_names(root)


def _templates(root: Path) -> Iterable[str]:
    from ssg.config.load import load
    from ssg.content.inputs.templates import read_templates

    return {template.name for template in read_templates(load(root), [])}


def _keys(root: Path) -> Iterable[str]:
    from ssg.config.origins import explain_settings

    return (setting.key for setting in explain_settings(root))


pages = _completer(_page_paths)
folders = _completer(_folders)
archetypes = _completer(_archetypes)
themes = _completer(_themes)
templates = _completer(_templates)
keys = _completer(_keys)
