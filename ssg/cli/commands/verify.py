"""`ssg verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssg.cli import options
from ssg.model.pluralize import counted

SampleOption = Annotated[
    int | None, typer.Option("--sample", min=1, help="Compare this number of pages instead of all.")
]


def verify(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    sample: SampleOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Render deferred pages here and in the emitted function, and compare the bytes.

    Uses the results of the last `ssg build`.
    """
    from ssg.build.inspect.verify import compare, open_built, pages_to_verify
    from ssg.build.layout import Layout
    from ssg.cli.console import out, print_json
    from ssg.cli.progress import ProgressDisplay
    from ssg.targets.load_target import target_for

    project = options.read_project(root, config)
    layout = Layout.of(project)
    target = target_for(project.settings.target)
    emitted = target.local_function(layout.hosts_dir, layout.output)
    site, function = open_built(layout.database, emitted)
    pages = pages_to_verify(site, sample)
    headers = target.routes(project.root, (), ()).deferred_headers
    differences = []
    with (
        function,
        ProgressDisplay(quiet=quiet or json) as progress,
    ):
        progress.begin("verify", len(pages))
        for difference in compare(site, pages, function.answer, function.host, headers):
            progress.advance(1)
            if difference:
                differences.append(difference)
    if json:
        found = [{"path": d.path, "diff": d.diff} for d in differences]
        print_json({"compared": len(pages), "differences": found})
    else:
        for difference in differences:
            out.print(difference.diff, markup=False)
        if not quiet or differences:
            out.print(f"{counted(len(pages), 'page')} compared, {len(differences):,} differ")
    if differences:
        raise typer.Exit(1)
