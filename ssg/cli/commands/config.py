"""`ssg config`."""

from __future__ import annotations

import json as json_text
from pathlib import Path
from typing import Annotated, Any

import typer

from ssg.cli import completion, options

KeyArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="[KEY]",
        help="A key or a table: deferred.ttl, markdown.",
        autocompletion=completion.keys,
    ),
]
SchemaOption = Annotated[
    bool, typer.Option("--schema", help="Print the JSON Schema of ssg.toml, for editors.")
]


def config(
    key: KeyArgument = None,
    root: options.RootOption = Path(),
    file: options.ConfigOption = None,
    base_url: options.BaseUrlOption = None,
    output_dir: options.OutputDirOption = None,
    target: options.TargetOption = None,
    schema: SchemaOption = False,
    json: options.JsonOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """List every setting with its value and its origin."""
    from ssg.cli.console import print_json, print_table
    from ssg.config.json_schema import config_schema
    from ssg.config.origins import chosen, explain_settings

    if schema:
        print_json(config_schema())
        return
    overrides = options.overrides(base_url, output_dir, target)
    settings = explain_settings(root, file, overrides)
    found = settings if key is None else chosen(settings, key)
    if json:
        print_json({one.key: {"value": one.value, "origin": one.origin} for one in found})
    elif key is not None and [one.key for one in found] == [key]:
        typer.echo(_plain(found[0].value))
    else:
        rows = [(one.key, _written(one.value), one.origin) for one in found]
        print_table(rows, ("key", "value", "from"))


def _plain(value: Any) -> str:
    """A value for scripts: a string without quotes; nothing if it is not set."""
    return value if isinstance(value, str) else "" if value is None else _written(value)


def _written(value: Any) -> str:
    """A value much as in TOML; `-` if it is not set."""
    return "-" if value is None else json_text.dumps(value, ensure_ascii=False, default=str)
