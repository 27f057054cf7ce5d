"""A rule as it was found in a file, before it is known to be one."""

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
"""The conditions as Netlify writes them -> the names that they have here."""

LOWERCASE_CONDITIONS = frozenset({"country", "language", "role"})
"""Conditions that Netlify also reads without their capital."""

SPLAT_STATUSES = range(200, 300)
"""With one of these statuses a splat rule may leave its target out."""

URL = re.compile(r"(?i:(https?)://)([^/?#\s]+)(/.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ParsedRedirects:
    """The rules of a file, and everything that is wrong in it."""

    rules: tuple[RedirectRule, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RawRule:
    """The parts of a rule, each as it was written. `places` says where: `from`, `to`, `status`."""

    source: str
    where: Location
    to: str | None = None
    status: int = 301
    force: bool = False
    query: NameValuePairs = ()
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    headers: NameValuePairs = ()
    signed: str | None = None
    places: Mapping[str, Location] = field(default_factory=dict)

    def at(self, part: str) -> Location:
        """Where a part stands, or the rule where that is not known."""
        return self.places.get(part, self.where)


def to_rule(draft: RawRule) -> RedirectRule | list[Problem]:
    """Make a rule of a draft, or say everything that is wrong with it."""
    problems = [problem for check in CHECKS for problem in check(draft)]
    if problems:
        return problems
    origin, path = split_url(draft.source)
    known = {
        CONDITION_FIELDS[name.capitalize()]: values for name, values in draft.conditions.items()
    }
    return RedirectRule(
        from_path=path,
        to=draft.to if draft.to is not None else _forward(path),
        status=draft.status,
        force=draft.force,
        query=draft.query,
        conditions=RuleConditions(**known),
        origin=origin,
        headers=draft.headers,
        signed=draft.signed,
        where=draft.where,
    )


def split_url(source: str) -> tuple[str | None, str]:
    """`https://a.example/b` -> (`https://a.example`, `/b`); a path has no origin."""
    found = URL.fullmatch(source)
    if found is None:
        return None, source
    return f"{found[1]}://{found[2]}".lower(), found[3] or "/"


def _forward(path: str) -> str:
    return path.removesuffix(SPLAT) + ":splat"


def _check_from(draft: RawRule) -> Iterator[Problem]:
    where = draft.at("from")
    origin, path = split_url(draft.source)
    if origin is None and is_url(path):
        yield Problem(f'"{path}" is not a URL', where, "Write it as https://example.com/path")
    elif not path.startswith("/"):
        yield Problem(f'"{path}" is not a path', where, "A path to redirect from begins with /")
    elif path.startswith("/.netlify"):
        hint = "Netlify keeps these paths for itself"
        yield Problem('a rule cannot redirect from "/.netlify"', where, hint)
    if "?" in path or "#" in path:
        hint = "Query parameters stand after the path: /store id=:id /blog/:id"
        yield Problem(f'"{path}" is more than a path', where, hint)
    if SPLAT in path[:-1]:
        hint = "Use placeholders, such as /news/:year/*, for the parts before it"
        yield Problem('a splat "*" can stand only at the end of a path', where, hint)


def _check_to(draft: RawRule) -> Iterator[Problem]:
    where = draft.at("to")
    if draft.to is None:
        if not (draft.source.endswith("/" + SPLAT) and draft.status in SPLAT_STATUSES):
            hint = "Only a rule such as `/path/* 200` can do without"
            yield Problem("the target is missing", where, hint)
    elif is_url(draft.to):
        if not URL.fullmatch(draft.to):
            yield Problem(f'"{draft.to}" is not a URL', where)
    elif not draft.to.startswith("/"):
        hint = "A target begins with /, http:// or https://"
        yield Problem(f'"{draft.to}" is neither a path nor a URL', where, hint)


def _check_status(draft: RawRule) -> Iterator[Problem]:
    if draft.status not in range(200, 600) or draft.status == 304:
        hint = (
            "Use 301, 302, 303, 307 or 308 to redirect, 200 to rewrite, 404 and others to refuse."
        )
        yield Problem(f"a rule cannot have the status {draft.status}", draft.at("status"), hint)


def _check_conditions(draft: RawRule) -> Iterator[Problem]:
    for name, values in draft.conditions.items():
        where = draft.at(name)
        if name not in CONDITION_FIELDS and name not in LOWERCASE_CONDITIONS:
            known = ", ".join(CONDITION_FIELDS)
            hint = did_you_mean(name, CONDITION_FIELDS) or f"Conditions are {known}."
            yield Problem(f'there is no condition "{name}"', where, hint)
        elif not any(values) or not all(values):
            yield Problem(f'the condition "{name}" has an empty value', where)


CHECKS: tuple[Callable[[RawRule], Iterator[Problem]], ...] = (
    _check_from,
    _check_to,
    _check_status,
    _check_conditions,
)
