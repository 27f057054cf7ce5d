"""`ssg clean`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import options
from ssg.model.pluralize import counted

if TYPE_CHECKING:
    from ssg.build.publish.clean import Removal

CacheOption = Annotated[bool, typer.Option("--cache", help="Remove only caches.")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="List what would be removed, and remove nothing.")
]


def clean(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    cache: CacheOption = False,
    dry_run: DryRunOption = False,
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Remove what ssg has written; your own files stay."""
    from ssg.build.layout import Layout
    from ssg.build.publish.clean import clean as run

    layout = Layout.of(options.read_project(root, config))
    removal = run(layout, caches_only=cache, dry_run=dry_run)
    if not quiet:
        _print(removal, dry_run=dry_run)


def _print(removal: Removal, *, dry_run: bool) -> None:
    from ssg.cli.console import err, out

    verb = "would remove" if dry_run else "removed"
    for output, files in removal.outputs.items():
        if files:
            out.print(f"{verb} {counted(len(files), 'file')} in {output}", markup=False)
    for folder in removal.folders:
        out.print(f"{verb} {folder}", markup=False)
    if not removal.files and not removal.folders:
        out.print("there is nothing to remove")
    for folder in removal.left:
        err.print(f"left {folder}: it is outside of the project", markup=False)
    for file in removal.kept:
        err.print(f"kept {file}: ssg did not write it", markup=False)
