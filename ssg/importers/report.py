"""What an import tells: as JSON, and as `IMPORT.md` in the new site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ssg.importers.imported_site import ImportedSite, ImportFinding, ImportTopic, TextFile
from ssg.model.pluralize import counted

FILE = "IMPORT.md"

_PLACES = 10
_ADVICE: Mapping[ImportTopic, str] = {
    ImportTopic.SETTING: "Settings",
    ImportTopic.PLUGIN: "Plugins",
    ImportTopic.TEMPLATE: "Templates: they are not translated",
    ImportTopic.SHORTCODE: "Shortcodes",
    ImportTopic.CODE: "Code in texts",
    ImportTopic.MARKUP: "Markup that ours has no word for",
    ImportTopic.FRONT_MATTER: "Front matter",
    ImportTopic.LINK: "Links",
    ImportTopic.ADDRESS: "Addresses",
    ImportTopic.LANGUAGE: "Languages",
    ImportTopic.FILE: "Files",
}


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one kind that say the same, with their places."""

    kind: ImportTopic
    what: str
    places: tuple[str, ...]


def group_findings(findings: Iterable[ImportFinding]) -> list[FindingGroup]:
    """By topic, in the order of `ImportTopic`; in each, those with the most places come first."""
    found: dict[tuple[ImportTopic, str], list[ImportFinding]] = {}
    for finding in findings:
        found.setdefault((finding.kind, finding.what), []).append(finding)
    order = list(ImportTopic)
    made = [FindingGroup(kind, what, _places(same)) for (kind, what), same in found.items()]
    return sorted(made, key=lambda one: (order.index(one.kind), -len(one.places), one.what))


def _places(findings: Iterable[ImportFinding]) -> tuple[str, ...]:
    rows = {(f.where.path, f.where.line or 0, str(f.where)) for f in findings if f.where}
    return tuple(text for *_, text in sorted(rows))


def counts(site: ImportedSite) -> dict[str, int]:
    """The figures of an import."""
    aliases = sum(
        _aliases(file)
        for file in site.files
        if isinstance(file, TextFile) and file.path.startswith("content/")
    )
    return {
        "pages": site.pages,
        "assets": sum(not isinstance(file, TextFile) for file in site.files),
        "redirects": len(site.redirects) + aliases,
        "findings": len(site.findings),
    }


def _aliases(file: TextFile) -> int:
    """How many aliases the front matter of a written page has."""
    header = file.text.partition("\n---\n")[0]
    if "\naliases:\n" not in header:
        return 0
    rest = header.partition("\naliases:\n")[2].split("\n")
    return next((n for n, line in enumerate(rest) if not line.startswith("  -")), len(rest))


def to_json(site: ImportedSite, generator: str, folder: str) -> dict[str, Any]:
    """For machines: every finding with all of its places."""
    return {
        "generator": generator,
        "folder": folder,
        **counts(site),
        "redirects": [{"from": one.old, "to": one.new} for one in site.redirects],
        "files": [file.path for file in site.files],
        "findings": [
            {"kind": one.kind, "what": one.what, "places": list(one.places)}
            for one in group_findings(site.findings)
        ],
    }


def report(site: ImportedSite, generator: str) -> TextFile:
    """`IMPORT.md`: what was carried, and what is left to do. `generator` is its whole name."""
    figures = counts(site)
    lines = [
        f"# Imported from {generator}",
        "",
        f"{counted(figures['pages'], 'page')}, {counted(figures['assets'], 'other file')}, "
        f"{counted(figures['redirects'], 'redirect')}.",
        "",
        "What follows could not be carried, or not as it was. Places are those of the old site. "
        "Nothing reads this file: delete it when you are done.",
    ]
    kinds: dict[ImportTopic, list[FindingGroup]] = {}
    for group in group_findings(site.findings):
        kinds.setdefault(group.kind, []).append(group)
    for kind, same in kinds.items():
        lines += ["", f"## {_ADVICE[kind]}", "", *(_item(group) for group in same)]
    if not kinds:
        lines[4:] = ["Everything was carried."]
    return TextFile(FILE, "\n".join(lines) + "\n")


def _item(group: FindingGroup) -> str:
    places: Sequence[str] = group.places[:_PLACES]
    more = len(group.places) - len(places)
    listed = ", ".join(f"`{place}`" for place in places) + (f" and {more} more" if more else "")
    return f"- {group.what}" + (f": {listed}" if listed else "")
