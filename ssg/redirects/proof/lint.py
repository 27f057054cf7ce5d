"""Rules that are legal and yet cannot mean what they say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import parse_qsl, quote, urlsplit

from ssg.model.errors import Problem
from ssg.redirects.matching.match import RedirectTo, resolve
from ssg.redirects.matching.pattern import PLACEHOLDER, PathPattern, compile_path, covers
from ssg.redirects.matching.request import RedirectRequest
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.matching.static_files import FindFile, file_finder
from ssg.redirects.rule import RedirectRule, is_url

MAX_HOPS = 10
"""Browsers give up after about twenty redirects; sense ends sooner."""


def lint_rules(rules: Iterable[RedirectRule], file_paths: Collection[str] = ()) -> list[Problem]:
    """Everything odd about rules in their order. `file_paths` are the publish folder's files."""
    table = RuleTable.of(rules)
    return [
        *unreachable(table),
        *hidden_files(table, file_paths),
        *loops(table, file_finder(frozenset(file_paths))),
        *unknown_placeholders(table),
    ]


def unreachable(rules: Iterable[RedirectRule]) -> list[Problem]:
    """Rules whose every path an earlier rule takes."""
    earlier: dict[str | None, list[tuple[PathPattern, RedirectRule]]] = defaultdict(list)
    problems = []
    for rule in rules:
        pattern = compile_path(rule.from_path)
        before = (pair for key in _shelves(pattern) for pair in earlier[key])
        if taker := next(
            (r for p, r in before if covers(p, pattern) and _takes_all(r, rule)), None
        ):
            problems.append(_unreachable(rule, taker))
        else:
            earlier[_shelves(pattern)[0]].append((pattern, rule))
    return problems


def hidden_files(rules: Iterable[RedirectRule], file_paths: Collection[str]) -> list[Problem]:
    """Forced rules that answer in place of files for every visitor."""
    forced = RuleTable.of(rule for rule in rules if rule.force and rule.is_unconditional)
    hidden: dict[RedirectRule, list[str]] = defaultdict(list)
    for name in sorted(file_paths) if len(forced) else ():
        path = "/" + name.removesuffix("index.html")
        rule = next(forced.for_path(path), None)
        if rule is not None and not _leads_back(rule, path):
            hidden[rule].append(path)
    return [_hides(rule, paths) for rule, paths in hidden.items()]


def loops(rules: Iterable[RedirectRule], find_file: FindFile) -> list[Problem]:
    """Redirects that lead back to themselves, or on without end."""
    table = RuleTable.of(rules)
    redirects = (rule for rule in table if rule.redirects and not is_url(rule.to))
    return [p for rule in redirects for p in _follow(rule, table, find_file)]


def unknown_placeholders(rules: Iterable[RedirectRule]) -> list[Problem]:
    """Targets with a `:name` that nothing in the rule gives a value."""
    return [problem for rule in rules for problem in _unknown_names(rule)]


def _shelves(pattern: PathPattern) -> tuple[str | None, ...]:
    """Where rules that may cover a pattern are kept; first its own place.

    Plain paths are kept each by itself, the others by their first folder.
    """
    top = pattern.segments[0] if pattern.segments else PLACEHOLDER
    shelf = f"{top}/" if top is not PLACEHOLDER else PLACEHOLDER
    plain = () if pattern.literal is None else (pattern.literal,)
    return (*plain, shelf, *((PLACEHOLDER,) if shelf is not PLACEHOLDER else ()))


def _takes_all(earlier: RedirectRule, later: RedirectRule) -> bool:
    """Whether the earlier rule's host, query and conditions hold wherever the later one's do."""
    same = earlier.conditions == later.conditions and earlier.query == later.query
    same_host = earlier.origin in (None, later.origin)
    return earlier.is_unconditional or (same and same_host)


def _unreachable(rule: RedirectRule, taker: RedirectRule) -> Problem:
    line = f" ({taker.where})" if taker.where else ""
    message = f"the rule `{rule}` is never reached: `{taker}`{line} takes all its paths first"
    return Problem(message, rule.where, "Move the narrower rule up, or remove it")


def _hides(rule: RedirectRule, paths: list[str]) -> Problem:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    message = f"the forced rule `{rule}` hides the file {paths[0]}{more}"
    return Problem(message, rule.where, "Leave out the `!` to let files answer first")


def _leads_back(rule: RedirectRule, path: str) -> bool:
    """Whether a rewrite only serves the same path again, as `/x/* 200!` does."""
    to = urlsplit(rule.to).path.replace(":splat", "*") if not is_url(rule.to) else ""
    return not rule.redirects and (to == rule.from_path or to.rstrip("/") == path.rstrip("/"))


def _follow(rule: RedirectRule, table: RuleTable, find_file: FindFile) -> Iterator[Problem]:
    """Walk from a sample visit of the rule for as long as it is redirected."""
    visit = _sample(rule)
    seen = {visit.path.rstrip("/")}
    for _ in range(MAX_HOPS):
        outcome = resolve(table, visit, find_file)
        if not isinstance(outcome, RedirectTo) or is_url(outcome.location):
            return
        if len(seen) == 1 and outcome.rule is not rule:
            return  # another rule takes the sample: the loop, if any, is that rule's
        visit = _next(visit, outcome.location)
        if visit.path.rstrip("/") in seen:
            hint = "A trailing slash makes no difference to Netlify's rules"
            yield Problem(f"the rule `{rule}` leads back to itself", rule.where, hint)
            return
        seen.add(visit.path.rstrip("/"))
    yield Problem(f"the rule `{rule}` redirects without end", rule.where)


def _sample(rule: RedirectRule) -> RedirectRequest:
    pattern = compile_path(rule.from_path)
    segments = ["x" if s is PLACEHOLDER else quote(s) for s in pattern.segments]
    if pattern.is_open:
        segments.append(quote(pattern.stem or "") + "x")
    asked = rule.conditions
    return RedirectRequest(
        path="/" + "/".join(segments),
        query=tuple((name, "x" if v.startswith(":") else v) for name, v in rule.query),
        cookies=dict.fromkeys(asked.cookies, "1"),
        country=next(iter(asked.countries), None),
        language=next(iter(asked.languages), None),
        roles=frozenset(asked.roles),
        origin=rule.origin,
    )


def _next(visit: RedirectRequest, location: str) -> RedirectRequest:
    parts = urlsplit(location)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    return RedirectRequest(
        path=parts.path,
        query=query,
        cookies=visit.cookies,
        country=visit.country,
        language=visit.language,
        roles=visit.roles,
        origin=visit.origin,
    )


def _unknown_names(rule: RedirectRule) -> Iterator[Problem]:
    known = {*compile_path(rule.from_path).names}
    known |= {value[1:] for _, value in rule.query if value.startswith(":")}
    target = re.sub(r"^https?://[^/]*", "", rule.to)
    for name in re.findall(r"(?<=[/=-]):([A-Za-z_]\w*)", target):
        if not any(name.startswith(given) for given in known):
            message = f'nothing in the rule `{rule}` gives ":{name}" a value'
            yield Problem(message, rule.where)
