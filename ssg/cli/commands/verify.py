"""`ssg verify`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import options
from ssg.model.pluralize import counted

if TYPE_CHECKING:
    from ssg.build.inspect.verify import VerifyInputs
    from ssg.config.load import Project
    from ssg.model.queries.site import Site

SampleOption = Annotated[
    int | None, typer.Option("--sample", min=1, help="Compare this number of pages instead of all.")
]


def verify(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    sample: SampleOption = None,
    replay: options.ReplayOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Render deferred pages here and in the emitted function, and compare the bytes.

    Uses the results of the last `ssg build`. With `--replay`, live pages are compared, too: those
    of which all answers are recorded.
    """
    from contextlib import ExitStack

    from ssg.build.inspect.verify import compare, open_built, paths_to_verify
    from ssg.build.layout import Layout
    from ssg.cli.console import out, print_json
    from ssg.cli.progress import ProgressDisplay
    from ssg.targets.load_target import target_for

    project = options.read_project(root, config)
    layout = Layout.of(project)
    target = target_for(project.settings.target)
    hosts, output, data = layout.hosts_dir, layout.output, _data(project, replay)
    differences = []
    with ExitStack() as stack:
        if replay:
            from ssg.build.inspect.replay_function import replay_function

            hosts, output = stack.enter_context(replay_function(hosts, output, data.bring))
        site, function = open_built(layout.database, target.local_function(hosts, output))
        stack.enter_context(function)
        live = _recorded(site, replay, data) if replay else []
        pages = paths_to_verify([*site.deferred_paths(), *live], sample)
        headers = target.routes(project.root, (), ()).deferred_headers
        progress = stack.enter_context(ProgressDisplay(quiet=quiet or json))
        progress.begin("verify", len(pages))
        for difference in compare(site, pages, function.answer, function.host, headers, data):
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


def _recorded(site: Site, replay: Path, data: VerifyInputs) -> list[str]:
    """Live pages of which all answers are recorded; the others are counted.

    Those that are files of the deploy are no pages of the function.
    """
    from ssg.build.inspect.recorded_pages import recorded_paths
    from ssg.build.inspect.verify import complete_recordings
    from ssg.cli.console import err

    files = {page.path for page in site.critical_live_pages()}
    paths = [one for one in recorded_paths(site.settings.routes, replay) if one not in files]
    complete = complete_recordings(site, paths, data)
    if missing := len(paths) - len(complete):
        err.print(f"{counted(missing, 'live page')} left out: not all answers are recorded")
    return complete


def _data(project: Project, replay: Path | None) -> VerifyInputs:
    """Both runtimes see the variables of this process."""
    from ssg.build.inspect.verify import VerifyInputs

    environment = options.environment(project)
    env = environment.visible_values if environment else {}
    if not replay:
        return VerifyInputs(env=env)
    from ssg.sources.recorded import ReplayShell

    return VerifyInputs(ReplayShell(replay).bring, env)
