"""The report of an import: as JSON, and as `IMPORT.md` in the new site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ssg.importers.imported_site import ImportedSite, ImportFinding, TextFile, Topic
from ssg.model.pluralize import counted

FILE = "IMPORT.md"

_MAX_PLACES = 10
"""Places that IMPORT.md lists of one finding."""
_HEADINGS: Mapping[Topic, str] = {
    Topic.SETTING: "Settings",
    Topic.PLUGIN: "Plugins",
    Topic.TEMPLATE: "Templates: they are not translated",
    Topic.SHORTCODE: "Shortcodes",
    Topic.CODE: "Code in texts",
    Topic.MARKUP: "Markup that ssg does not have",
    Topic.FRONT_MATTER: "Front matter",
    Topic.LINK: "Links",
    Topic.ADDRESS: "Addresses",
    Topic.LANGUAGE: "Languages",
    Topic.FILE: "Files",
}


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings with the same topic and text, with their places."""

    topic: Topic
    what: str
    places: tuple[str, ...]


def group_findings(findings: Iterable[ImportFinding]) -> list[FindingGroup]:
    """By topic, in the order of `Topic`; in each, those with the most places come first."""
    found: dict[tuple[Topic, str], list[ImportFinding]] = {}
    for finding in findings:
        found.setdefault((finding.topic, finding.what), []).append(finding)
    order = list(Topic)
    grouped = [FindingGroup(topic, what, _places(same)) for (topic, what), same in found.items()]
    return sorted(grouped, key=lambda one: (order.index(one.topic), -len(one.places), one.what))


def _places(findings: Iterable[ImportFinding]) -> tuple[str, ...]:
    rows = {(f.where.path, f.where.line or 0, str(f.where)) for f in findings if f.where}
    return tuple(text for *_, text in sorted(rows))


def counts(site: ImportedSite) -> dict[str, int]:
    """The numbers of pages, other files, redirects and findings."""
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
    """The number of aliases in the front matter of a written page."""
    header = file.text.partition("\n---\n")[0]
    if "\naliases:\n" not in header:
        return 0
    rest = header.partition("\naliases:\n")[2].split("\n")
    return next((n for n, line in enumerate(rest) if not line.startswith("  -")), len(rest))


def to_json(site: ImportedSite, generator: str, folder: str) -> dict[str, Any]:
    """The whole report as JSON, every finding with all its places."""
    return {
        "generator": generator,
        "folder": folder,
        **counts(site),
        "redirects": [{"from": one.old, "to": one.new} for one in site.redirects],
        "files": [file.path for file in site.files],
        "findings": [
            {"kind": one.topic, "what": one.what, "places": list(one.places)}
            for one in group_findings(site.findings)
        ],
    }


def report(site: ImportedSite, generator: str) -> TextFile:
    """`IMPORT.md`: the numbers and the findings. `generator` is the full name."""
    figures = counts(site)
    lines = [
        f"# Imported from {generator}",
        "",
        f"{counted(figures['pages'], 'page')}, {counted(figures['assets'], 'other file')}, "
        f"{counted(figures['redirects'], 'redirect')}.",
        "",
        "The following could not be imported, or not as it was. Paths and lines are those of the "
        "old site. ssg does not read this file: delete it when you are done.",
    ]
    topics: dict[Topic, list[FindingGroup]] = {}
    for group in group_findings(site.findings):
        topics.setdefault(group.topic, []).append(group)
    for topic, same in topics.items():
        lines += ["", f"## {_HEADINGS[topic]}", "", *(_item(group) for group in same)]
    if not topics:
        lines[4:] = ["Everything was imported."]
    return TextFile(FILE, "\n".join(lines) + "\n")


def _item(group: FindingGroup) -> str:
    places: Sequence[str] = group.places[:_MAX_PLACES]
    more = len(group.places) - len(places)
    listed = ", ".join(f"`{place}`" for place in places) + (f" and {more} more" if more else "")
    return f"- {group.what}" + (f": {listed}" if listed else "")
