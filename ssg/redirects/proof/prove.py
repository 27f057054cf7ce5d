"""Prove that every deferred page reaches the function and every built file its visitors.

`ssg` adds its rules to those of the user, and each can defeat the other: a rule of the user takes
a deferred page from the function, a file answers in its place, or a forced rule of ours hides a
file. So each build follows the rules for *every* path, as a visitor for whom no condition holds:
without a role, a cookie, a query, or a country. Rules with other conditions than a role are
skipped: they take some visitors elsewhere, as their author wants.

A rule with a role is a *guard* (rule 17): the rules after it are for visitors without the role.
The walk for a deferred page ends at our rule, which is right unless a guard precedes it: visitors
without the role would get the page. Or it ends at an unconditional rule of the user. That rule
must call the function, or lead anywhere if a guard before it calls the function.

Thousands of pages can fail for one reason, so findings are counted by cause and rule, with the
first page as an example.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from ssg.model.errors import Location, Problem
from ssg.redirects.matching.pattern import PathPattern, compile_path, covers, overlaps
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.matching.static_files import answered_paths, file_finder
from ssg.redirects.rule import RedirectRule


@dataclass(slots=True)
class RoutingFindings:
    """Counts the pages that fail for the same reason, and keeps the first as an example."""

    examples: dict[tuple[str, RedirectRule | None], str] = field(default_factory=dict)
    counts: Counter[tuple[str, RedirectRule | None]] = field(default_factory=Counter)

    def add(self, cause: str, rule: RedirectRule | None, path: str) -> None:
        """Count a page."""
        self.examples.setdefault((cause, rule), path)
        self.counts[cause, rule] += 1

    def problems(self) -> list[Problem]:
        """One problem for each cause and rule, in the order of the first pages."""
        return [
            _problem(cause, rule, path, self.counts[cause, rule])
            for (cause, rule), path in self.examples.items()
        ]


def prove_routing(
    rules: Iterable[RedirectRule],
    own_rules: Collection[RedirectRule],
    deferred_paths: Iterable[str],
    file_paths: Collection[str],
) -> list[Problem]:
    """Report what keeps a deferred page from the function, or a built file from its visitors.

    `rules` are all rules, in the order in which the host reads them; `own_rules` are those that
    the target wrote. `deferred_paths` are decoded URL paths, `file_paths` the names of the built
    files, relative to the publish folder.
    """
    table = RuleTable.of(rules)
    known = frozenset(own_rules)
    own = {id(rule) for rule in table if rule in known}  # hashing a rule for every page is slow
    functions = {rule.function for rule in known}
    findings = RoutingFindings()
    find_file = file_finder(frozenset(file_paths))
    answered = {path for name in file_paths for path in answered_paths(name)}
    for path in deferred_paths:
        _follow_page(path, table, own, functions, findings)
        if path in answered and find_file(path) is not None:
            findings.add("file", None, path)
    if forced := RuleTable.of(rule for rule in own_rules if rule.force):
        for name in file_paths:
            _follow_file("/" + name, forced, findings)
    return findings.problems()


def rules_hidden_by(
    own_rules: Iterable[RedirectRule], later_rules: Iterable[RedirectRule]
) -> list[Problem]:
    """Report the user's rules in netlify.toml that the target's rules in `_redirects` hide.

    `_redirects` is read first (rule 18). A rule that is wider than ours still applies to all other
    paths. So this reports only rules that lose every path, that are forced, or that need a role.
    """
    own = [(rule, compile_path(rule.from_path)) for rule in own_rules]
    return [
        _hidden(rule, hider)
        for rule in later_rules
        for hider in [next((ours for ours, p in own if _hides(p, rule)), None)]
        if hider is not None
    ]


def _follow_page(
    path: str,
    table: RuleTable,
    own: Collection[int],
    functions: Collection[str | None],
    findings: RoutingFindings,
) -> None:
    """Follow the rules for a deferred page, as a visitor for whom no condition holds."""
    guard: RedirectRule | None = None
    for rule in table.for_path(path):
        if id(rule) in own:
            if guard is not None:
                findings.add("guard", guard, path)
            return
        if rule.conditions.roles:
            guard = guard or rule
        elif rule.is_unconditional:
            # After a guard, this rule answers visitors without the role: it may lead elsewhere.
            decider = guard or rule
            if decider.function not in functions:
                findings.add("taken", rule, path)
            return
    findings.add("lost", None, path)


def _follow_file(name: str, forced: RuleTable, findings: RoutingFindings) -> None:
    url = name.removesuffix("index.html")
    for path in {name, url, name.removesuffix(".html")}:
        rule = next(forced.for_path(path), None)
        if rule is not None:
            findings.add("hides", rule, path)
            return


def _problem(cause: str, rule: RedirectRule | None, path: str, count: int) -> Problem:
    more = f" (and {count - 1} more)" if count > 1 else ""
    where = rule.where if rule else None
    messages = {
        "taken": (
            f"the rule `{rule}` takes the deferred page {path}{more} from the function",
            "Make the rule narrower, or render these pages in the build: deferred = false",
        ),
        "guard": (
            f"the rule `{rule}` guards the deferred page {path}{more} with a role, "
            "but visitors without the role still get it from the function",
            "Send visitors with the role to the function, and all others elsewhere: "
            "`PATH FUNCTION 200! Role=NAME`, then `PATH /login 302!`.",
        ),
        "lost": (f"no rule sends the deferred page {path}{more} to the function", None),
        "file": (
            f"a file in the publish folder answers in place of the deferred page {path}{more}",
            "Remove the file, or move the page",
        ),
        "hides": (f"the rule `{rule}` hides the built file {path}{more}", None),
    }
    message, hint = messages[cause]
    return Problem(message, where, hint)


def _hides(ours: PathPattern, rule: RedirectRule) -> bool:
    theirs = compile_path(rule.from_path)
    if covers(ours, theirs):
        return True
    return (rule.force or bool(rule.conditions.roles)) and overlaps(ours, theirs)


def _hidden(rule: RedirectRule, hider: RedirectRule) -> Problem:
    message = f"the rule `{rule}` never applies: `{hider}` in _redirects is read before it"
    where = rule.where or Location("netlify.toml")
    return Problem(message, where, "Move it to static/_redirects")
