"""Everything that can go wrong on purpose.

SsgError                 one or more problems, reported together; exit status 1
├── ConfigError          ssg.toml, [tool.ssg], environment variables, options
├── ContentError         sources, front matter, data files, URLs
├── RenderError          a template or a page that cannot be rendered
├── HookError            Python of the site's own that cannot be used
├── TargetError          packaging for a host: missing tools, limits, redirect rules
├── ServeError           the preview: a busy port, a dead runtime
├── ScaffoldError        a file that a command would make for the user, and cannot
└── OldSiteError         a site of another generator that cannot be read
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a file: `content/post.md:3:8`. Lines and columns count from 1."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.path, self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, and what to do about it."""

    message: str
    where: Location | None = None
    hint: str | None = None

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}. {self.hint}" if self.hint else text


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sort problems by file, line and column; those without a file come first."""
    return sorted(problems, key=_file_order)


def _file_order(problem: Problem) -> tuple[str, int, int]:
    where = problem.where or Location("")
    return where.path, where.line or 0, where.column or 0


class SsgError(Exception):
    """One or more problems. `str(error)` has one line for each."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        """It may come from another process."""
        return type(self), (self.problems,), vars(self)


class ConfigError(SsgError):
    """The configuration cannot be used."""


class ContentError(SsgError):
    """Sources cannot be compiled into a site database."""


class RenderError(SsgError):
    """A page cannot be rendered."""


class HookError(SsgError):
    """Hooks or plugins of the site cannot be used."""


class TargetError(SsgError):
    """A build cannot be packaged for its target."""


class ServeError(SsgError):
    """The preview cannot run."""


class OldSiteError(SsgError):
    """A site of another generator is none, or cannot be read."""


class ScaffoldError(SsgError):
    """A new file cannot be made."""


def did_you_mean(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """`Did you mean "title"?`, or None where nothing known is near.

    `likeness` is that of `difflib`: 1 is the word itself.
    """
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=likeness)
    return f'Did you mean "{near[0]}"?' if near else None
