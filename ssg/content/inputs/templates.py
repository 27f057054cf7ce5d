"""Reads the templates of a site and of its themes, in layers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ssg.render
from ssg.config.load import Project
from ssg.config.themes import theme_chain
from ssg.content.source.walk import walk
from ssg.model.errors import Location, Problem
from ssg.model.page import Template

BUILT_IN = Path(ssg.render.__file__).parent / "builtin"


def read_templates(project: Project, problems: list[Problem]) -> list[Template]:
    """The templates of every layer, by name and layer. The built-in ones are the lowest layer."""
    themes = theme_chain(project.root, project.settings.theme)
    layers = [
        (project.root / "templates", "templates"),
        *((theme.folder / "templates", f"{theme.origin}/templates") for theme in themes),
        (BUILT_IN, "ssg/render/builtin"),
    ]
    found = [
        template
        for number, (folder, name) in enumerate(layers)
        for template in _layer(folder, name, number, problems)
    ]
    return sorted(found, key=lambda template: (template.name, template.layer))


def _layer(folder: Path, name: str, number: int, problems: list[Problem]) -> Iterator[Template]:
    for entry in walk(folder, problems, name):
        origin = f"{name}/{entry.relative}"
        try:
            text = entry.path.read_text("utf-8-sig")
            yield Template(entry.relative, origin, text, number)
        except UnicodeDecodeError:
            problems.append(Problem("the template is not UTF-8", Location(origin)))
