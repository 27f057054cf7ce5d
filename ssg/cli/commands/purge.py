"""`ssg purge`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssg.cli import completion, options

PathsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH...", help="URL paths or whole URLs.", autocompletion=completion.pages
    ),
]
AllOption = Annotated[bool, typer.Option("--all", help="Remove every page.")]


def purge(
    paths: PathsArgument = None,
    everything: AllOption = False,
    root: options.RootOption = Path(),
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Remove deferred pages from the cache of `ssg serve`, which may be running."""
    from rich.markup import escape

    from ssg.build.layout import Layout
    from ssg.cli.console import err, out
    from ssg.edge import purge as edge

    if bool(paths) == everything:
        raise typer.BadParameter("give paths or --all")
    cache_dir = Layout.for_preview(root.resolve()).cache
    if everything:
        removed = edge.purge_all(cache_dir, lambda text: err.print(escape(text)))
        lines = [f"{removed:,} cached responses removed"]
    else:
        found = edge.purge(cache_dir, paths or (), lambda text: err.print(escape(text)))
        lines = [f"{path}: {'removed' if n else 'was not cached'}" for path, n in found.items()]
    for line in lines if not quiet else ():
        out.print(line, markup=False)
