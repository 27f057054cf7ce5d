"""`ssg plan`."""

from __future__ import annotations

from pathlib import Path

from ssg.cli import options
from ssg.model.page import Page


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
    print_table(*_table(pages))
    out.print(f"\n{totals['critical']:,} critical, {totals['deferred']:,} deferred")
    print_routing(routes)


def _table(pages: list[Page]) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """The rows and the titles. Columns that few sites have are shown if a page has a value."""
    columns = {
        "page": [page.path for page in pages],
        "plan": ["deferred" if page.deferred else "critical" for page in pages],
        "ttl": [_seconds(page.ttl_seconds) for page in pages],
        "stale": [_seconds(page.stale_seconds) for page in pages],
        "cache tags": [page.cache_tags for page in pages],
        "reason": [page.reason for page in pages],
    }
    shown = {
        title: column
        for title, column in columns.items()
        if any(column) or title not in {"stale", "cache tags"}
    }
    return list(zip(*shown.values(), strict=True)), tuple(shown)


def _seconds(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds} s"
