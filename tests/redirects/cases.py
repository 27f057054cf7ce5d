"""Read the cases of tests/cases/redirects: rules, files, and what answers each request.

    # A remark about the set
    == rules             lines of a _redirects file
    == toml              lines of a netlify.toml, read after the rules (optional)
    == files             names of static files, separated by white space
    == visits
    /path?query [name=value ...] -> outcome [~ outcome] [# remark]

An outcome is `302 LOCATION`, `200 file NAME`, `builder NAME`, `elsewhere URL` or `404` (nothing
answers). The visitor is described by `country=de language=en-GB roles=a,b cookie=NAME origin=URL`.
After `~` comes what `netlify dev` does if it differs from Netlify's documentation, or `-` if it
cannot be tried; the remark says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ssg.redirects.formats.netlify_toml import parse_netlify_toml
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.matching.match import (
    FunctionCall,
    NotFound,
    ProxyCall,
    RedirectTo,
    Resolution,
    ServedFile,
)
from ssg.redirects.matching.request import RedirectRequest, read_request
from ssg.redirects.repeats import without_repeats
from ssg.redirects.rule import RedirectRule

FOLDER = Path(__file__).parent.parent / "cases" / "redirects"
LINE = re.compile(r"(\S+)((?: +[a-z]+=\S+)*) +-> +(.+?)(?: +~ +(.+?))?(?: +# .*)?")


@dataclass(frozen=True)
class Case:
    """A request, and what has to answer it."""

    name: str
    target: str
    visitor: dict[str, str]
    expected: str
    in_dev: str

    @property
    def request(self) -> RedirectRequest:
        """The request as rules see it."""
        path, _, query = self.target.partition("?")
        known = self.visitor
        read = read_request(
            path,
            query,
            {"cookie": f"{known['cookie']}=1" if "cookie" in known else ""},
            origin=known.get("origin"),
            country=known.get("country", "us"),
        )
        roles = frozenset(known["roles"].split(",")) if "roles" in known else frozenset[str]()
        return RedirectRequest(
            **{name: getattr(read, name) for name in ("path", "query", "cookies", "country")},
            origin=read.origin,
            language=known.get("language", "en"),
            roles=roles,
        )


@dataclass(frozen=True)
class CaseSet:
    """A file of cases that share rules and static files."""

    name: str
    redirects: str
    toml: str
    files: frozenset[str]
    cases: tuple[Case, ...]

    @property
    def rules(self) -> tuple[RedirectRule, ...]:
        """All rules that count, in the order in which Netlify reads them."""
        parsed = [parse_redirects(self.redirects), parse_netlify_toml(self.toml)]
        assert [str(problem) for one in parsed for problem in one.problems] == []
        return without_repeats([rule for one in parsed for rule in one.rules])


def read_sets() -> list[CaseSet]:
    """Read every file of cases."""
    return [_read_set(path) for path in sorted(FOLDER.glob("*.txt"))]


def in_words(outcome: Resolution) -> str:
    """An outcome as the case files write it."""
    match outcome:
        case ServedFile(path, status):
            return f"{status} file {path}"
        case RedirectTo(location, status):
            return f"{status} {location}"
        case FunctionCall(address):
            kind, _, name = address.removeprefix("/.netlify/").partition("s/")
            return f"{kind} {name}"
        case ProxyCall(url):
            return f"elsewhere {url}"
        case NotFound():
            return "404"


def _read_set(path: Path) -> CaseSet:
    parts = dict(_parts(path.read_text("utf-8")))
    lines = [line for line in parts["visits"].splitlines() if line and not line.startswith("#")]
    return CaseSet(
        name=path.stem,
        redirects=parts["rules"],
        toml=parts.get("toml", ""),
        files=frozenset(parts["files"].split()),
        cases=tuple(_read_case(path.stem, line) for line in lines),
    )


def _parts(text: str) -> Iterator[tuple[str, str]]:
    for part in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        name, _, body = part.partition("\n")
        yield name.strip(), body


def _read_case(name: str, line: str) -> Case:
    found = LINE.fullmatch(line.strip())
    assert found, f"{name}: not a case: {line}"
    visitor = dict(word.split("=", 1) for word in found[2].split())
    title = f"{name} {found[1]}{found[2]}"
    return Case(title, found[1], visitor, found[3], found[4] or found[3])
