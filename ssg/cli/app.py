"""The command line. Commands import what they need when they run: `ssg --help` stays quick."""

from __future__ import annotations

import os
import sys

import typer

from ssg.cli.build import build
from ssg.cli.check import check
from ssg.cli.clean import clean
from ssg.cli.config import config
from ssg.cli.explain import explain
from ssg.cli.import_ import import_
from ssg.cli.list import list_
from ssg.cli.new import new
from ssg.cli.plan import plan
from ssg.cli.purge import purge
from ssg.cli.redirects import redirects
from ssg.cli.serve import serve
from ssg.cli.theme import theme
from ssg.cli.verify import verify
from ssg.cli.warm import warm

app = typer.Typer(
    name="ssg",
    help="A static site generator with deferred rendering.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        import ssg

        typer.echo(f"ssg {ssg.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", "-V", callback=_version, is_eager=True, help="Print the version."
    ),
) -> None:
    """A static site generator with deferred rendering."""


app.add_typer(new, name="new")
app.command()(build)
app.command("import")(import_)
app.command()(serve)
app.command()(plan)
app.command()(explain)
app.command()(verify)
app.command()(redirects)
app.command()(warm)
app.command()(purge)
app.command("list")(list_)
app.command()(check)
app.command()(config)
app.command()(clean)
app.add_typer(theme, name="theme")


def main() -> None:
    """Run a command. Problems go to standard error, all of them; the exit status is then 1."""
    from ssg.model.errors import SsgError

    try:
        app()
    except SsgError as error:
        from ssg.cli.screen import print_problems

        if "--debug" in sys.argv or os.environ.get("SSG_DEBUG"):
            raise
        print_problems(error.problems, as_json="--json" in sys.argv)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
