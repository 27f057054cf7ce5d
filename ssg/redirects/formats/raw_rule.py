"""The parts of a redirect rule as they were written, before they are checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ssg.model.errors import Location, Problem, did_you_mean
from ssg.redirects.rule import SPLAT, NameValuePairs, RedirectRule, RuleConditions, is_url

CONDITION_FIELDS = {
    "Country": "countries",
    "Language": "languages",
    "Role": "roles",
    "Cookie": "cookies",
}
"""Netlify's names of conditions, and the fields of `RuleConditions`."""

LOWERCASE_CONDITIONS = frozenset({"country", "language", "role"})
"""Names of conditions that Netlify also reads in lower case."""

DEFAULT_STATUS = 301

SPLAT_STATUSES = range(200, 300)
"""With one of these statuses a splat rule needs no destination."""

URL = re.compile(r"(?i:(https?)://)([^/?#\s]+)(/.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ParsedRedirects:
    """The rules of a file, and its problems."""

    rules: tuple[RedirectRule, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RawRule:
    """The parts of a rule as they were written."""

    source: str
    where: Location
    to: str | None = None
    status: int | None = None
    force: bool = False
    query: NameValuePairs = ()
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: NameValuePairs = ()
    signed: str | None = None
    places: Mapping[str, Location] = field(default_factory=dict)
    """The places of parts by their names: `from`, `to`, `status`, names of conditions."""

    def at(self, part: str) -> Location:
        """The place of a part, or that of the rule if it is not known."""
        return self.places.get(part, self.where)


def to_rule(raw: RawRule) -> RedirectRule | list[Problem]:
    """Make a rule, or report all of its problems."""
    problems = [problem for check in CHECKS for problem in check(raw)]
    if problems:
        return problems
    origin, path = split_url(raw.source)
    known = {CONDITION_FIELDS[name.capitalize()]: values for name, values in raw.conditions.items()}
    return RedirectRule(
        from_path=path,
        to=raw.to if raw.to is not None else _forward(raw.source),
        status=DEFAULT_STATUS if raw.status is None else raw.status,
        has_status=raw.status is not None,
        force=raw.force,
        query=raw.query,
        conditions=RuleConditions(**known),
        origin=origin,
        headers=raw.headers,
        signed=raw.signed,
        where=raw.where,
    )


def split_url(source: str) -> tuple[str | None, str]:
    """Split `https://a.example/b` into `https://a.example` and `/b`. A path has no origin."""
    found = URL.fullmatch(source)
    if found is None:
        return None, source
    return f"{found[1]}://{found[2]}".lower(), found[3] or "/"


def _forward(source: str) -> str:
    return source.removesuffix(SPLAT) + ":splat"


def _check_from(raw: RawRule) -> Iterator[Problem]:
    where = raw.at("from")
    origin, path = split_url(raw.source)
    if origin is None and is_url(path):
        yield Problem(f'"{path}" is not a URL', where, "Write it as https://example.com/path")
    elif not path.startswith("/"):
        yield Problem(f'"{path}" is not a path', where, "Begin the path with /")
    elif path.startswith("/.netlify"):
        hint = "Netlify reserves these paths"
        yield Problem('a rule cannot begin with "/.netlify"', where, hint)
    if "?" in path or "#" in path:
        hint = "Write query parameters after the path: /store id=:id /blog/:id"
        yield Problem(f'"{path}" contains more than a path', where, hint)
    if SPLAT in path[:-1]:
        hint = "Use placeholders for other parts: /news/:year/*"
        yield Problem('a splat "*" can only end a path', where, hint)


def _check_to(raw: RawRule) -> Iterator[Problem]:
    where = raw.at("to")
    if raw.to is None:
        if not (raw.source.endswith("/" + SPLAT) and raw.status in SPLAT_STATUSES):
            hint = "Write it after the path. Only rules such as `/path/* 200` need none"
            yield Problem("the destination is missing", where, hint)
    elif is_url(raw.to):
        if not URL.fullmatch(raw.to):
            yield Problem(f'"{raw.to}" is not a URL', where)
    elif not raw.to.startswith("/"):
        hint = "A destination begins with /, http:// or https://"
        yield Problem(f'"{raw.to}" is neither a path nor a URL', where, hint)


def _check_status(raw: RawRule) -> Iterator[Problem]:
    if raw.status is not None and (raw.status not in range(200, 600) or raw.status == 304):
        hint = "Use 301, 302, 303, 307 or 308 to redirect, 200 to rewrite, 404 or others to refuse"
        yield Problem(f"a rule cannot have the status {raw.status}", raw.at("status"), hint)


def _check_conditions(raw: RawRule) -> Iterator[Problem]:
    names = [name.capitalize() for name in raw.conditions]
    for name, values in raw.conditions.items():
        where = raw.at(name)
        if name.islower() and names.count(name.capitalize()) > 1:
            yield Problem(f'the condition "{name.capitalize()}" occurs twice', where)
        elif name not in CONDITION_FIELDS and name not in LOWERCASE_CONDITIONS:
            known = ", ".join(CONDITION_FIELDS)
            hint = did_you_mean(name, CONDITION_FIELDS) or f"Conditions are {known}"
            yield Problem(f'there is no condition "{name}"', where, hint)
        elif not any(values) or not all(values):
            yield Problem(f'the condition "{name}" has an empty value', where)


CHECKS: tuple[Callable[[RawRule], Iterator[Problem]], ...] = (
    _check_from,
    _check_to,
    _check_status,
    _check_conditions,
)
