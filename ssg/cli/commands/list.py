"""`ssg list`."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import completion, options
from ssg.model.pluralize import counted

if TYPE_CHECKING:
    from ssg.build.inspect.listing import PageListEntry

SHOWN = ("path", "kind", "plan", "state", "date", "title")


class Sort(StrEnum):
    """What the list is sorted by: the names of `ssg.build.inspect.listing.Order`."""

    PATH = "path"
    DATE = "date"
    TITLE = "title"
    KIND = "kind"
    SECTION = "section"
    SOURCE = "source"


class ListedKind(StrEnum):
    """The kinds of pages: those of `PageKind`, and live pages that a build knows."""

    PAGE = "page"
    FALLBACK = "fallback"
    SECTION = "section"
    PAGER = "pager"
    TAXONOMY = "taxonomy"
    TERM = "term"
    ARCHIVE = "archive"
    FEED = "feed"
    SITEMAP = "sitemap"
    ROBOTS = "robots"
    LLMS = "llms"
    MARKDOWN = "markdown"
    NOT_FOUND = "404"
    LIVE = "live"


OnlyDeferredOption = Annotated[bool, typer.Option("--deferred", help="Only deferred pages.")]
OnlyCriticalOption = Annotated[bool, typer.Option("--critical", help="Only critical pages.")]
OnlyDraftsOption = Annotated[bool, typer.Option("--drafts", "-D", help="Only drafts.")]
OnlyFutureOption = Annotated[
    bool, typer.Option("--future", "-F", help="Only pages with a date in the future.")
]
OnlyExpiredOption = Annotated[bool, typer.Option("--expired", "-E", help="Only expired pages.")]
SectionOption = Annotated[
    str | None,
    typer.Option(
        "--section",
        help="Only pages below a section: blog or /blog/.",
        autocompletion=completion.folders,
    ),
]
KindOption = Annotated[ListedKind | None, typer.Option("--kind", help="Only pages of a kind.")]
TermOption = Annotated[
    str | None,
    typer.Option("--term", "--tag", help="Only pages with a term: boats, or tags/boats."),
]
LanguageOption = Annotated[
    str | None, typer.Option("--language", help="Only pages in a language, by its code: fr.")
]
SortOption = Annotated[Sort, typer.Option("--sort", help="The order; by date, newest first.")]
ReverseOption = Annotated[bool, typer.Option("--reverse", help="Reverse the order.")]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print CSV.")]


def list_(
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    target: options.TargetOption = None,
    deferred: OnlyDeferredOption = False,
    critical: OnlyCriticalOption = False,
    drafts: OnlyDraftsOption = False,
    future: OnlyFutureOption = False,
    expired: OnlyExpiredOption = False,
    section: SectionOption = None,
    kind: KindOption = None,
    term: TermOption = None,
    language: LanguageOption = None,
    sort: SortOption = Sort.PATH,
    reverse: ReverseOption = False,
    env_file: options.EnvFileOption = None,
    replay: options.ReplayOption = None,
    json: options.JsonOption = False,
    csv: CsvOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """List the pages that a build would make, or some of them, with their plan."""
    from ssg.build.inspect.dry_run import dry_run
    from ssg.build.inspect.listing import (
        ListFilter,
        PageOrder,
        PublicationState,
        as_json,
        list_pages,
    )
    from ssg.cli.console import print_json, print_warnings

    if (deferred and critical) or (json and csv):
        raise typer.BadParameter("give one of --deferred and --critical, of --json and --csv")
    filters = {
        PublicationState.DRAFT: drafts,
        PublicationState.FUTURE: future,
        PublicationState.EXPIRED: expired,
    }
    states = frozenset(state for state, is_chosen in filters.items() if is_chosen)
    plan = deferred if deferred or critical else None
    choice = ListFilter(plan, states, section, kind, term, language)
    project = options.read_project(root, config, target=target)
    include = drafts, future, expired
    asked = options.build_options(project, *include, env_files=env_file or (), replay=replay)
    with dry_run(project, asked) as compiled:
        entries = list_pages(compiled, choice, PageOrder(sort))
    print_warnings(compiled.unanswered)
    entries = entries[::-1] if reverse else entries
    if json:
        print_json([as_json(entry) for entry in entries])
    elif csv:
        _print_csv(entries)
    else:
        _print_rows(entries)


def _print_csv(entries: Iterable[PageListEntry]) -> None:
    """Print CSV as in RFC 4180, but with the line ends of the system."""
    import csv
    import sys

    from ssg.build.inspect.listing import COLUMNS, as_json

    writer = csv.DictWriter(sys.stdout, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for entry in entries:
        writer.writerow({**as_json(entry), "cache_tags": " ".join(entry.cache_tags)})


def _print_rows(entries: list[PageListEntry]) -> None:
    from ssg.cli.console import err, print_table

    print_table([_row(entry) for entry in entries], SHOWN)
    err.print(counted(len(entries), "page"))


def _row(entry: PageListEntry) -> tuple[str, ...]:
    day = (entry.date or "").partition("T")[0]
    return (entry.path, str(entry.kind), entry.plan, str(entry.state), day, entry.title)
