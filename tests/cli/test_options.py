"""Every option of every command, with its default: a change of any is meant, or a mistake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import typer.main

from ssg.cli.app import app

ROOT = {"--root": "."}
CONFIG = ROOT | {"--config -c": None}
MOMENT = {"--drafts -D": False, "--future -F": False, "--expired -E": False}
DEFAULTS: dict[str, dict[str, object]] = {
    "build": CONFIG
    | MOMENT
    | {
        "--base-url -b": None, "--output-dir -o": None, "--target": None, "--strict": False,
        "--json": False, "--quiet -q": False, "--verbose -v": False, "--debug": False,
    },
    "plan": CONFIG | MOMENT | {"--target": None, "--json": False, "--debug": False},
    "explain": CONFIG | MOMENT | {"--target": None, "--json": False, "--debug": False},
    "verify": CONFIG | {"--sample": None, "--json": False, "--quiet -q": False, "--debug": False},
    "serve": CONFIG
    | {
        "--host": "127.0.0.1", "--port -p": 8000, "--open -O": False, "--poll": False,
        "--runtime": "python", "--base-url -b": None, "--drafts -D": True, "--future -F": False,
        "--expired -E": False, "--log": "text", "--quiet -q": False, "--debug": False,
    },
    "redirects": CONFIG
    | {"--target": None, "--check": False, "--format": None, "--json": False, "--debug": False},
    "warm": CONFIG
    | {
        "--top": None, "--all": False, "--from": None, "--rate": 4.0, "--json": False,
        "--quiet -q": False, "--debug": False,
    },
    "purge": ROOT | {"--all": False, "--quiet -q": False, "--debug": False},
}  # fmt: skip


def commands() -> Mapping[str, Any]:
    """Commands by name. Typer brings a Click of its own, so their types have no public name."""
    found: Mapping[str, Any] = vars(typer.main.get_command(app))["commands"]
    return found


def options(command: Any) -> Iterator[Any]:
    options = (param for param in command.params if param.param_type_name == "option")
    return (option for option in options if "--help" not in option.opts)


def test_the_table_names_every_command() -> None:
    assert set(DEFAULTS) == set(commands())


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_option_has_its_default(name: str) -> None:
    command = commands()[name]
    context = command.make_context(name, [], resilient_parsing=True)
    found = {
        " ".join(option.opts): _plain(option.get_default(context)) for option in options(command)
    }
    assert found == DEFAULTS[name]


def _plain(default: object) -> object:
    return default if default is None or isinstance(default, bool | int | float) else str(default)


@pytest.mark.parametrize("name", DEFAULTS)
def test_every_option_is_explained(name: str) -> None:
    command = commands()[name]
    assert command.help
    assert all(option.help and option.help.endswith(".") for option in options(command))
