"""`ssg purge`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import completion, options

if TYPE_CHECKING:
    from ssg.runtime.signed_purge import PurgeSelection
    from ssg.targets.purge.purger import PurgeReport

Log = Callable[[str], None]

PathsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH...", help="URL paths or whole URLs.", autocompletion=completion.pages
    ),
]
TagOption = Annotated[
    list[str] | None, typer.Option("--tag", help="Every response with this cache tag.")
]
PageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--page",
        help="Every response that depends on all of this page: itself first.",
        autocompletion=completion.pages,
    ),
]
AllOption = Annotated[bool, typer.Option("--all", help="Every response.")]
ChangedOption = Annotated[
    bool, typer.Option("--changed", help="What the last build found changed.")
]
HostOption = Annotated[
    str | None,
    typer.Option(
        "--host",
        help="netlify, or the URL of a site with /_ssg/purge.",
        show_default="the cache of ssg serve",
    ),
]

AgainOption = Annotated[
    float,
    typer.Option(
        "--again-after",
        min=0,
        metavar="SECONDS",
        help="With --host: purge once more after this time.",
        show_default="do not",
    ),
]


def purge(
    paths: PathsArgument = None,
    tags: TagOption = None,
    pages: PageOption = None,
    everything: AllOption = False,
    changed: ChangedOption = False,
    host: HostOption = None,
    again_after: AgainOption = 0.0,
    root: options.RootOption = Path(),
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Remove cached responses: from the cache of `ssg serve`, which may be running, or a host's."""
    from rich.markup import escape

    from ssg.build.layout import Layout
    from ssg.cli.console import err, out

    if sum(map(bool, (paths, tags, pages, everything, changed))) != 1:
        raise typer.BadParameter("give one of PATH, --tag, --page, --all and --changed")
    if again_after and host is None:
        raise typer.BadParameter("--again-after needs --host: the preview forgets at once")
    log: Log = (lambda _: None) if quiet else lambda text: err.print(escape(text))
    cache_dir = Layout.for_preview(root.resolve()).cache
    if paths and host is None:
        lines = _purge_paths(cache_dir, paths)
    else:
        selection = _selection(root, tags, [*(pages or ()), *(paths or ())], everything, changed)
        if selection is None:
            lines = ["nothing has changed: nothing is purged"]
        elif host is None:
            lines = [_purge_preview(cache_dir, selection)]
        else:
            lines = [_purge_host(host, selection, again_after, log)]
    for line in lines if not quiet else ():
        out.print(line, markup=False)


def _selection(
    root: Path, tags: list[str] | None, pages: list[str], everything: bool, changed: bool
) -> PurgeSelection | None:
    """What is chosen; None if nothing has changed."""
    from ssg.build.inspect.purge_selection import changed_tags, page_tags
    from ssg.build.layout import CHANGED_TAGS
    from ssg.runtime.signed_purge import PurgeSelection

    if changed:
        return changed_tags(root / CHANGED_TAGS)
    return page_tags(pages) if pages else PurgeSelection(tuple(tags or ()), everything)


def _purge_paths(cache_dir: Path, paths: list[str]) -> list[str]:
    from ssg.edge import purge as edge

    found = edge.purge(cache_dir, paths, _warn)
    return [f"{path}: {'removed' if n else 'was not cached'}" for path, n in found.items()]


def _purge_preview(cache_dir: Path, selection: PurgeSelection) -> str:
    from ssg.edge import purge as edge
    from ssg.model.pluralize import counted
    from ssg.targets.purge.purger import usable_tags

    if selection.everything:
        removed = edge.purge_all(cache_dir, _warn)
    else:
        removed = edge.purge_tags(cache_dir, usable_tags(selection.tags), _warn)
    return f"{counted(removed, 'cached response')} removed"


def _purge_host(host: str, selection: PurgeSelection, again_after: float, log: Log) -> str:
    """Purge a host, and again after some seconds: a render of an old deploy may have ended then."""
    import os
    import time

    from ssg.model.pluralize import counted
    from ssg.targets.load_target import purger_for

    purger = purger_for(host, os.environ, log)

    def purge_once() -> PurgeReport:
        everything = selection.everything
        return purger.purge_everything() if everything else purger.purge(selection.tags)

    report = purge_once()
    if again_after:
        log(f"{report.host}: purged; once more in {again_after:g} s")
        time.sleep(again_after)
        purge_once()
    what = "everything is" if report.everything else counted(len(report.tags), "tag")
    return f"{report.host}: {what} purged{' twice' if again_after else ''}"


def _warn(text: str) -> None:
    from rich.markup import escape

    from ssg.cli.console import err

    err.print(escape(text))
