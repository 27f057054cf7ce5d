"""What a check finds, as values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ssg.model.errors import Location, Problem

SHOWN_PAGES = 3


class CheckKind(StrEnum):
    """What is wrong. The values are for machines, and stay."""

    RENDER = "render"
    LINK = "dead-link"
    ANCHOR = "dead-anchor"
    FILE = "missing-file"
    ID = "duplicate-id"
    SOURCE = "source"
    REDIRECT = "redirect"
    EXTERNAL = "external-link"


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """One thing that is wrong, on however many pages."""

    kind: CheckKind
    message: str
    where: Location | None = None
    """The line that is to be changed, as far as it can be told."""
    pages: tuple[str, ...] = ()
    """The paths of the pages that have it."""
    hint: str | None = None

    @classmethod
    def of(cls, kind: CheckKind, problem: Problem) -> CheckFinding:
        return cls(kind, problem.message, problem.where, (), problem.hint)

    def __str__(self) -> str:
        """`content/a.md:8: /nope/ leads nowhere. Did you mean "/note/"?`."""
        place = f"{self.where}: " if self.where else ""
        hint = f". {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}{self._on()}"

    def _on(self) -> str:
        """The pages, where the place does not tell: of one page the line of its source does."""
        count = len(self.pages)
        if not count or (count == 1 and self.where and self.where.path.startswith("content/")):
            return ""
        shown = ", ".join([*self.pages[:SHOWN_PAGES], *(["..."] if count > SHOWN_PAGES else [])])
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
    """By kind, then by place, then by page: the same findings always read the same."""
    kinds = list(CheckKind)

    def key(one: CheckFinding) -> tuple[object, ...]:
        where = one.where or Location("")
        return kinds.index(one.kind), where.path, where.line or 0, one.pages, one.message

    return sorted(dict.fromkeys(findings), key=key)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much was looked at."""

    critical: int = 0
    deferred: int = 0
    deferred_in_all: int = 0
    links: int = 0
    """Different ones within the site."""
    external: int = 0
    """Different ones that lead out of the site."""
    asked: int = 0
    """How many of those were asked for."""
    refused: int = 0
    """How many of those did not let themselves be looked at: they may be fine."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All that a check found."""

    findings: tuple[CheckFinding, ...]
    coverage: Coverage
