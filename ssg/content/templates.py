"""The templates of a site: its own over its theme's over the built-in ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ssg.render
from ssg.config.load import Project
from ssg.config.themes import theme_folder
from ssg.content.tree import walk
from ssg.model.errors import Location, Problem
from ssg.model.page import Template
from ssg.render.templates import THEME_PREFIX

BUILT_IN = Path(ssg.render.__file__).parent / "builtin"


def read_templates(project: Project, problems: list[Problem]) -> list[Template]:
    """Every template by the name that others know it by. `theme:NAME` names the theme's own."""
    themes = list(_layer(BUILT_IN, "ssg/render/builtin", problems))
    theme = theme_folder(project.root, project.settings.theme)
    if theme:
        themes += _layer(theme / "templates", f"themes/{theme.name}/templates", problems)
    own = list(_layer(project.root / "templates", "templates", problems))
    found = {template.name: template for template in (*themes, *own)}
    for template in themes:
        name = THEME_PREFIX + template.name
        found[name] = Template(name, template.origin, template.text)
    return [found[name] for name in sorted(found)]


def _layer(folder: Path, name: str, problems: list[Problem]) -> Iterator[Template]:
    for entry in walk(folder, problems, name):
        origin = f"{name}/{entry.relative}"
        try:
            yield Template(entry.relative, origin, entry.path.read_text("utf-8-sig"))
        except UnicodeDecodeError:
            problems.append(Problem("the template is not UTF-8", Location(origin)))
