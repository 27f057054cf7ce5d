"""`ssg warm`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import options

if TYPE_CHECKING:
    from ssg.build.inspect.warm import WarmedPage

NEWEST = 100
SHOWN = 5

UrlArgument = Annotated[str, typer.Argument(metavar="URL", help="The address of the site.")]
TopOption = Annotated[
    int | None,
    typer.Option(
        "--top", min=1, help="The number of pages, newest first.", show_default=str(NEWEST)
    ),
]
AllOption = Annotated[bool, typer.Option("--all", help="Every deferred page.")]
LiveOption = Annotated[
    bool, typer.Option("--live", help="Live pages that the build knows, and that are no files.")
]
FromOption = Annotated[
    Path | None, typer.Option("--from", help="A file with a path on each line, or a manifest.")
]
RateOption = Annotated[
    float,
    typer.Option("--rate", min=0.1, max=1000, help="The greatest number of requests a second."),
]


def warm(
    url: UrlArgument,
    top: TopOption = None,
    everything: AllOption = False,
    live: LiveOption = False,
    file: FromOption = None,
    rate: RateOption = 4.0,
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Request the deferred pages of a deployed site, so that no visitor waits for one.

    The pages are those of the last `ssg build`, or of the file.
    """
    from ssg.build.inspect.warm import (
        listed_paths,
        live_paths,
        manifest_paths,
        newest_paths,
        page_requester,
    )
    from ssg.build.inspect.warm import warm as run
    from ssg.build.layout import Layout
    from ssg.build.publish.publish_folder import file_names
    from ssg.cli.console import print_json
    from ssg.cli.progress import ProgressDisplay
    from ssg.targets.load_target import target_for

    if sum((top is not None, everything, live, file is not None)) > 1:
        raise typer.BadParameter("give one of --top, --all, --live and --from")
    render_seconds = None
    if file is not None:
        paths = listed_paths(file)
    else:
        project = options.read_project(root, config)
        layout = Layout.of(project)
        target = target_for(project.settings.target, package=False)
        render_seconds = target.capabilities.seconds
        if live:
            paths = live_paths(layout.database, set(file_names(layout.output)))
        elif everything:
            paths = manifest_paths(layout.manifest)
        else:
            paths = newest_paths(layout.database, top or NEWEST)
    ask = page_requester(url, render_seconds)
    answers = []
    with ProgressDisplay(quiet=quiet or json) as progress:
        progress.begin("warm", len(paths))
        for answer in run(paths, rate, ask):
            answers.append(answer)
            progress.advance(1)
    if json:
        print_json([asdict(answer) for answer in answers])
    else:
        _print_summary(answers, quiet)
    if not all(answer.is_good for answer in answers):
        raise typer.Exit(1)


def _print_summary(answers: Sequence[WarmedPage], quiet: bool) -> None:
    from ssg.cli.console import err, out, print_table

    for answer in answers:
        if not answer.is_good:
            err.print(f"{answer.path}: {answer.status or answer.outcome}", markup=False)
    if quiet:
        return
    good = sum(answer.is_good for answer in answers)
    out.print(f"{good:,} of {len(answers):,} pages answered")
    slowest = sorted(answers, key=lambda answer: answer.seconds, reverse=True)[:SHOWN]
    rows = [
        ("status", _counted(str(answer.status or "none") for answer in answers)),
        ("cache", _counted(answer.outcome for answer in answers if answer.status)),
        *(("slowest", f"{answer.seconds * 1000:.0f} ms {answer.path}") for answer in slowest),
    ]
    print_table(rows)


def _counted(words: Iterable[str]) -> str:
    counts = Counter(words)
    return ", ".join(f"{word} {count:,}" for word, count in counts.most_common())
