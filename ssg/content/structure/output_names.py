"""Checks of the names of output files: file systems and hosts treat some of them in their own ways.

macOS and Windows take names that differ in case, and macOS also those that differ in their Unicode
normal form, for one file. Windows reserves some names (Microsoft, "Naming Files, Paths, and
Namespaces"). Hosts, Git and the preview answer some paths themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ssg.model.errors import Location, Problem

RESERVED = {
    ".git": "Git keeps a repository there, and hosts do not serve it",
    ".netlify": "Netlify answers these paths itself",
    "__ssg": "the preview answers these paths itself",
    "_ssg": "a deploy has texts of deferred pages there",
}
"""First parts of paths at which no file can be served, and why."""
_WINDOWS = re.compile(r"(con|prn|aux|nul|com[1-9¹²³]|lpt[1-9¹²³]) *(\..*)?|.*[. ]", re.IGNORECASE)
_WELL_KNOWN = frozenset({".well-known", ".nojekyll", ".htaccess"})


@dataclass(frozen=True, slots=True)
class OutputName:
    """An output file, what makes it, and a function that finds the place to change its name."""

    file: str
    owner: str
    locate: Callable[[], Location | None]


def same_file_problems(names: Iterable[OutputName]) -> Iterator[Problem]:
    """Files that are one file where case, or the Unicode normal form, does not count."""
    seen: dict[str, OutputName] = {}
    for name in names:
        key = folded(name.file)
        other = seen.setdefault(key, name)
        if other.file != name.file:
            files = f"{_shown(other.file)} and {_shown(name.file)}"
            message = (
                f"{other.owner} and {name.owner} are one file on macOS and Windows: "
                f"{files} differ only in {_difference(other, name)}"
            )
            yield Problem(message, name.locate(), "Rename one of them")


def reserved_problems(names: Iterable[OutputName]) -> Iterator[Problem]:
    """Files at paths that cannot be served."""
    for name in names:
        first = folded(name.file.partition("/")[0])
        if why := RESERVED.get(first):
            message = f"{name.owner} wants /{name.file}, which cannot be served: {why}"
            yield Problem(message, name.locate(), "Choose another path")


def odd_name_warnings(names: Iterable[OutputName]) -> Iterator[Problem]:
    """Names that Windows does not allow, or that web servers usually hide: each folder once."""
    seen = set[str]()
    for name in names:
        place = ""
        for part in name.file.split("/"):
            place += f"/{part}"
            if place in seen:
                continue
            seen.add(place)
            if _WINDOWS.fullmatch(part):
                message = f'{name.owner} makes the name "{part}", which Windows does not allow'
                yield Problem(message, name.locate(), "The site cannot be built or copied there")
            elif part[:1] == "." and part not in _WELL_KNOWN and folded(part) not in RESERVED:
                message = f'{name.owner} makes the name "{part}", which web servers usually hide'
                yield Problem(message, name.locate(), "Choose a name without a dot in front")


def folded(file: str) -> str:
    """A key that is the same for names that some file systems take for one."""
    if file.isascii():
        return file.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", file).casefold())


def _difference(one: OutputName, other: OutputName) -> str:
    composed = [unicodedata.normalize("NFC", name.file) for name in (one, other)]
    return "Unicode normal form" if composed[0] == composed[1] else "case"


def _shown(file: str) -> str:
    """A name with the characters escaped that a terminal would show alike."""
    plain = unicodedata.normalize("NFC", file) == file
    return file if plain else file.encode("ascii", "backslashreplace").decode()
