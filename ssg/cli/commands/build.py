"""`ssg build`."""

from __future__ import annotations

import json as json_text
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssg.cli import options

if TYPE_CHECKING:
    from ssg.build.layout import Layout
    from ssg.build.report import BuildReport
    from ssg.build.stages import Observer
    from ssg.fingerprint.tag_table.changes import EarlierTable

_HINT = "Everything counts as changed. The first deploy of a site has no earlier table"
_NO_PLACE: dict[str, Any] = {"where": None, "hint": _HINT, "pages": []}


def build(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    base_url: options.BaseUrlOption = None,
    output_dir: options.OutputDirOption = None,
    target: options.TargetOption = None,
    drafts: options.DraftsOption = False,
    future: options.FutureOption = False,
    expired: options.ExpiredOption = False,
    strict: options.StrictOption = False,
    since: options.SinceOption = None,
    env_file: options.EnvFileOption = None,
    json: options.JsonOption = False,
    no_cache: options.NoCacheOption = False,
    profile: options.ProfileOption = False,
    flame: options.FlameOption = None,
    quiet: options.QuietOption = False,
    verbose: options.VerboseOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Render the critical pages, and package the deferred ones for their host."""
    from ssg.build.incremental.up_to_date import build_fingerprint, report_if_up_to_date
    from ssg.build.layout import Layout

    started = time.perf_counter()
    project = options.read_project(root, config, base_url, output_dir, target)
    layout = Layout.of(project)
    include = drafts, future, expired
    chosen = options.build_options(
        project, *include, strict, no_cache=no_cache, env_files=env_file or ()
    )
    fingerprint = build_fingerprint(project, chosen.key)
    earlier = _earlier(since) if since else None
    if fingerprint and not (no_cache or profile or flame):
        last = report_if_up_to_date(layout, fingerprint, chosen.now)
        if last is not None:
            if earlier is not None and last["changes"] is not None:
                last = {**last, "changes": _compare(layout, earlier)}
            _print_unchanged(last, started, as_json=json, quiet=quiet)
            return
    from ssg.build.pipeline import build as run

    chosen = replace(
        chosen,
        fingerprint=fingerprint,
        profile=profile,
        processes=1 if flame else None,
        since=earlier,
    )
    with _progress(quiet=quiet or json, verbose=verbose) as progress, _flames(flame):
        report = run(project, layout, chosen, progress)
    if json:
        sys.stdout.write(json_text.dumps(report.to_json(), indent=2, ensure_ascii=False) + "\n")
    elif not quiet:
        _print(report, verbose=verbose)


def _earlier(since: str) -> EarlierTable:
    """The tag table to compare with; warns if it is unknown."""
    from ssg.deploy.earlier_table import earlier_table

    earlier = earlier_table(since)
    if earlier.table is None:
        _print_warnings([{"message": f"no tag table of {since}: {earlier.problem}", **_NO_PLACE}])
    return earlier


def _compare(layout: Layout, earlier: EarlierTable) -> dict[str, Any]:
    """Compare a build that is up to date."""
    from ssg.build.report import changes_json
    from ssg.deploy.site_changes import rewrite_changes

    return changes_json(rewrite_changes(layout, earlier).changes)


def _progress(*, quiet: bool, verbose: bool) -> AbstractContextManager[Observer]:
    if quiet:  # Rich is not imported
        from ssg.build.stages import Silent

        return nullcontext(Silent())
    from ssg.cli.progress import ProgressDisplay

    return ProgressDisplay(verbose=verbose)


def _print(report: BuildReport, *, verbose: bool) -> None:
    from ssg.cli.build_summary import print_report

    print_report(report, verbose=verbose)
    if report.profile:
        from ssg.cli.profile_report import print_profile

        print_profile(report.profile)


def _flames(file: Path | None) -> AbstractContextManager[None]:
    if file is None:
        return nullcontext()
    from ssg.cli.flame_graph import flame_graph

    return flame_graph(file)


def _print_unchanged(report: dict[str, Any], started: float, *, as_json: bool, quiet: bool) -> None:
    """Print that nothing has changed, with the warnings of the last build."""
    if as_json:
        images = report["images"]
        images = {**images, "made": 0, "kept": images["made"] + images["kept"]}
        pages = {"rendered": 0, "kept": report["critical"], "read": 0}
        kept = {**pages, "images": images, "stages": {}}
        seconds = time.perf_counter() - started
        sys.stdout.write(json_text.dumps({**report, **kept, "seconds": seconds}, indent=2) + "\n")
    elif not quiet:
        if report["warnings"]:
            _print_warnings(report["warnings"])
        sys.stdout.write(f"nothing has changed since build {report['build_id']}\n")


def _print_warnings(warnings: list[dict[str, Any]]) -> None:
    from ssg.cli.console import print_warnings as print_all
    from ssg.model.errors import Location, Problem

    def problem(one: dict[str, Any]) -> Problem:
        where = Location(**one["where"]) if one["where"] else None
        return Problem(one["message"], where, one["hint"], tuple(one["pages"]))

    print_all(map(problem, warnings))
