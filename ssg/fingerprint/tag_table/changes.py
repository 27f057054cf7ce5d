"""What differs between two builds, for caches: tags, and deferred pages.

Every answer with a tag that differs may be out of date. Of the pages, only those are known whose
own tag differs; others show something of them, and which ones, only their tags say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ssg.fingerprint.tag_table.table_file import TableError, TagTable
from ssg.model.cache_options import is_cache_tag
from ssg.render.dependencies.tags import SITE, page_tag


@dataclass(frozen=True, slots=True)
class EarlierTable:
    """The table of a build to compare with."""

    name: str
    """Where it is from, for messages."""
    table: TagTable | None = None
    """None if it is unknown: then everything may differ."""
    problem: str = ""
    """Why it is unknown."""


@dataclass(frozen=True, slots=True)
class SiteChanges:
    """What differs between two builds."""

    since: str | None
    """The id of the earlier build; None if it is unknown."""
    build: str
    tags: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    """Paths of the deferred pages whose own tag differs. Pages that are gone have only tags."""
    everything: bool = False
    """Whether every answer may differ. Then `tags` has only `site`, which every answer has."""

    def to_json(self) -> dict[str, Any]:
        """The content of `.ssg/changes.json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Any) -> SiteChanges:
        """Raises ValueError, TypeError or KeyError if it is something else."""
        tags, everything = value["tags"], value["everything"]
        if not isinstance(everything, bool) or not isinstance(tags, list):
            raise TypeError(value)
        if not all(isinstance(tag, str) and is_cache_tag(tag) for tag in tags):
            raise ValueError(value)
        pages = tuple(map(str, value["pages"]))
        return cls(value["since"], str(value["build"]), tuple(tags), pages, everything)


def changes_between(
    before: TagTable | None, now: TagTable, deferred_paths: Iterable[str]
) -> SiteChanges:
    """What differs. Without an earlier table, everything may."""
    since = None if before is None else before.build_id
    differing = [] if before is None else now.differing(before)
    if before is None or SITE.tag in differing:
        return SiteChanges(since, now.build_id, (SITE.tag,), everything=True)
    known = {tag for tag in differing if tag.startswith("page:")}
    pages = tuple(path for path in deferred_paths if page_tag(path) in known) if known else ()
    return SiteChanges(since, now.build_id, tuple(differing), pages)


def read_table(file: Path) -> EarlierTable:
    """The table in a file."""
    try:
        return EarlierTable(str(file), TagTable.from_bytes(file.read_bytes()))
    except OSError as error:
        return EarlierTable(str(file), problem=error.strerror or type(error).__name__)
    except TableError as error:
        return EarlierTable(str(file), problem=str(error))


def read_changes(file: Path) -> SiteChanges:
    """Read `.ssg/changes.json`. Raises OSError, ValueError, TypeError or KeyError."""
    return SiteChanges.from_json(json.loads(file.read_text("utf-8")))


def write_changes(file: Path, changes: SiteChanges) -> None:
    """Write `.ssg/changes.json`."""
    text = json.dumps(changes.to_json(), ensure_ascii=False, indent=1)
    file.write_text(text + "\n", "utf-8")
