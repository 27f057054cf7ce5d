"""`ssg plan`."""

from __future__ import annotations

from pathlib import Path

from ssg.cli import options


def plan(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    target: options.TargetOption = None,
    drafts: options.DraftsOption = False,
    future: options.FutureOption = False,
    expired: options.ExpiredOption = False,
    json: options.JsonOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """List which pages are critical or deferred, and why. Writes nothing."""
    from ssg.build.inspect.dry_run import dry_run
    from ssg.build.inspect.route_checks import routes_of, routing
    from ssg.cli.console import out, print_json, print_table
    from ssg.cli.routing import print_routing

    project = options.read_project(root, config, target=target)
    with dry_run(project, options.build_options(project, drafts, future, expired)) as compiled:
        pages = list(compiled.site.all_pages())
        routes = routes_of(compiled)
    deferred = sum(bool(page.deferred) for page in pages)
    totals = {"pages": len(pages), "critical": len(pages) - deferred, "deferred": deferred}
    if json:
        decisions = [
            {
                "path": page.path,
                "kind": str(page.kind),
                "source": page.source,
                "deferred": bool(page.deferred),
                "ttl": page.ttl_seconds,
                "stale": page.stale_seconds,
                "cache_tags": page.cache_tags.split(),
                "reason": page.reason,
            }
            for page in pages
        ]
        print_json({"totals": totals, "routing": routing(routes), "pages": decisions})
        return
    rows = [
        (
            page.path,
            "deferred" if page.deferred else "critical",
            _ttl(page.ttl_seconds),
            page.reason,
        )
        for page in pages
    ]
    print_table(rows, ("page", "plan", "ttl", "reason"))
    out.print(f"\n{totals['critical']:,} critical, {totals['deferred']:,} deferred")
    print_routing(routes)


def _ttl(seconds: int | None) -> str:
    return f"{seconds} s" if seconds else ""
