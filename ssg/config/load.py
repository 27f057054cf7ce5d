"""`ssg.toml`, or `[tool.ssg]` in `pyproject.toml` -> Settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from ssg.config.locate import locate, syntax_problem
from ssg.config.nesting import load_toml
from ssg.config.schema import read_settings
from ssg.config.table import Table
from ssg.config.themes import Theme, extra_of, theme_chain
from ssg.fingerprint.input_folders import CONFIG_NAME, PYPROJECT_NAME
from ssg.model.errors import ConfigError, Location, Problem
from ssg.model.settings import Settings, SiteSettings

ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "SSG_BASE_URL": ("base_url",),
    "SSG_TITLE": ("title",),
    "SSG_DESCRIPTION": ("description",),
    "SSG_AUTHOR": ("author",),
    "SSG_DEFAULT_LANGUAGE": ("default_language",),
    "SSG_TIMEZONE": ("timezone",),
    "SSG_THEME": ("theme",),
    "SSG_OUTPUT_DIR": ("output_dir",),
    "SSG_TARGET": ("target", "name"),
}
"""Environment variables that override a key. Options of a command beat them."""


@dataclass(frozen=True, slots=True)
class Project:
    """A site's root folder with its settings."""

    root: Path
    settings: Settings
    config_path: Path | None = None


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A configuration file as text and values."""

    name: str = CONFIG_NAME
    path: Path | None = None
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigLayers:
    """The layers of a configuration: options over environment variables over the file."""

    file: ConfigFile
    variables: Mapping[tuple[str, ...], str]
    options: Mapping[tuple[str, ...], Any]

    @property
    def values(self) -> dict[str, Any]:
        return _merge(_merge(self.file.values, self.variables), self.options)

    def locate(self, keys: tuple[str | int, ...]) -> Location:
        """The place of a key: the option, the variable or the line that sets it."""
        if option := next((wanted for wanted in self.options if wanted == keys), None):
            return Location("--" + option[0].replace("_", "-"))
        if variable := next((name for name in self.variables if name == keys), None):
            return Location(next(name for name, own in ENVIRONMENT.items() if own == variable))
        return locate(self.file.text, self.file.name, (*self.file.prefix, *keys))


def read_layers(
    root: Path,
    config: Path | None = None,
    overrides: Mapping[tuple[str, ...], Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> ConfigLayers:
    """The layers of a configuration, not yet checked. Raises ConfigError."""
    variables = _from_environment(os.environ if environment is None else environment)
    return ConfigLayers(_read(root, config), variables, overrides or {})


def load(
    root: Path,
    config: Path | None = None,
    overrides: Mapping[tuple[str, ...], Any] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Project:
    """Read and check the configuration of the site in `root`.

    `overrides` maps keys, `("target", "name")`, to values that beat the file and the environment.
    Raises ConfigError with every problem.
    """
    root = root.resolve()
    layers = read_layers(root, config, overrides, environment)
    problems: list[Problem] = []
    settings = read_settings(Table(layers.values, problems, layers.locate), root)
    themes = theme_chain(root, settings.theme, problems)
    settings = replace(settings, site=_with_extra(settings.site, themes))
    if problems:
        raise ConfigError(problems)
    return Project(root, settings, layers.file.path)


def locate_setting(project: Project, keys: tuple[str | int, ...]) -> Location:
    """The place of a key in the configuration file. It reads the file again: for problems only."""
    if project.config_path is None:
        return Location(CONFIG_NAME)
    file = _parse(project.config_path, project.root)
    return locate(file.text, file.name, (*file.prefix, *keys))


def extra_table(project: Project, name: str, problems: list[Problem]) -> Table:
    """The table `[extra.<name>]`, which a plugin reads and checks. Problems are noted."""
    place = partial(locate_setting, project)
    return Table(project.settings.site.extra, problems, place, ("extra",)).table(name)


def _with_extra(site: SiteSettings, themes: tuple[Theme, ...]) -> SiteSettings:
    """Merge `extra` of the site and its languages over that of its themes."""
    languages = {
        code: replace(language, extra=extra_of(themes, site.extra, language.extra))
        for code, language in site.languages.items()
    }
    return replace(site, extra=extra_of(themes, site.extra), languages=languages)


def _read(root: Path, config: Path | None) -> ConfigFile:
    if config is not None:
        return _parse(config if config.is_absolute() else root / config, root)
    if (root / CONFIG_NAME).is_file():
        return _parse(root / CONFIG_NAME, root)
    if (root / PYPROJECT_NAME).is_file():
        file = _parse(root / PYPROJECT_NAME, root)
        if file.path is not None:
            return file
    if not (root / "content").is_dir():
        hint = f"Run ssg in a site's folder, or name one with --root: it contains {CONFIG_NAME}"
        raise ConfigError(Problem(f"there is no site in {root}", None, hint))
    return ConfigFile()


def _parse(path: Path, root: Path) -> ConfigFile:
    name = str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
    try:
        text = path.read_text("utf-8-sig")
        values = load_toml(text)
    except UnicodeDecodeError as error:
        raise ConfigError(Problem("the file is not UTF-8", Location(name))) from error
    except ValueError as error:
        raise ConfigError(syntax_problem(error, name)) from error
    except OSError as error:
        raise ConfigError(
            Problem(f"the file cannot be read: {error.strerror}", Location(name))
        ) from error
    if path.name != PYPROJECT_NAME:
        return ConfigFile(name, path, text, values)
    tool = values.get("tool")
    table = tool.get("ssg") if isinstance(tool, dict) else None
    return (
        ConfigFile(name, path, text, table, ("tool", "ssg"))
        if isinstance(table, dict)
        else ConfigFile()
    )


def _from_environment(environment: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    return {keys: environment[name] for name, keys in ENVIRONMENT.items() if environment.get(name)}


def _merge(values: Mapping[str, Any], changes: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """A copy of `values` with some keys replaced, in nested tables too."""
    result = dict(values)
    for (first, *rest), value in changes.items():
        inner = result.get(first)
        inner = inner if isinstance(inner, dict) else {}
        result[first] = _merge(inner, {tuple(rest): value}) if rest else value
    return result
