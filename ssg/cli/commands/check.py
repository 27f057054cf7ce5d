"""`ssg check`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import options
from ssg.model.pluralize import counted

if TYPE_CHECKING:
    from ssg.check.finding import CheckReport, Coverage

TITLES = {
    "render": "pages that cannot be rendered",
    "dead-link": "dead links",
    "dead-anchor": "links to anchors that do not exist",
    "missing-file": "missing files",
    "redirected-link": "links that redirect",
    "image-without-alt": "images without alt",
    "broken-image": "broken images",
    "large-image": "images that are larger than they are shown",
    "duplicate-id": "ids that occur twice",
    "source": "front matter and files",
    "redirect": "redirect rules and aliases",
    "external-link": "links to other sites",
}

SampleOption = Annotated[
    int | None,
    typer.Option("--sample", min=0, help="Check this number of deferred pages instead of all."),
]
ExternalOption = Annotated[
    bool, typer.Option("--external", help="Also check links to other sites.")
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option("--ignore", help="A glob of URLs or paths to skip; can be repeated."),
]


def check(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    target: options.TargetOption = None,
    drafts: options.DraftsOption = False,
    future: options.FutureOption = False,
    expired: options.ExpiredOption = False,
    sample: SampleOption = None,
    external: ExternalOption = False,
    ignore: IgnoreOption = None,
    replay: options.ReplayOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,
) -> None:
    """Find dead links, missing files and other faults on every page, deferred ones included.

    Ends with status 1 if there are any, and with 2 if the configuration cannot be used. Links that
    only redirect do not count.
    """
    import time

    from ssg.build.inspect.dry_run import dry_run
    from ssg.check.external_links import status_fetcher
    from ssg.check.run import CheckOptions
    from ssg.check.run import check as run
    from ssg.cli.console import print_problems
    from ssg.cli.progress import ProgressDisplay
    from ssg.model.errors import ConfigError

    start = time.perf_counter()
    try:
        project = options.read_project(root, config, target=target)
    except ConfigError as error:
        if debug:
            raise
        print_problems(error.problems, as_json=json)
        raise typer.Exit(2) from error
    ask = status_fetcher(project.settings.link_checker.timeout_seconds) if external else None
    chosen = options.build_options(project, drafts, future, expired, asks_sources=False)
    with dry_run(project, chosen) as compiled, ProgressDisplay(quiet=quiet or json) as progress:
        report = run(compiled, CheckOptions(sample, tuple(ignore or ()), replay, ask), progress)
    _print_report(report, time.perf_counter() - start, as_json=json, quiet=quiet)
    if not all(one.kind.is_warning for one in report.findings):
        raise typer.Exit(1)


def _print_report(report: CheckReport, seconds: float, *, as_json: bool, quiet: bool) -> None:
    from dataclasses import asdict

    from ssg.cli.console import err, out, print_json

    if as_json:
        findings = [finding.to_json() for finding in report.findings]
        print_json({"coverage": asdict(report.coverage), "findings": findings})
        return
    for kind, found in groupby(report.findings, lambda finding: finding.kind):
        out.print(f"[bold]{TITLES[kind]}[/]")
        for finding in found:
            out.print(f"  {finding}", markup=False)
        out.print()
    if not quiet:
        err.print(f"{_coverage_text(report.coverage)} in {seconds:.2f} s")
        count = len(report.findings)
        err.print(counted(count, "finding") if count else "no findings")


def _coverage_text(coverage: Coverage) -> str:
    """What was checked, in numbers."""
    deferred = counted(coverage.deferred, "deferred page")
    if coverage.deferred != coverage.deferred_in_all:
        deferred = f"{coverage.deferred:,} of {coverage.deferred_in_all:,} deferred pages"
    live = f" and {counted(coverage.live, 'live page')}" if coverage.live else ""
    pages = f"{coverage.critical:,} critical and {deferred}{live}"
    text = f"checked {pages} with {coverage.links:,} links"
    if not coverage.external:
        return text
    if not coverage.asked:
        return f"{text}, but not {coverage.external:,} to other sites"
    refused = f", of which {coverage.refused:,} were refused" if coverage.refused else ""
    return f"{text} and {coverage.asked:,} to other sites{refused}"
