"""Decide what answers a request: a static file, a redirect, a function, another server, or nothing.

How a decision is made:

1. A path below `/.netlify/builders/`, `/.netlify/functions/` or `/_ssg/functions/` goes there; no
   rule is tried.
2. Rules are tried in their order (rule 18). A rule matches if its path, its query parameters, its
   host and all its conditions match. The first that matches decides.
3. A rule that fails only because the visitor lacks its role becomes the *guard* (rule 17): later
   rules may still match, but no static file answers.
4. Without a guard, a static file at the requested path answers, unless the rule that decides is
   forced (rule 15).
5. A redirect status sends the visitor elsewhere. With any other status the destination answers in
   place: another server, a builder or function (rule 14), or a static file. Rules are not tried
   again for the destination.
6. If nothing answers, `404.html` does, with status 404.

Source: https://docs.netlify.com/platform/request-chain (redirects and rewrites).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from ssg.model.images.service_url import NETLIFY_IMAGES
from ssg.redirects.matching.destination import decoded_path, fill_destination
from ssg.redirects.matching.pattern import compile_path
from ssg.redirects.matching.request import RedirectRequest
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.matching.static_files import FindFile
from ssg.redirects.rule import (
    FUNCTION_FOLDERS,
    NameValuePairs,
    RedirectRule,
    RuleConditions,
    function_address,
)


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
class FunctionCall:
    """The builder or function at `address` answers for `path`: the requested path, percent-encoded
    (rule 14).
    """

    address: str
    """`/.netlify/builders/NAME`, `/.netlify/functions/NAME` or `/_ssg/functions/NAME`."""
    path: str
    rule: RedirectRule | None = None


@dataclass(frozen=True, slots=True)
class ProxyCall:
    """The answer comes from another server, or from the image service of the host."""

    url: str
    status: int = 200
    rule: RedirectRule | None = None


@dataclass(frozen=True, slots=True)
class NotFound:
    """Nothing answers, and there is no 404.html. `rule` may be the guard that forbids the path."""

    rule: RedirectRule | None = None


Resolution = ServedFile | RedirectTo | FunctionCall | ProxyCall | NotFound


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """The rule that decides, with the values of its placeholders, and the guard of the path."""

    rule: RedirectRule | None
    values: Mapping[str, str]
    guard: RedirectRule | None


def resolve(
    rules: Iterable[RedirectRule], request: RedirectRequest, find_file: FindFile
) -> Resolution:
    """Decide what answers `request`. Pass a `RuleTable` to index the rules once for many calls."""
    if called := _call(request.path, request, None):
        return called
    match = first_match(RuleTable.of(rules), request)
    rule = match.rule
    if not match.guard and not (rule and rule.force):
        found = find_file(unquote(request.path))
        if found is not None:
            return ServedFile(found)
    if rule is None:
        return _not_found(find_file, match.guard)
    destination = fill_destination(rule.to, match.values, request.query)
    return _follow(rule, destination, request, find_file)


def first_match(table: RuleTable, request: RedirectRequest) -> RuleMatch:
    """Find the rule that decides. Static files are ignored."""
    path = unquote(request.path)
    guard = None
    for rule in table.for_path(path):
        values = match_query(rule, request.query)
        if values is None or not _is_for(rule, request):
            continue
        if _has_role(rule.conditions, request):
            parts = compile_path(rule.from_path).match(path) or {}
            return RuleMatch(rule, {**values, **parts}, guard)
        guard = guard or rule
    return RuleMatch(None, {}, guard)


def match_query(rule: RedirectRule, query: NameValuePairs) -> dict[str, str] | None:
    """The values of the placeholders in a rule's query, or None if the query does not match.

    Parameters that the rule does not name are ignored. Of a parameter that occurs twice, the last
    value counts; of a placeholder for two parameters, the value of the first by name.
    """
    if not rule.query:
        return {}
    given = dict(query)
    values: dict[str, str] = {}
    for name, required in sorted(rule.query):
        if name not in given:
            return None
        if required.startswith(":"):
            values.setdefault(required[1:], given[name])
        elif given[name] != required:
            return None
    return values


def _follow(
    rule: RedirectRule, destination: str, request: RedirectRequest, find_file: FindFile
) -> Resolution:
    if rule.redirects:
        return RedirectTo(destination, rule.status, rule)
    if rule.leaves_site or decoded_path(destination) == NETLIFY_IMAGES:
        return ProxyCall(destination, rule.status, rule)
    if called := _call(destination, request, rule):
        return called
    found = find_file(decoded_path(destination))
    if found is None:
        return _not_found(find_file, rule)
    return ServedFile(found, rule.status, rule)


def _call(
    destination: str, request: RedirectRequest, rule: RedirectRule | None
) -> FunctionCall | None:
    """The call of the builder or function that a path names, or None if it names neither."""
    if not destination.startswith(FUNCTION_FOLDERS):
        return None
    address = _function_at(destination)
    return FunctionCall(address, request.path, rule) if address else None


@lru_cache(maxsize=1024)
def _function_at(destination: str) -> str | None:
    return function_address(decoded_path(destination))


def _not_found(find_file: FindFile, rule: RedirectRule | None) -> ServedFile | NotFound:
    page = find_file("/404.html")
    return NotFound(rule) if page is None else ServedFile(page, 404, rule)


def _is_for(rule: RedirectRule, request: RedirectRequest) -> bool:
    """Whether the host and the conditions match, other than the role, which makes a guard."""
    conditions = rule.conditions
    return (
        (rule.origin is None or rule.origin == request.origin)
        and _has_country(conditions, request)
        and _has_language(conditions, request)
        and (not conditions.cookies or any(map(request.cookies.get, conditions.cookies)))
    )


def _has_country(conditions: RuleConditions, request: RedirectRequest) -> bool:
    country = (request.country or "").lower()
    return not conditions.countries or country in map(str.lower, conditions.countries)


def _has_language(conditions: RuleConditions, request: RedirectRequest) -> bool:
    """`en` also matches `en-GB`; `en-GB` matches only itself."""
    language = (request.language or "").lower() + "-"
    return not conditions.languages or any(
        language.startswith(f"{name.lower()}-") for name in conditions.languages
    )


def _has_role(conditions: RuleConditions, request: RedirectRequest) -> bool:
    if not conditions.roles:
        return True
    return bool(request.roles) and (
        "*" in conditions.roles or not request.roles.isdisjoint(conditions.roles)
    )
