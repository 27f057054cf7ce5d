"""What lies over what: the templates of a site and of its themes, layer by layer."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from ssg.config.load import Project
from ssg.config.themes import theme_chain, theme_names, unknown_theme
from ssg.content.inputs.templates import read_templates
from ssg.model.errors import ConfigError, Problem, ScaffoldError, did_you_mean
from ssg.model.page import Template
from ssg.scaffold.new_files import NewFile, write_new

FOLDER = "templates"

_EXTENDS = re.compile(r"""{%[-+]?\s*extends\s+["']([^"']+)["']""")
_BLOCKS = re.compile(r"{%[-+]?\s*block\s+(\w+)")


@dataclass(frozen=True, slots=True)
class TemplateLayers:
    """A template's name, and the files that have it: the first one wins."""

    name: str
    files: tuple[Template, ...]

    @property
    def is_overridden(self) -> bool:
        """Whether the site has one, and a layer below has one, too."""
        return self.files[0].layer == 0 and len(self.files) > 1


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    """A theme. `use` 1: it is that of the site, 2: it lies under that, 0: it is not in use."""

    name: str
    title: str
    description: str
    folder: Path
    use: int


def themes(project: Project) -> list[ThemeFacts]:
    """Every theme that is there, by name."""
    chain = [theme.name for theme in theme_chain(project.root, project.settings.theme)]
    found = []
    for name in theme_names(project.root):
        theme = theme_chain(project.root, name, [])[0]
        use = chain.index(name) + 1 if name in chain else 0
        found.append(ThemeFacts(name, theme.title, theme.description, theme.folder, use))
    return found


def template_layers(project: Project, theme: str | None = None) -> list[TemplateLayers]:
    """Every template that a site can use, by name; with another theme, if one is named.

    Raises ConfigError for a theme that is not there, and for templates that cannot be read.
    """
    if theme is not None and theme not in theme_names(project.root):
        message, hint = unknown_theme(project.root, theme)
        raise ConfigError(Problem(message, None, hint))
    chosen = project.settings if theme is None else replace(project.settings, theme=theme)
    problems: list[Problem] = []
    found = read_templates(replace(project, settings=chosen), problems)
    if problems:
        raise ConfigError(problems)
    by_name = attrgetter("name")
    return [TemplateLayers(name, tuple(group)) for name, group in groupby(found, by_name)]


def differences(project: Project, name: str | None = None) -> Iterator[tuple[str, str]]:
    """Templates of the site that lie over others, each as a diff against the one below.

    Raises ScaffoldError for a name that there is not.
    """
    chosen = [_find(project, name)] if name is not None else template_layers(project)
    for one in chosen:
        if one.is_overridden:
            yield one.name, _diff(one.files[1], one.files[0])


def eject(project: Project, name: str) -> Path:
    """Copy a template of the layers below into the site; returns the new file."""
    found = _find(project, name)
    file = NewFile(f"{FOLDER}/{name}", found.files[0].text.encode())
    write_new(project.root, [file])
    return project.root / file.name


def _find(project: Project, name: str) -> TemplateLayers:
    known = {one.name: one for one in template_layers(project)}
    if name not in known:
        hint = did_you_mean(name, known) or "See ssg theme show"
        raise ScaffoldError(Problem(f'there is no template "{name}"', None, hint))
    return known[name]


def _diff(below: Template, own: Template) -> str:
    """A diff; or, of a template that extends the one below, which of its blocks it has itself."""
    if any(name == f"theme:{own.name}" for name in _EXTENDS.findall(own.text)):
        blocks = ", ".join(_BLOCKS.findall(own.text)) or "no block"
        return f"{own.origin} extends {below.origin}, and changes {blocks}"
    texts = (below.text.splitlines(), own.text.splitlines())
    return "\n".join(difflib.unified_diff(*texts, below.origin, own.origin, lineterm=""))
