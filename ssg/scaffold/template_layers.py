"""Which templates of a site and its themes override which, layer by layer."""

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
    """The files of one template, in the order of layers. The first one is used."""

    name: str
    files: tuple[Template, ...]

    @property
    def is_overridden(self) -> bool:
        """Whether the site has this template, and overrides one of a theme."""
        return self.files[0].layer == 0 and len(self.files) > 1


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    """A theme. `use` is 1 for the theme of the site, 2 for the theme below it, 0 if not used."""

    name: str
    title: str
    description: str
    folder: Path
    use: int


def themes(project: Project) -> list[ThemeFacts]:
    """All installed themes, by name."""
    chain = [theme.name for theme in theme_chain(project.root, project.settings.theme)]
    found = []
    for name in theme_names(project.root):
        theme = theme_chain(project.root, name, [])[0]
        use = chain.index(name) + 1 if name in chain else 0
        found.append(ThemeFacts(name, theme.title, theme.description, theme.folder, use))
    return found


def template_layers(project: Project, theme: str | None = None) -> list[TemplateLayers]:
    """All templates of a site by name, with its theme or the one that `theme` names.

    Raises ConfigError for an unknown theme, and for templates that cannot be read.
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
    """The templates that the site overrides, each as a diff against the one below it.

    Raises ScaffoldError for an unknown name.
    """
    chosen = [_find(project, name)] if name is not None else template_layers(project)
    for one in chosen:
        if one.is_overridden:
            yield one.name, _diff(one.files[1], one.files[0])


def eject(project: Project, name: str) -> Path:
    """Copy a template of a theme into the site. Returns the new file."""
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
    """A diff, or the list of changed blocks if the template extends the one below it."""
    if any(name == f"theme:{own.name}" for name in _EXTENDS.findall(own.text)):
        blocks = ", ".join(_BLOCKS.findall(own.text)) or "no block"
        return f"{own.origin} extends {below.origin}, and changes {blocks}"
    texts = (below.text.splitlines(), own.text.splitlines())
    return "\n".join(difflib.unified_diff(*texts, below.origin, own.origin, lineterm=""))
