"""`ssg purge`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import completion, options

if TYPE_CHECKING:
    from ssg.runtime.signed_purge import PurgeSelection
    from ssg.targets.purge.purger import Purger

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
    list[str] | None,
    typer.Option(
        "--host",
        help="netlify, vercel, varnish, fastly, cloudflare, cloudfront, or the URL of a site with"
        " /_ssg/purge. Of several, name the servers first, then the caches in front.",
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
    hosts: HostOption = None,
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
    if again_after and not hosts:
        raise typer.BadParameter("--again-after needs --host: the preview forgets at once")
    log: Log = (lambda _: None) if quiet else lambda text: err.print(escape(text))
    cache_dir = Layout.for_preview(root.resolve()).cache
    lines: Iterable[str]
    if paths and not hosts:
        lines = _purge_paths(cache_dir, paths)
    else:
        selection = _selection(root, tags, [*(pages or ()), *(paths or ())], everything, changed)
        if selection is None:
            lines = ["nothing has changed: nothing is purged"]
        elif hosts:
            lines = _purge_hosts(hosts, selection, again_after, log)
        else:
            lines = [_purge_preview(cache_dir, selection, log)]
    for line in lines:
        if not quiet:
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
    from ssg.edge.storage.disk_store import DiskStore

    found = edge.purge(DiskStore(cache_dir, _warn), paths)
    return [f"{path}: {'removed' if n else 'was not cached'}" for path, n in found.items()]


def _purge_preview(cache_dir: Path, selection: PurgeSelection, log: Log) -> str:
    from ssg.edge import purge as edge
    from ssg.edge.storage.disk_store import DiskStore
    from ssg.model.pluralize import counted
    from ssg.targets.purge.purger import usable_tags

    store = DiskStore(cache_dir, _warn)
    if selection.everything:
        removed = edge.purge_all(store)
    else:
        removed = edge.purge_tags(store, usable_tags(selection.tags))
    if not removed:
        log("this was the cache of ssg serve; --host URL purges a site")
    return f"{counted(removed, 'cached response')} removed"


def _purge_hosts(
    hosts: Sequence[str], selection: PurgeSelection, again_after: float, log: Log
) -> Iterator[str]:
    """Purge hosts in their order, and again after some seconds: a render of an old deploy may have
    ended then. Nothing is purged unless all can be asked; after a failure, no further one is."""
    import time

    purgers = _purgers(hosts, log)
    yield from (f"{_purge_host(purger, selection)} purged" for purger in purgers)
    if again_after:
        log(f"once more in {again_after:g} s")
        time.sleep(again_after)
        yield from (f"{_purge_host(purger, selection)} purged again" for purger in purgers)


def _purge_host(purger: Purger, selection: PurgeSelection) -> str:
    """Purge a host; returns what."""
    from ssg.model.pluralize import counted

    if selection.everything:
        return f"{purger.purge_everything().host}: everything is"
    report = purger.purge(selection.tags)
    return f"{report.host}: {counted(len(report.tags), 'tag')}"


def _purgers(hosts: Sequence[str], log: Log) -> list[Purger]:
    """A purger for each host, or an error with all that is missing."""
    import os

    from ssg.model.errors import Problem, PurgeError
    from ssg.targets.load_target import purger_for

    purgers: list[Purger] = []
    problems: list[Problem] = []
    for host in hosts:
        try:
            purgers.append(purger_for(host, os.environ, log))
        except PurgeError as error:
            problems += error.problems
    if problems:
        raise PurgeError(problems)
    return purgers


def _warn(text: str) -> None:
    from rich.markup import escape

    from ssg.cli.console import err

    err.print(escape(text))
