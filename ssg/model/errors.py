"""The errors that ssg reports to its users.

SsgError                 one or more problems, reported together; exit status 1
├── ConfigError          ssg.toml, [tool.ssg], environment variables, options
├── ContentError         sources, front matter, data files, URLs
├── RenderError          a template or a page that cannot be rendered
├── SourceDataError      sources of data that a build asks: no answer, or not what a page needs
├── HookError            the site's own Python code
├── TargetError          packaging for a host: missing tools, limits, redirect rules
│   └── BuildLockError   another build of the site has its folders
├── ServeError           the preview: a busy port, a dead runtime
├── PurgeError           a host's cache that cannot be purged
├── LogError             an access log that cannot be read
├── ScaffoldError        a new file that cannot be made
└── OldSiteError         a site of another generator that cannot be read
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ssg.model.pluralize import counted

SHOWN_PAGES = 3
"""The number of pages that a message names; it counts the others."""
SHOWN_PLACES = 10
"""The number of places in which the same problem is shown; the last one counts the others."""


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
    pages: tuple[str, ...] = ()
    """The pages that showed it, where `where` names something that many pages use."""

    @property
    def full_message(self) -> str:
        """The message with the first few of the pages."""
        if not self.pages:
            return self.message
        more = len(self.pages) - SHOWN_PAGES
        names = [*self.pages[:SHOWN_PAGES], *([counted(more, "more page")] if more > 0 else [])]
        listed = ", ".join(names[:-1]) + " and " * (len(names) > 1) + names[-1]
        return f"{self.message} (while rendering {listed})"

    def __str__(self) -> str:
        text = f"{self.where}: {self.full_message}" if self.where else self.full_message
        return f"{text}. {self.hint}" if self.hint else text


def merge_pages(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Make one problem of those that differ only in the page that showed them."""
    pages: dict[Problem, dict[str, None]] = {}
    for problem in problems:
        alone = replace(problem, pages=()) if problem.pages else problem
        pages.setdefault(alone, {}).update(dict.fromkeys(problem.pages))
    return tuple(replace(problem, pages=tuple(found)) for problem, found in pages.items())


def summarize(problems: Iterable[Problem]) -> list[Problem]:
    """Choose what a person is shown: problems in the order of files, the same one a few times.

    Of problems that differ only in their place, the last that is shown says how many follow.
    """
    ordered = sorted(problems, key=_file_order)
    counts = Counter(_without_place(problem) for problem in ordered)
    seen: Counter[Problem] = Counter()
    shown = []
    for problem in ordered:
        same = _without_place(problem)
        seen[same] += 1
        if seen[same] == SHOWN_PLACES < counts[same]:
            more = counts[same] - SHOWN_PLACES
            message = f"{problem.message} (and in {more:,} more places)"
            shown.append(replace(problem, message=message))
        elif seen[same] <= SHOWN_PLACES:
            shown.append(problem)
    return shown


def _without_place(problem: Problem) -> Problem:
    return Problem(problem.message, None, problem.hint)


def _file_order(problem: Problem) -> tuple[str, int, int]:
    where = problem.where or Location("")
    return where.path, where.line or 0, where.column or 0


class SsgError(Exception):
    """One or more problems. `str(error)` has one line for each."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = merge_pages([problems] if isinstance(problems, Problem) else problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        """Support pickling: a worker process may raise it."""
        return type(self), (self.problems,), vars(self)


class ConfigError(SsgError):
    """The configuration cannot be used."""


class ContentError(SsgError):
    """Sources cannot be compiled into a site database."""


class RenderError(SsgError):
    """A page cannot be rendered."""


class SourceDataError(SsgError):
    """A source of data does not answer a build, or not with what live pages need."""


class HookError(SsgError):
    """Hooks or plugins of the site cannot be used."""


class TargetError(SsgError):
    """A build cannot be packaged for its target."""


class BuildLockError(TargetError):
    """Another build of the site is running, perhaps in another process."""


class ServeError(SsgError):
    """A server cannot run: the preview, or that of a site."""


class PurgeError(SsgError):
    """A cache cannot be purged."""


class LogError(SsgError):
    """An access log, or what was counted in one, cannot be read."""


class OldSiteError(SsgError):
    """A folder is not a site of the named generator, or cannot be read."""


class ScaffoldError(SsgError):
    """A new file cannot be made."""


def raise_problems(problems: Iterable[Problem], error: type[SsgError]) -> None:
    """Raise an error with these problems, each once; nothing if there are none."""
    if found := list(dict.fromkeys(problems)):
        raise error(found)


def did_you_mean(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """`Did you mean "title"?`, or None if no known word is similar.

    `likeness` is the ratio of `difflib`: 1 is the word itself.
    """
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=likeness)
    return f'Did you mean "{near[0]}"?' if near else None
