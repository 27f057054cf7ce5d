"""`ssg explain URL`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssg.cli import completion, options


def explain(
    page: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            help="A URL, a path or a source file.",
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
    """Show the source of a page, whether it is deferred and why, and its redirect rule."""
    from ssg.build.inspect.dry_run import dry_run
    from ssg.build.inspect.dry_run import explain as run
    from ssg.cli.console import print_json, print_table

    project = options.read_project(root, config, target=target)
    with dry_run(project, options.build_options(project, drafts, future, expired)) as compiled:
        found = run(compiled, page)
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
        "tags": dict(found.tags),
    }
    if json:
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
