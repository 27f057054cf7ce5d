"""Finds missing files that style sheets load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ssg.check.address_resolver import AddressResolver, LinkTargetKind
from ssg.check.finding import CheckFinding, CheckKind
from ssg.check.html_scan import css_references
from ssg.content.structure.assets import FileCopy
from ssg.model.errors import Location


def style_findings(
    copies: Iterable[FileCopy], resolver: AddressResolver, root: Path
) -> Iterator[CheckFinding]:
    """Findings for missing files that style sheets load.

    A style sheet is checked once, even if it is published under several names.
    """
    seen: set[Path] = set()
    for copy in copies:
        if copy.source.suffix.lower() != ".css" or copy.source in seen:
            continue
        seen.add(copy.source)
        for url, line in css_references(_text(copy)):
            target = resolver.find(url, f"/{copy.destination}")
            if target.kind is LinkTargetKind.NOTHING:
                where = Location(_name(copy.source, root), line)
                yield CheckFinding(CheckKind.FILE, f"there is no file {target.path}", where)


def _text(copy: FileCopy) -> str:
    """The style sheet as it is written, since a minified one has no lines."""
    return copy.source.read_text("utf-8-sig", "replace")


def _name(file: Path, root: Path) -> str:
    """The path in the site, or from `themes/` on in a theme that comes with ssg."""
    if file.is_relative_to(root):
        return file.relative_to(root).as_posix()
    parts = file.parts
    return "/".join(parts[parts.index("themes") :]) if "themes" in parts else file.name
