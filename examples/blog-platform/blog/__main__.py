"""The commands of the platform: `python -m blog start`."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # what commands import when they run, so that `--help` needs nothing
    from blog.platform import Platform

app = typer.Typer(
    name="blog",
    help="A blogging platform. Settings are variables of the environment: see README.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

UserArgument = Annotated[str, typer.Argument(metavar="USER", help="The name of the user.")]


@app.command()
def start(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port; 0 chooses a free one.")] = 8010,
) -> None:
    """Start everything in one process, on SQLite, with a few users and posts.

    What is missing is made in `.data/`: secrets, the database, the cache of pages.
    """
    from blog.start import start

    raise typer.Exit(start(host, port, os.environ))


@app.command()
def migrate() -> None:
    """Bring the database to the present schema. The API does this when it starts."""
    from blog.migrate import migrate

    with _platform() as platform:
        names = migrate(platform.database)
    print("\n".join(names) or "The database is up to date.")


@app.command()
def demo() -> None:
    """Fill an empty database with users and posts; prints the passwords, once."""
    from blog.demo.fill import fill
    from blog.migrate import migrate

    with _platform() as platform:
        migrate(platform.database)
        passwords = fill(platform)
    for user, password in passwords.items():
        print(f"{user:8} {password}")
    if not passwords:
        print("There are users already: nothing has been changed.")


@app.command()
def make_admin(user: UserArgument) -> None:
    """Let somebody moderate: hide posts, suspend accounts."""
    from blog.accounts.commands import make_admin

    with _platform() as platform:
        make_admin(platform, user)
    print(f"{user} is an administrator from the next log-in on.")


@app.command()
def set_password(user: UserArgument) -> None:
    """Set a new password, read from the terminal or standard input, and end all sessions."""
    from blog.accounts.commands import set_password

    if sys.stdin.isatty():
        password = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    with _platform() as platform:
        set_password(platform, user, password)
    print(f"{user} has a new password. All sessions have ended.")


@app.command()
def import_reads(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="data/popular.json, which ssg popular writes.")
    ],
) -> None:
    """Say how often posts are read, by what `ssg popular` has counted in access logs."""
    from blog.posts.reads import import_reads
    from ssg.popularity.popular_pages import read_popular

    popular = read_popular(file)
    with _platform() as platform:
        count = import_reads(platform, popular)
    print(f"{count:,} posts have readers.")


@app.command()
def openapi(
    server: Annotated[
        str, typer.Option(help="The address of the API.", envvar="SITE_URL")
    ] = "http://127.0.0.1:8010",
) -> None:
    """Print the description of the API, in OpenAPI 3.1, as `/api/openapi.json` has it."""
    from blog.api.openapi import document
    from blog.app import endpoints

    print(json.dumps(document(endpoints(), server), indent=1))


@contextmanager
def _platform() -> Iterator[Platform]:
    """The platform of the environment, without a server."""
    from blog.database import Database
    from blog.local_settings import local_environment
    from blog.platform import Platform
    from blog.settings import read_settings

    variables: Mapping[str, str] = os.environ
    if not variables.get("DATABASE_URL"):  # that of `python -m blog start`
        variables = local_environment(variables)
    settings = read_settings(variables)
    database = Database(settings.database_url)
    try:
        yield Platform(settings, database)
    finally:
        database.close()


def main() -> None:
    """Run a command. If it fails, say why on standard error and exit with status 1."""
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.WARNING)
    folder = Path(__file__).parents[1]
    try:
        from sqlalchemy.exc import SQLAlchemyError

        from blog.refusal import RefusalError
        from blog.settings import SettingsError
        from ssg.model.errors import SsgError
    except ModuleNotFoundError as error:
        sys.exit(_missing(error, folder))
    try:
        app()
    except ModuleNotFoundError as error:
        sys.exit(_missing(error, folder))
    except RefusalError as error:
        sys.exit(f"error: {' '.join(error.fields.values()) or error.message}")
    except (SettingsError, SsgError) as error:
        sys.exit(f"error: {error}")
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        sys.exit(f"error: the database of DATABASE_URL cannot be used: {reason}")


def _missing(error: ModuleNotFoundError, folder: Path) -> str:
    return (
        f"error: the package {error.name} is not installed\n"
        f"  pip install 'ssg[server]' -r {folder / 'requirements.txt'}"
    )


if __name__ == "__main__":
    main()
