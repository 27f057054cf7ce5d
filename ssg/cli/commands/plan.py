"""`ssg plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ssg.cli import options
from ssg.model.images.picture import Picture
from ssg.model.page import Page

if TYPE_CHECKING:
    from ssg.build.inspect.live_routes import RouteFacts


def plan(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    target: options.TargetOption = None,
    drafts: options.DraftsOption = False,
    future: options.FutureOption = False,
    expired: options.ExpiredOption = False,
    env_file: options.EnvFileOption = None,
    replay: options.ReplayOption = None,
    json: options.JsonOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """List which pages are critical or deferred, and why. Writes nothing."""
    from ssg.build.inspect.dry_run import dry_run
    from ssg.build.inspect.live_routes import route_facts
    from ssg.build.inspect.route_checks import routes_of, routing
    from ssg.cli.console import out, print_json, print_table, print_warnings
    from ssg.cli.routing import print_routing

    project = options.read_project(root, config, target=target)
    include = drafts, future, expired
    chosen = options.build_options(project, *include, env_files=env_file or (), replay=replay)
    with dry_run(project, chosen) as compiled:
        pages = list(compiled.site.all_pages())
        routes, live = routes_of(compiled), route_facts(compiled.site)
        pictures = list(compiled.site.pictures())
    print_warnings([*compiled.unanswered, *compiled.warnings])
    deferred = sum(bool(page.deferred) for page in pages)
    live_pages = sum(one.critical for one in live)
    totals = {
        "pages": len(pages) + live_pages,
        "critical": len(pages) - deferred + live_pages,
        "deferred": deferred,
        "live": live_pages,
    }
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
        facts = [one.to_json() for one in live]
        report = {"totals": totals, "routing": routing(routes), "routes": facts}
        print_json({**report, "pages": decisions, "pictures": list(map(_picture_facts, pictures))})
        return
    print_table(*_table(pages))
    if live:
        out.print()
        print_table(*_routes(live))
    if pictures:
        out.print()
        print_table(*_pictures(pictures))
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


def _routes(live: list[RouteFacts]) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """The rows and the titles of the table of routes."""
    titles = "route", "ttl", "stale", "known", "critical", "narrower routes", "pages inside"
    rows: list[tuple[str, ...]] = [
        (
            one.route.path,
            _seconds(one.route.ttl_seconds),
            _seconds(one.route.stale_seconds),
            f"{one.known:,}",
            f"{one.critical:,}",
            " ".join(one.beaten_by),
            _inside(one),
        )
        for one in live
    ]
    return rows, titles


def _picture_facts(picture: Picture) -> dict[str, object]:
    names = ("path", "source", "width", "height", "format", "deferred", "reason", "problem")
    return {name: getattr(picture, name) for name in names}


def _pictures(pictures: list[Picture]) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """The rows and the titles of the table of pictures."""
    plans = {None: "by use", False: "critical", True: "deferred"}
    rows: list[tuple[str, ...]] = [
        (
            one.path,
            f"{one.width} x {one.height} {one.format}" if one.format else "",
            plans[one.deferred] if one.has_variants else "as it is",
            one.reason_for_none or one.reason,
        )
        for one in pictures
    ]
    return rows, ("picture", "size", "plan", "reason")


def _inside(facts: RouteFacts) -> str:
    """The pages of the site that a pattern matches. They come first."""
    more = facts.pages - len(facts.examples)
    return ", ".join(facts.examples) + (f" and {more:,} more" if more else "")


def _seconds(seconds: int | None) -> str:
    return "" if seconds is None else f"{seconds} s"
