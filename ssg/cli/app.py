"""The command line. Commands import what they need when they run: `ssg --help` stays quick."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Iterable
from pkgutil import resolve_name

import typer

COMMANDS = {
    "new": "ssg.cli.commands.new:new",
    "build": "ssg.cli.commands.build:build",
    "import": "ssg.cli.commands.import_:import_",
    "serve": "ssg.cli.commands.serve:serve",
    "start": "ssg.cli.commands.start:start",
    "plan": "ssg.cli.commands.plan:plan",
    "popular": "ssg.cli.commands.popular:popular",
    "explain": "ssg.cli.commands.explain:explain",
    "verify": "ssg.cli.commands.verify:verify",
    "redirects": "ssg.cli.commands.redirects:redirects",
    "warm": "ssg.cli.commands.warm:warm",
    "changes": "ssg.cli.commands.changes:changes",
    "draft": "ssg.cli.commands.draft:draft",
    "purge": "ssg.cli.commands.purge:purge",
    "list": "ssg.cli.commands.list:list_",
    "check": "ssg.cli.commands.check:check",
    "config": "ssg.cli.commands.config:config",
    "clean": "ssg.cli.commands.clean:clean",
    "theme": "ssg.cli.commands.theme:theme",
}
"""The function or the Typer app of each command."""


def _version(is_given: bool) -> None:
    if is_given:
        import ssg

        typer.echo(f"ssg {ssg.__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(
        False, "--version", "-V", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """A static site generator with deferred rendering."""


def command_line(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Make `ssg` with these commands. To load all of them is half of the time of a start."""
    app = typer.Typer(
        name="ssg",
        help="A static site generator with deferred rendering.",
        no_args_is_help=True,
        add_completion=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_root,
    )
    for name in names:
        command = resolve_name(COMMANDS[name])
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app


def main() -> None:
    """Run a command. If it fails, print all problems to standard error and exit with status 1."""
    from ssg.model.errors import SsgError

    atexit.register(gc.freeze)  # no last search for garbage: the process ends anyway
    arguments = sys.argv[1:2]
    try:
        command_line(arguments if arguments and arguments[0] in COMMANDS else COMMANDS)()
    except SsgError as error:
        from ssg.cli.console import print_problems

        if "--debug" in sys.argv or os.environ.get("SSG_DEBUG"):
            raise
        print_problems(error.problems, as_json="--json" in sys.argv)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except SystemExit:
        raise
    except BaseException as error:
        from ssg.build.publish.faults import fault_problem
        from ssg.cli.console import print_problems

        problem = fault_problem(error)
        if problem is None or "--debug" in sys.argv or os.environ.get("SSG_DEBUG"):
            raise
        print_problems([problem], as_json="--json" in sys.argv)
        sys.exit(1)
