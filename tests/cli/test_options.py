"""Every option of every command, with its default, so that no change is an accident."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import typer.main

from ssg.cli.app import command_line

ROOT = {"--root": "."}
CONFIG = ROOT | {"--config -c": None}
MOMENT = {"--drafts -D": False, "--future -F": False, "--expired -E": False}
DEFAULTS: dict[str, dict[str, object]] = {
    "build": CONFIG
    | MOMENT
    | {
        "--base-url -b": None, "--output-dir -o": None, "--target": None, "--strict": False,
        "--since": None, "--env-file": None,
        "--json": False, "--no-cache": False, "--profile": False, "--flame": None,
        "--quiet -q": False, "--verbose -v": False, "--debug": False,
    },
    "import": {
        "--force": False, "--dry-run": False, "--defer": None, "--json": False,
        "--quiet -q": False, "--debug": False,
    },
    "plan": CONFIG
    | MOMENT
    | {"--env-file": None, "--replay": None, "--target": None, "--json": False, "--debug": False},
    "popular": CONFIG
    | {"--format": None, "--since": None, "--limit": 10_000, "--output": None,
       "--what-if": False, "--deploys-per-month": 30, "--days": None, "--plot": None,
       "--target": None,
       "--json": False, "--quiet -q": False, "--debug": False},
    "explain": CONFIG | MOMENT | {"--target": None, "--json": False, "--debug": False},
    "verify": CONFIG
    | {"--replay": None, "--sample": None, "--json": False, "--quiet -q": False, "--debug": False},
    "serve": CONFIG
    | {
        "--host": "127.0.0.1", "--allow-host": None, "--port -p": 8000, "--open -O": False,
        "--env-file": None, "--draft-secret-file": None, "--record": None, "--replay": None,
        "--poll": False,
        "--runtime": "python", "--base-url -b": None, "--drafts -D": True, "--future -F": False,
        "--expired -E": False, "--log": "text", "--quiet -q": False, "--debug": False,
    },
    "start": {
        "--env-file": None,
        "--host": None, "--port -p": None, "--workers": None, "--cache": None, "--front": None,
        "--forwarded-allow-ips": None, "--access-log": None, "--grace-seconds": None,
        "--render-seconds": None, "--renders": None, "--queue": None, "--connections": None,
        "--metrics-port": None, "--draft-secret-file": None, "--debug": False,
        "--encoders": None, "--image-queue": None, "--image-cache": None,
    },
    "draft": CONFIG
    | {
        "--minutes": 60, "--draft-secret-file": None, "--env-file": None, "--base-url -b": None,
        "--debug": False,
    },
    "redirects": CONFIG
    | {"--target": None, "--check": False, "--format": None, "--json": False, "--debug": False},
    "warm": CONFIG
    | {
        "--top": None, "--all": False, "--live": False, "--from": None, "--rate": 4.0,
        "--json": False,
        "--quiet -q": False, "--debug": False,
    },
    "changes": CONFIG
    | {"--since": None, "--json": False, "--debug": False},
    "purge": ROOT
    | {
        "--tag": None, "--page": None, "--all": False, "--changed": False, "--host": None,
        "--again-after": 0.0,
        "--quiet -q": False, "--debug": False,
    },
    "new site": {
        "--title": None, "--base-url -b": None, "--theme": None, "--target": None,
        "--kind": None, "--example": None, "--ci": None, "--yes -y": False, "--quiet -q": False,
        "--debug": False,
    },
    "new page": CONFIG
    | {
        "--title": None, "--deferred": False, "--section": False, "--kind": None, "--edit": False,
        "--debug": False,
    },
    "list": CONFIG
    | MOMENT
    | {
        "--target": None, "--deferred": False, "--critical": False, "--section": None,
        "--kind": None, "--term --tag": None, "--language": None, "--sort": "path",
        "--reverse": False, "--env-file": None, "--replay": None,
        "--json": False, "--csv": False, "--debug": False,
    },
    "check": CONFIG
    | MOMENT
    | {
        "--target": None, "--sample": None, "--external": False, "--ignore": None,
        "--replay": None,
        "--json": False, "--quiet -q": False, "--debug": False,
    },
    "config": CONFIG
    | {
        "--base-url -b": None, "--output-dir -o": None, "--target": None, "--schema": False,
        "--json": False, "--debug": False,
    },
    "clean": CONFIG
    | {"--cache": False, "--dry-run": False, "--quiet -q": False, "--debug": False},
    "theme list": CONFIG | {"--json": False, "--debug": False},
    "theme show": CONFIG | {"--json": False, "--debug": False},
    "theme diff": CONFIG | {"--debug": False},
    "theme eject": CONFIG | {"--debug": False},
}  # fmt: skip


def commands() -> Mapping[str, Any]:
    """Commands by name: `build`, `new site`. Typer brings a Click of its own, so their types have
    no public name."""
    return dict(_named(typer.main.get_command(command_line()), ""))


def _named(group: object, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, command in vars(group)["commands"].items():
        if "commands" in vars(command):
            yield from _named(command, f"{prefix}{name} ")
        else:
            yield prefix + name, command


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
