"""`ssg changes`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ssg.cli import options

if TYPE_CHECKING:
    from ssg.deploy.site_changes import FoundChanges

MOST_PAGES = 50
"""The number of pages that are printed."""


def changes(
    since: options.SinceOption = None,
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    json: options.JsonOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Show which cache tags and deferred pages differ between the last build and an earlier one."""
    from ssg.build.layout import Layout
    from ssg.deploy.earlier_table import earlier_table
    from ssg.deploy.site_changes import changes_since, last_changes

    layout = Layout.of(options.read_project(root, config))
    found = changes_since(layout, earlier_table(since)) if since else last_changes(layout)
    if json:
        import json as json_text

        text = json_text.dumps(found.changes.to_json(), indent=2, ensure_ascii=False)
        sys.stdout.write(text + "\n")
    else:
        _print(found, since or "")


def _print(found: FoundChanges, since: str) -> None:
    from rich.markup import escape

    from ssg.cli.build_summary import changes_line
    from ssg.cli.console import err, out
    from ssg.model.pluralize import counted

    if found.problem:
        err.print(f"warning: {escape(since)}: {escape(found.problem)}")
    out.print(changes_line(found.changes), markup=False)
    pages = found.changes.pages
    for path in pages[:MOST_PAGES]:
        out.print(f"  {path}", markup=False)
    if len(pages) > MOST_PAGES:
        out.print(f"  and {counted(len(pages) - MOST_PAGES, 'more page')}", markup=False)
