"""Find rules that are valid but cannot do what their author wants."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlsplit

from ssg.model.errors import Problem
from ssg.redirects.matching.match import RedirectTo, resolve
from ssg.redirects.matching.pattern import PLACEHOLDER, PathPattern, compile_path, covers
from ssg.redirects.matching.request import RedirectRequest
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.matching.static_files import FindFile, file_finder
from ssg.redirects.rule import RedirectRule, is_url

_HOST = re.compile(r"(?:https?:)?//([^/?#\\]*)")

MAX_HOPS = 10
"""Browsers follow about twenty redirects. Nobody needs as many as these."""


def lint_rules(rules: Iterable[RedirectRule], file_paths: Collection[str] = ()) -> list[Problem]:
    """Report every rule that is suspicious. `file_paths` are the files of the publish folder."""
    table = RuleTable.of(rules)
    return [
        *unreachable(table),
        *hidden_files(table, file_paths),
        *loops(table, file_finder(frozenset(file_paths))),
        *unknown_placeholders(table),
        *open_redirects(table),
    ]


def unreachable(rules: Iterable[RedirectRule]) -> list[Problem]:
    """Report rules for paths that an earlier rule takes."""
    earlier: dict[str | None, list[tuple[PathPattern, RedirectRule]]] = defaultdict(list)
    problems = []
    for rule in rules:
        pattern = compile_path(rule.from_path)
        before = (pair for key in _keys(pattern) for pair in earlier[key])
        if taker := next(
            (r for p, r in before if covers(p, pattern) and _takes_all(r, rule)), None
        ):
            problems.append(_unreachable(rule, taker))
        else:
            earlier[_keys(pattern)[0]].append((pattern, rule))
    return problems


def hidden_files(rules: Iterable[RedirectRule], file_paths: Collection[str]) -> list[Problem]:
    """Report forced rules that hide files from every visitor."""
    forced = RuleTable.of(rule for rule in rules if rule.force)
    hidden: dict[RedirectRule, list[str]] = defaultdict(list)
    for name in sorted(file_paths) if len(forced) else ():
        path = "/" + name.removesuffix("index.html")
        if rule := _hiding(forced.for_path(path), path):
            hidden[rule].append(path)
    return [_hides(rule, paths) for rule, paths in hidden.items()]


def loops(rules: Iterable[RedirectRule], find_file: FindFile) -> list[Problem]:
    """Report redirects that lead back to themselves, or that never end."""
    table = RuleTable.of(rules)
    redirects = (rule for rule in table if rule.redirects and not is_url(rule.to))
    return [p for rule in redirects for p in _follow(rule, table, find_file)]


def unknown_placeholders(rules: Iterable[RedirectRule]) -> list[Problem]:
    """Report destinations with a `:name` for which the rule has no value."""
    return [problem for rule in rules for problem in _unknown_names(rule)]


def open_redirects(rules: Iterable[RedirectRule]) -> list[Problem]:
    """Report rules with which the path of a request chooses the host that it leads to.

    A link to such a rule looks like one to this site and leads to any other. A splat may begin
    with a slash, `/old//evil.example`, and browsers take `//evil.example` for a host.
    """
    return [problem for rule in rules for problem in _open_redirect(rule)]


def _keys(pattern: PathPattern) -> tuple[str | None, ...]:
    """The keys under which rules that may cover a pattern are kept; the first is its own.

    A plain path is its own key. The key of any other pattern is its first folder.
    """
    top = pattern.segments[0] if pattern.segments else PLACEHOLDER
    folder = f"{top}/" if top is not PLACEHOLDER else PLACEHOLDER
    plain = () if pattern.literal is None else (pattern.literal,)
    return (*plain, folder, *((PLACEHOLDER,) if folder is not PLACEHOLDER else ()))


def _takes_all(earlier: RedirectRule, later: RedirectRule) -> bool:
    """Whether every request that meets the later rule's conditions meets the earlier rule's."""
    same = earlier.conditions == later.conditions and earlier.query == later.query
    same_host = earlier.origin in (None, later.origin)
    return earlier.is_unconditional or (same and same_host)


def _unreachable(rule: RedirectRule, taker: RedirectRule) -> Problem:
    line = f" ({taker.where})" if taker.where else ""
    message = f"the rule `{rule}` never applies: `{taker}`{line} takes all its paths first"
    return Problem(message, rule.where, "Move the narrower rule up, or remove it")


def _hides(rule: RedirectRule, paths: list[str]) -> Problem:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    message = f"the forced rule `{rule}` hides the file {paths[0]}{more}"
    return Problem(message, rule.where, "Remove the `!`, so that files answer first")


def _hiding(forced: Iterable[RedirectRule], path: str) -> RedirectRule | None:
    """The rule that hides a file, if none before it shows the file to some visitors."""
    for rule in forced:
        if _leads_back(rule, path):
            return None
        if rule.is_unconditional:
            return rule
    return None


def _leads_back(rule: RedirectRule, path: str) -> bool:
    """Whether a rewrite serves the requested path itself, as `/x/* 200!` does."""
    to = urlsplit(rule.to).path.replace(":splat", "*") if not is_url(rule.to) else ""
    return not rule.redirects and (to == rule.from_path or to.rstrip("/") == path.rstrip("/"))


def _follow(rule: RedirectRule, table: RuleTable, find_file: FindFile) -> Iterator[Problem]:
    """Follow a sample request of a rule for as long as it is redirected."""
    request = _sample(rule)
    seen = {request.path.rstrip("/")}
    for _ in range(MAX_HOPS):
        outcome = resolve(table, request, find_file)
        if not isinstance(outcome, RedirectTo) or is_url(outcome.location):
            return
        if len(seen) == 1 and outcome.rule is not rule:
            return  # another rule takes the sample; a loop is reported for that rule
        request = _next(request, outcome.location)
        if request.path.rstrip("/") in seen:
            hint = "For Netlify, a path with and without a trailing slash is the same"
            yield Problem(f"the rule `{rule}` leads back to itself", rule.where, hint)
            return
        seen.add(request.path.rstrip("/"))
    yield Problem(f"the rule `{rule}` redirects and never ends", rule.where)


def _sample(rule: RedirectRule) -> RedirectRequest:
    pattern = compile_path(rule.from_path)
    segments = ["x" if s is PLACEHOLDER else quote(s) for s in pattern.segments]
    if pattern.is_open:
        segments.append(quote(pattern.stem or "") + "x")
    conditions = rule.conditions
    return RedirectRequest(
        path="/" + "/".join(segments),
        query=tuple((name, "x" if v.startswith(":") else v) for name, v in rule.query),
        cookies=dict.fromkeys(conditions.cookies, "1"),
        country=next(iter(conditions.countries), None),
        language=next(iter(conditions.languages), None),
        roles=frozenset(conditions.roles),
        origin=rule.origin,
    )


def _next(request: RedirectRequest, location: str) -> RedirectRequest:
    parts = urlsplit(location)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return replace(request, path=parts.path, query=query)


def _open_redirect(rule: RedirectRule) -> Iterator[Problem]:
    host = _HOST.match(rule.to)
    chosen = next((name for name in sorted(_names(rule)) if host and f":{name}" in host[1]), None)
    if chosen:
        message = f'the rule `{rule}` lets a request choose the host: ":{chosen}" is part of it'
        yield Problem(message, rule.where, "Write the whole host, and a / after it")
    elif rule.redirects and rule.to.startswith("/:splat") and "splat" in _names(rule):
        message = f"the rule `{rule}` lets a request choose the host: //evil.example is one"
        hint = "Write the host of this site: https://www.example.org/:splat"
        yield Problem(message, rule.where, hint)
    elif rule.to.startswith("//"):
        message = f"the rule `{rule}` leads to another host: browsers take what follows // for one"
        yield Problem(message, rule.where, "Begin a path with one /, or write https://")


def _names(rule: RedirectRule) -> frozenset[str]:
    """The names for which a rule has values."""
    in_query = (value[1:] for _, value in rule.query if value.startswith(":"))
    return frozenset((*compile_path(rule.from_path).names, *in_query))


def _unknown_names(rule: RedirectRule) -> Iterator[Problem]:
    known = _names(rule)
    destination = re.sub(r"^https?://[^/]*", "", rule.to)
    for name in re.findall(r"(?<=[/=-]):([A-Za-z_]\w*)", destination):
        if not any(name.startswith(given) for given in known):
            message = f'the rule `{rule}` has no value for ":{name}"'
            yield Problem(message, rule.where)
