"""Reads files in TOML, YAML and JSON, and writes TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from typing import Any

import tomli_w
import yaml

from ssg.config.locate import syntax_problem
from ssg.content.source.full_yaml import YAML_ERRORS, yaml_problem
from ssg.importers.limits import TimeLimitError, seconds_for_text, time_limit, value_problem
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import Location, OldSiteError, Problem

SUFFIXES = (".toml", ".yaml", ".yml", ".json")


def read_table(
    tree: SourceTree, path: str, loader: type[yaml.SafeLoader] = yaml.SafeLoader
) -> dict[str, Any]:
    """Read a file whose top is a table. Raises OldSiteError, with the line, if it is not."""
    value = read_value(tree, path, loader)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise OldSiteError(Problem("the file is not a table of keys and values", Location(path)))
    return {str(key): inner for key, inner in value.items()}


def read_value(tree: SourceTree, path: str, loader: type[yaml.SafeLoader] = yaml.SafeLoader) -> Any:
    """Read a file in the format that its suffix names."""
    text = tree.text(path)
    try:
        with time_limit(seconds_for_text(len(text))):
            value = _parsed(text, path, loader)
            problem = value_problem(value)
    except YAML_ERRORS as error:
        raise OldSiteError(_problem(error, text, path)) from error
    except TimeLimitError:
        raise OldSiteError(Problem("it takes too long to read", Location(path))) from None
    if problem:
        raise OldSiteError(Problem(problem, Location(path)))
    return value


def _parsed(text: str, path: str, loader: type[yaml.SafeLoader]) -> Any:
    if path.endswith(".toml"):
        return tomllib.loads(text)
    if path.endswith(".json"):
        return json.loads(text)
    return yaml.load(text, Loader=loader)  # noqa: S506 a SafeLoader, or one made of it


def _problem(error: Exception, text: str, path: str) -> Problem:
    if isinstance(error, RecursionError):
        return Problem("the values are nested too deeply", Location(path))
    if path.endswith(".toml"):
        return syntax_problem(error, path)
    if isinstance(error, json.JSONDecodeError):
        return Problem(f"JSON: {error.msg}", Location(path, error.lineno, error.colno))
    return yaml_problem(error, text, path)


def write_table(values: Mapping[str, Any]) -> str:
    """Write TOML, which has no `null`: keys without a value are dropped."""
    return tomli_w.dumps(_plain(values), multiline_strings=False)


def _plain(value: Any) -> Any:
    """A value of a type that TOML has."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value if inner is not None]
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    known = isinstance(value, str | int | float | bool) or hasattr(value, "isoformat")
    return value if known else str(value)


def lower_keys(values: Mapping[str, Any]) -> dict[str, Any]:
    """A table with its keys in lower case."""
    return {str(key).lower(): value for key, value in values.items()}
