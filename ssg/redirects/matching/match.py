"""Decide what answers a visit: a static file, a redirect, a builder, or nothing.

The first rule that matches decides (rule 18). Where a file exists, it answers instead, unless
the rule is forced (rule 15) or a role guards the path (rule 17). The path that a rewrite leads
to is looked up among the files and functions, but not among the rules again.
Source: https://docs.netlify.com/platform/request-chain (redirects and rewrites).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from ssg.redirects.matching.destination import decoded_path, fill_destination
from ssg.redirects.matching.pattern import compile_path
from ssg.redirects.matching.request import RedirectRequest
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.matching.static_files import FindFile
from ssg.redirects.rule import BUILDERS, FUNCTIONS, NameValuePairs, RedirectRule, RuleConditions


@dataclass(frozen=True, slots=True)
class ServedFile:
    """A static file answers. `path` is relative to the publish folder."""

    path: str
    status: int = 200
    rule: RedirectRule | None = None


@dataclass(frozen=True, slots=True)
class RedirectTo:
    """The visitor is sent to `location`: a path or a full URL, percent-encoded."""

    location: str
    status: int
    rule: RedirectRule


@dataclass(frozen=True, slots=True)
class BuilderCall:
    """The builder `name` answers for `path`: the path of the visit, as it came (rule 14)."""

    name: str
    path: str
    rule: RedirectRule | None = None


@dataclass(frozen=True, slots=True)
class ProxyCall:
    """Something answers that is not part of this site: another host, an ordinary function."""

    url: str
    status: int = 200
    rule: RedirectRule | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nothing answers, and there is no 404.html either. `rule` is a guard that forbids the path."""

    rule: RedirectRule | None = None


Resolution = ServedFile | RedirectTo | BuilderCall | ProxyCall | NotFound


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """The rule that decides, with the matched parts; and a rule that asks for a missing role."""

    rule: RedirectRule | None
    values: Mapping[str, str]
    guard: RedirectRule | None


def resolve(
    rules: Iterable[RedirectRule], visit: RedirectRequest, find_file: FindFile
) -> Resolution:
    """Decide what answers `visit`. Rules are tried in order; the first match wins.

    A path that nothing answers gives the site's 404.html with status 404 where there is
    one, and `NotFound` where there is none. Pass a `RuleTable` to index the rules once.
    """
    if called := _call(visit.path, visit, None):
        return called
    match = first_match(RuleTable.of(rules), visit)
    rule = match.rule
    if not match.guard and not (rule and rule.force):
        found = find_file(unquote(visit.path))
        if found is not None:
            return ServedFile(found)
    if rule is None:
        return _not_found(find_file, match.guard)
    target = fill_destination(rule.to, match.values, visit.query)
    return _follow(rule, target, visit, find_file)


def first_match(table: RuleTable, visit: RedirectRequest) -> RuleMatch:
    """Find the rule that decides, without a look at the files."""
    path = unquote(visit.path)
    guard = None
    for rule in table.for_path(path):
        values = match_query(rule, visit.query)
        if values is None or not _is_for(rule, visit):
            continue
        if _has_role(rule.conditions, visit):
            parts = compile_path(rule.from_path).match(path) or {}
            return RuleMatch(rule, {**values, **parts}, guard)
        guard = guard or rule
    return RuleMatch(None, {}, guard)


def match_query(rule: RedirectRule, query: NameValuePairs) -> dict[str, str] | None:
    """What the placeholders of the rule's query stand for, or None where a parameter misses.

    Parameters that the rule does not name make no difference; of one that stands twice, the
    last counts.
    """
    given = dict(query)
    values = {}
    for name, wanted in rule.query:
        if name not in given:
            return None
        if wanted.startswith(":"):
            values[wanted[1:]] = given[name]
        elif given[name] != wanted:
            return None
    return values


def _follow(
    rule: RedirectRule, target: str, visit: RedirectRequest, find_file: FindFile
) -> Resolution:
    if rule.redirects:
        return RedirectTo(target, rule.status, rule)
    if rule.leaves_site:
        return ProxyCall(target, rule.status, rule)
    if called := _call(target, visit, rule):
        return called
    found = find_file(decoded_path(target))
    return (
        ServedFile(found, rule.status, rule) if found is not None else _not_found(find_file, rule)
    )


def _call(
    target: str, visit: RedirectRequest, rule: RedirectRule | None
) -> BuilderCall | ProxyCall | None:
    """The builder or function that a path names."""
    if target.startswith(BUILDERS) and (
        name := decoded_path(target)[len(BUILDERS) :].split("/")[0]
    ):
        return BuilderCall(name, visit.path, rule)
    if target.startswith(FUNCTIONS) and target != FUNCTIONS:
        return ProxyCall(target, rule=rule)
    return None


def _not_found(find_file: FindFile, rule: RedirectRule | None) -> ServedFile | NotFound:
    page = find_file("/404.html")
    return NotFound(rule) if page is None else ServedFile(page, 404, rule)


def _is_for(rule: RedirectRule, visit: RedirectRequest) -> bool:
    """Whether the host and the conditions fit; roles are asked apart, because they guard."""
    asked = rule.conditions
    return (
        (rule.origin is None or rule.origin == visit.origin)
        and _has_country(asked, visit)
        and _has_language(asked, visit)
        and (not asked.cookies or any(visit.cookies.get(name) for name in asked.cookies))
    )


def _has_country(asked: RuleConditions, visit: RedirectRequest) -> bool:
    country = (visit.country or "").lower()
    return not asked.countries or country in map(str.lower, asked.countries)


def _has_language(asked: RuleConditions, visit: RedirectRequest) -> bool:
    """`en` is for `en-GB` too, and `en-GB` for itself alone."""
    language = (visit.language or "").lower() + "-"
    return not asked.languages or any(
        language.startswith(f"{wanted.lower()}-") for wanted in asked.languages
    )


def _has_role(asked: RuleConditions, visit: RedirectRequest) -> bool:
    if not asked.roles:
        return True
    return bool(visit.roles) and ("*" in asked.roles or not visit.roles.isdisjoint(asked.roles))
