"""`ssg explain URL`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import completion, options

if TYPE_CHECKING:
    from ssg.build.inspect.dry_run import Explanation
    from ssg.build.inspect.explain_picture import PictureExplanation
    from ssg.build.inspect.live_routes import LiveExplanation


def explain(
    page: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            help="A URL, a path or a source file of a page, or of a picture.",
            autocompletion=completion.pages,
        ),
    ],
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    target: options.TargetOption = None,
    drafts: options.DraftsOption = False,
    future: options.FutureOption = False,
    expired: options.ExpiredOption = False,
    json: options.JsonOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Show the source of a page, a route or a picture, whether it is deferred, and why."""
    from ssg.build.inspect.dry_run import dry_run
    from ssg.build.inspect.explain_picture import explain_picture
    from ssg.build.inspect.live_routes import LiveExplanation, explain_any

    project = options.read_project(root, config, target=target)
    chosen = options.build_options(project, drafts, future, expired, asks_sources=False)
    with dry_run(project, chosen) as compiled:
        if picture := explain_picture(compiled, page):
            _print_picture(picture, as_json=json)
            return
        found = explain_any(compiled, page)
        if isinstance(found, LiveExplanation):
            _print_live(found, as_json=json)
        else:
            _print_page(found, as_json=json)


def _print_page(found: Explanation, *, as_json: bool) -> None:
    from ssg.cli.console import print_json, print_table

    facts = {
        "url": found.permalink,
        "path": found.page.path,
        "kind": str(found.page.kind),
        "source": f"content/{found.page.source}" if found.page.source else None,
        "maker": str(found.maker) if found.maker else None,
        "templates": list(found.templates),
        "deferred": bool(found.page.deferred),
        "reason": found.page.reason,
        "ttl": found.page.ttl_seconds,
        "stale": found.page.stale_seconds,
        "cache_tags": found.page.cache_tags.split(),
        "rule": str(found.rule) if found.rule else None,
        "bytes": found.size,
        "requests": found.requests,
        "tags": dict(found.tags),
    }
    if as_json:
        print_json(facts)
        return
    facts["templates"] = " < ".join(found.templates)
    facts["deferred"] = "deferred" if found.page.deferred else "critical"
    facts["cache_tags"] = found.page.cache_tags or None
    del facts["tags"]
    names = {
        "maker": "made by", "deferred": "plan", "bytes": "size", "cache_tags": "cache tags",
    }  # fmt: skip
    units = {"ttl": " s", "stale": " s", "bytes": " bytes"}
    rows = [
        (names.get(key, key), f"{value}{units.get(key, '')}")
        for key, value in facts.items()
        if value is not None
    ]
    tags = [f"{tag}  {name}" if name != tag else tag for tag, name in found.tags.items()]
    print_table([*rows, *zip(["tags", *[""] * len(tags)], tags, strict=False)])


def _print_picture(found: PictureExplanation, *, as_json: bool) -> None:
    from ssg.cli.console import print_json, print_table

    picture = found.picture
    facts = {
        "url": found.permalink,
        "path": picture.path,
        "source": picture.source,
        "width": picture.width,
        "height": picture.height,
        "format": picture.format,
        "is_animated": picture.is_animated,
        "has_alpha": picture.has_alpha,
        "focus": picture.focus or None,
        "color": picture.color or None,
        "problem": picture.problem or None,
        "deferred": picture.deferred,
        "reason": picture.reason or None,
        "unused": found.unused,
        "pages": list(found.pages),
        "variants": [
            {
                "path": one.variant.path, "width": one.variant.frame.width,
                "height": one.variant.frame.height, "deferred": one.deferred,
                "pages": list(one.pages),
            }
            for one in found.variants
        ],
    }  # fmt: skip
    if as_json:
        print_json(facts)
        return
    plan = {None: "by use", True: "deferred", False: "critical"}[picture.deferred]
    reason = picture.reason_for_none or picture.reason
    rows = [
        *((key, str(facts[key])) for key in ("url", "path", "source")),
        ("size", f"{picture.width} x {picture.height} {picture.format}"),
        *((key, str(facts[key])) for key in ("focus", "color") if facts[key]),
        ("plan", plan if picture.has_variants else "as it is"),
        *([("reason", reason)] if reason else []),
    ]
    lines = [
        f"{one.variant.path}  {one.variant.frame.width} x {one.variant.frame.height}  "
        f"{'deferred' if one.deferred else 'critical'}"
        for one in found.variants
    ]
    rows += zip(["variants", *[""] * len(lines)], lines, strict=False)
    rows += [("unused", f"{found.unused} more that no page shows")] if found.unused else []
    rows += zip(["pages", *[""] * len(found.pages)], found.pages, strict=False)
    print_table(rows)


def _print_live(found: LiveExplanation, *, as_json: bool) -> None:
    from ssg.cli.console import print_json, print_table

    route = found.found.route
    facts = {
        "url": found.permalink,
        "path": found.found.path,
        "route": route.path,
        "language": route.language or None,
        "template": route.template,
        "params": dict(found.found.params),
        "loader": route.loader or None,
        "requests": [str(request) for request in found.requests],
        "ttl": route.ttl_seconds,
        "stale": route.stale_seconds,
        "rule": str(found.rule) if found.rule else None,
        "tags": list(found.tags),
    }
    if as_json:
        print_json(facts)
        return
    units = {"ttl": " s", "stale": " s"}
    rows = [
        (key, f"{value}{units.get(key, '')}")
        for key, value in facts.items()
        if isinstance(value, str | int)
    ]
    lists = {
        "params": [f"{name}={value}" for name, value in found.found.params.items()],
        "requests": [str(request) for request in found.requests],
        "tags": list(found.tags),
    }
    for key, lines in lists.items():
        rows += zip([key, *[""] * len(lines)], lines, strict=False)
    print_table(rows)
