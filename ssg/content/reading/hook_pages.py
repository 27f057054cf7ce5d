"""Pages that build hooks make, without a file.

A hook for sources yields a `SourcePage` for each. It must follow the rules for files, and is then
treated like a file: by hooks for pages, cascades and the cache. See `content/docs/hooks.md`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ssg.content.build_hooks import BuildHooks, SourcePage
from ssg.content.reading.chunk_reader import HookSource, SourceBytes, content_hash
from ssg.content.source.front_matter import ParsedSource
from ssg.content.source.walk import is_ignored
from ssg.model.errors import Location, Problem, SsgError

_SCALARS = (str, int, float, bool, dt.date, dt.time, type(None))
_IN_MESSAGE = re.compile(r"content/(\S+\.md)\b")
_HALF = 8
"""Bytes of a digest in each of the two times of a file stat."""


def pages_from_hooks(
    hooks: BuildHooks, root: Path, files: Collection[str], problems: list[Problem]
) -> dict[str, HookSource]:
    """The pages of the hooks for sources, by path. `files` are the paths of existing files."""
    made: dict[str, HookSource] = {}
    taken = dict.fromkeys(files, "")
    try:
        for page, hook in hooks.sources(root):
            if fault := next(_faults(page, hook, taken), None):
                problems.append(Problem(fault, hook))
                continue
            taken[page.source] = str(hook)
            made[page.source] = _made(page, hook)
    except SsgError as error:
        problems.extend(error.problems)
    return made


def merge_paths(files: Iterable[str], made: Iterable[str]) -> list[str]:
    """The paths of files and of hook pages, in the order in which folders are walked."""
    return sorted((*files, *made), key=lambda source: source.split("/"))


def add_hook_names(problems: Iterable[Problem], hooks: Mapping[str, Location]) -> list[Problem]:
    """Add the hook to each problem of a page that a hook makes."""
    return [_with_maker(problem, hooks) for problem in problems] if hooks else list(problems)


def _with_maker(problem: Problem, hooks: Mapping[str, Location]) -> Problem:
    message, where = problem.message, problem.where
    if hook := hooks.get(where.path.removeprefix("content/")) if where else None:
        return replace(problem, message=f"{message} (made by {hook})")
    if where not in hooks.values():
        for source in dict.fromkeys(_IN_MESSAGE.findall(message)):
            message += f" (content/{source} is made by {hooks[source]})" if source in hooks else ""
    pages = tuple(_page_with_maker(page, hooks) for page in problem.pages)
    return replace(problem, message=message, pages=pages)


def _page_with_maker(page: str, hooks: Mapping[str, Location]) -> str:
    hook = hooks.get(page.removeprefix("content/"))
    return f"{page}, made by {hook}" if hook else page


def _faults(page: object, hook: Location, taken: Mapping[str, str]) -> Iterator[str]:
    """Reasons why a hook cannot make a page, the most important first."""
    if not isinstance(page, SourcePage):
        yield f"a hook for sources must yield SourcePage, not {type(page).__name__}"
        return
    if fault := _path_fault(page.source):
        yield f"the source {page.source!r} {fault}"
        return
    name = f"content/{page.source}"
    if other := taken.get(page.source):
        yield f"{name} is made {'twice' if other == str(hook) else f'by {other}, too'}"
    if page.source in taken:
        yield f"{name} is a file already, so no hook can make it"
    if not isinstance(page.text, str):
        yield f"the text of {name} is not a text, but {type(page.text).__name__}"
    if not isinstance(page.front, dict):
        yield f"the front matter of {name} is not a table of keys and values"
    if odd := _odd_key(page.front):
        yield f"the front matter of {name} cannot keep {odd}"
    if not _is_utf8(f"{page.text}{page.front}"):
        yield f"{name} holds a character that UTF-8 does not have"


def _path_fault(source: object) -> str | None:
    if not isinstance(source, str):
        return "is not a text"
    parts = source.split("/")
    if not source.endswith(".md"):
        return "does not end in .md"
    if "\\" in source or not {"", ".", ".."}.isdisjoint(parts):
        return "is not a path below content/, with / between its parts"
    if any(map(is_ignored, parts)):
        return "has a name that is ignored: hidden, or a leftover of an editor"
    if not _is_utf8(source) or not source.isprintable():
        return "has a character that a path cannot have"
    return None


def _odd_key(value: object, key: str = "") -> str | None:
    """The place of a value that front matter cannot hold."""
    if isinstance(value, dict):
        if odd := next((one for one in value if not isinstance(one, str)), None):
            return f"the key {odd!r}, which is not a text"
        found = (_odd_key(one, f"{key}.{name}" if key else name) for name, one in value.items())
    elif isinstance(value, list):
        found = (_odd_key(one, key) for one in value)
    else:
        return None if isinstance(value, _SCALARS) else f'"{key}", a {type(value).__name__}'
    return next(filter(None, found), None)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _made(page: SourcePage, hook: Location) -> HookSource:
    """A page as if its file had been read. Its file stats are made from a hash of its content."""
    text = page.text.replace("\r\n", "\n")
    data = repr((page.front, text)).encode()
    digest = content_hash(data)
    first, second = (int.from_bytes(half, "big") for half in (digest[:_HALF], digest[_HALF:]))
    source = ParsedSource(f"content/{page.source}", page.front, text, 1, "", "")
    return HookSource(SourceBytes(b"", (len(data), first, second), digest), source, hook)
