"""What style sheets of a site refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ssg.check.finding import CheckFinding, CheckKind
from ssg.check.html_scan import css_references
from ssg.check.link_resolver import LinkResolver, LinkTargetKind
from ssg.content.structure.assets import FileCopy
from ssg.model.errors import Location


def style_findings(
    copies: Iterable[FileCopy], addresses: LinkResolver, root: Path
) -> Iterator[CheckFinding]:
    """Files that style sheets load, and that are not there. A sheet is looked at once, whatever
    the names are under which it is published."""
    seen: set[Path] = set()
    for copy in copies:
        if copy.source.suffix.lower() != ".css" or copy.source in seen:
            continue
        seen.add(copy.source)
        for url, line in css_references(_text(copy)):
            found = addresses.find(url, f"/{copy.destination}")
            if found.answer is LinkTargetKind.NOTHING:
                where = Location(_name(copy.source, root), line)
                yield CheckFinding(CheckKind.FILE, f"there is no file {found.path}", where)


def _text(copy: FileCopy) -> str:
    """As it is written: a minified one has no lines."""
    return copy.source.read_text("utf-8-sig", "replace")


def _name(file: Path, root: Path) -> str:
    """Below the site, or from `themes/` on for a theme that comes with ssg."""
    if file.is_relative_to(root):
        return file.relative_to(root).as_posix()
    parts = file.parts
    return "/".join(parts[parts.index("themes") :]) if "themes" in parts else file.name
