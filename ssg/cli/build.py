"""`ssg build`."""

from __future__ import annotations

from pathlib import Path

from ssg.cli import options


def build(
    root: options.Root = Path(),
    config: options.Config = None,
    base_url: options.BaseUrl = None,
    output_dir: options.OutputDir = None,
    target: options.TargetName = None,
    drafts: options.Drafts = False,
    future: options.Future = False,
    expired: options.Expired = False,
    strict: options.Strict = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    debug: options.Debug = False,  # noqa: ARG001 read by main()
) -> None:
    """Render the critical pages, and package the deferred ones for their host."""
    from ssg.build.layout import Layout
    from ssg.build.pipeline import build as run
    from ssg.cli.screen import Watching, print_json, print_report

    project = options.read_project(root, config, base_url, output_dir, target)
    wanted = options.build_options(project, drafts, future, expired, strict)
    with Watching(quiet=quiet or json, verbose=verbose) as watching:
        report = run(project, Layout.of(project), wanted, watching)
    if json:
        print_json(report.to_json())
    elif not quiet:
        print_report(report, verbose=verbose)
