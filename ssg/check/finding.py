"""The findings of a check, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ssg.model.errors import Location, Problem

MAX_SHOWN_PAGES = 3


class CheckKind(StrEnum):
    """What is wrong. The values are part of the JSON output, and must not change."""

    RENDER = "render"
    LINK = "dead-link"
    ANCHOR = "dead-anchor"
    FILE = "missing-file"
    ID = "duplicate-id"
    SOURCE = "source"
    REDIRECT = "redirect"
    EXTERNAL = "external-link"
    REDIRECTED = "redirected-link"
    IMAGE_TEXT = "image-without-alt"
    BROKEN_IMAGE = "broken-image"
    LARGE_IMAGE = "large-image"

    @property
    def is_warning(self) -> bool:
        """Whether visitors arrive all the same, so that a check does not fail."""
        return self in {CheckKind.REDIRECTED, CheckKind.LARGE_IMAGE}


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One thing that is wrong, on one page or many."""

    kind: CheckKind
    message: str
    where: Location | None = None
    """The line to change, as far as it is known."""
    pages: tuple[str, ...] = ()
    """The paths of the pages concerned."""
    hint: str | None = None

    @classmethod
    def of(cls, kind: CheckKind, problem: Problem) -> CheckFinding:
        return cls(kind, problem.message, problem.where, (), problem.hint)

    def __str__(self) -> str:
        """`content/a.md:8: /nope/ leads nowhere. Did you mean "/note/"?`."""
        place = f"{self.where}: " if self.where else ""
        hint = f". {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}{self._page_list()}"

    def _page_list(self) -> str:
        """The pages, unless the location is in the source of the only one."""
        count = len(self.pages)
        if not count or (count == 1 and self.where and self.where.path.startswith("content/")):
            return ""
        shown = ", ".join(
            [*self.pages[:MAX_SHOWN_PAGES], *(["..."] if count > MAX_SHOWN_PAGES else [])]
        )
        return f" (on {count:,} pages: {shown})" if count > 1 else f" (on {shown})"

    def to_json(self) -> dict[str, Any]:
        where = self.where
        return {
            "kind": str(self.kind),
            "message": self.message,
            "where": where and {"path": where.path, "line": where.line, "column": where.column},
            "hint": self.hint,
            "pages": list(self.pages),
        }


def in_order(findings: Iterable[CheckFinding]) -> list[CheckFinding]:
    """Sort findings by kind, location and page, so that the order is always the same."""
    kinds = list(CheckKind)

    def key(one: CheckFinding) -> tuple[object, ...]:
        where = one.where or Location("")
        return kinds.index(one.kind), where.path, where.line or 0, one.pages, one.message

    return sorted(dict.fromkeys(findings), key=key)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was checked."""

    critical: int = 0
    deferred: int = 0
    deferred_in_all: int = 0
    links: int = 0
    """Different addresses within the site."""
    external: int = 0
    """Different addresses on other sites."""
    asked: int = 0
    """The number of those that were requested."""
    refused: int = 0
    """The number of those that refused to answer a program. They may be fine."""
    live: int = 0
    """Live pages, of recorded answers."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The result of a check."""

    findings: tuple[CheckFinding, ...]
    coverage: Coverage
