"""`ssg import`."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssg.cli import options
from ssg.model.pluralize import counted

if TYPE_CHECKING:
    from ssg.importers.imported_site import ImportedSite
    from ssg.importers.site_data.deferred_rules import DeferSuggestion
    from ssg.scaffold.new_site import ScaffoldResult

SHOWN = 3
"""The number of places of each finding that are printed; `IMPORT.md` and `--json` have more."""

_AGE = re.compile(r"\d+[dwmy]")


class Generator(StrEnum):
    """The generators whose sites can be imported."""

    HUGO = "hugo"
    JEKYLL = "jekyll"
    ZOLA = "zola"
    PELICAN = "pelican"
    MKDOCS = "mkdocs"


FromArgument = Annotated[
    Generator, typer.Argument(metavar="GENERATOR", help="hugo, jekyll, zola, pelican or mkdocs.")
]
OldArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the old site.")]
NewArgument = Annotated[
    Path | None,
    typer.Argument(metavar="[DEST]", help="The folder of the new site.", show_default="DIR-ssg"),
]
ForceOption = Annotated[
    bool,
    typer.Option("--force", help="Write into a folder that is not empty, and replace its files."),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Report without writing.")]
DeferOption = Annotated[
    str | None,
    typer.Option("--defer", metavar="AGE", help="Defer dated pages older than this: 90d, 1y."),
]


def import_(
    generator: FromArgument,
    old: OldArgument,
    new: NewArgument = None,
    force: ForceOption = False,
    dry_run: DryRunOption = False,
    defer: DeferOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Convert a site of another generator, and report what could not be converted."""
    from ssg.cli.console import print_json
    from ssg.importers.registry import GENERATORS, import_site
    from ssg.importers.report import report, to_json
    from ssg.importers.source_tree import SourceTree
    from ssg.importers.write_site import refuse_target, write_site

    tree = SourceTree(old)
    folder = new or Path(f"{tree.root.name}-ssg")
    refuse_target(folder, tree, force=force)
    site = import_site(generator.value, tree, _deferral(defer))
    hosting = None
    if not dry_run:
        write_site(site, tree, folder, [report(site, GENERATORS[generator.value])])
        hosting = _add_hosting(folder, site)
    if json:
        added = hosting.written if hosting else ()
        print_json({**to_json(site, generator.value, str(folder)), "hosting": list(added)})
    elif not quiet:
        _print(site, folder, hosting)


def _add_hosting(folder: Path, site: ImportedSite) -> ScaffoldResult:
    """Write the files with which a host builds the site, as for new sites."""
    from ssg.model.settings import Settings
    from ssg.scaffold.new_site import add_hosting

    output_dir = site.config.get("output_dir") or Settings().output_dir
    return add_hosting(folder, site.config.get("base_url") or "", output_dir)


def _deferral(age: str | None) -> DeferSuggestion | None:
    from ssg.importers.site_data.deferred_rules import DeferSuggestion

    if age is None:
        return None
    if not _AGE.fullmatch(age):
        message = f"{age} is not an age; write a number and d, w, m or y, such as 90d"
        raise typer.BadParameter(message, param_hint="--defer")
    return DeferSuggestion(age)


def _print(site: ImportedSite, folder: Path, hosting: ScaffoldResult | None) -> None:
    """Print what was not imported, and the figures. Without `hosting`, nothing was written."""
    from ssg.cli.console import err, print_table
    from ssg.importers.report import FILE, counts, group_findings

    found = group_findings(site.findings)
    for group in found:
        first = ", ".join(group.places[:SHOWN])
        more = len(group.places) - SHOWN
        listed = f": {first}{f' and {more:,} more' if more > 0 else ''}" if first else ""
        err.print(f"{group.topic}: {group.what}{listed}", markup=False)
    figures = counts(site)
    kinds, places = counted(len(found), "kind"), counted(figures["findings"], "place")
    rows = [
        ("pages", f"{figures['pages']:,}"),
        ("assets", f"{figures['assets']:,}"),
        ("redirects", f"{figures['redirects']:,}"),
        ("to look at", f"{kinds}, at {places}"),
        ("site", f"{folder}, read {folder / FILE}" if hosting else f"{folder} (not written)"),
    ]
    if hosting and hosting.written:
        rows.append(("hosting", ", ".join(hosting.written)))
    print_table(rows)
    if hosting:
        if hosting.kept:
            err.print(f"kept as they were: {', '.join(hosting.kept)}", markup=False)
        err.print(f"next: cd {folder} && ssg serve", markup=False)
