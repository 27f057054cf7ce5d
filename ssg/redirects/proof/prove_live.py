"""Prove that requests for live pages reach the function.

A route has endless paths, so rules are compared with its pattern, not with its pages. A rule that
matches some of the paths may take these elsewhere: its author wants that. A rule that matches all
of them leaves nothing of the route. One with a role that only some later rule of the site would
complete guards nothing (rule 17): visitors without the role get the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ssg.model.errors import Problem
from ssg.redirects.matching.pattern import PathPattern, compile_path, covers, overlaps
from ssg.redirects.rule import RedirectRule

_TAKEN_HINT = "Make the rule narrower: what is left of the route has to match it alone"
_GUARD_HINT = (
    "Send visitors with the role to the function, and all others elsewhere: "
    "`PATH FUNCTION 200! Role=NAME`, then `PATH /login 302!`."
)


def prove_live(
    rules: Iterable[RedirectRule], live: Sequence[RedirectRule], what: str = "live pages"
) -> list[Problem]:
    """Report the rules that keep all live pages of a route from the function, or do not guard them.

    `rules` are all rules, in the order in which the host reads them; `live` are those for the
    patterns of routes. `what` says in messages what is there.
    """
    ordered = [(rule, compile_path(rule.from_path)) for rule in rules] if live else []
    found = (problem for rule in live for problem in _follow(rule, ordered, what))
    return list(dict.fromkeys(found))


def _follow(
    ours: RedirectRule, ordered: Sequence[tuple[RedirectRule, PathPattern]], what: str
) -> Iterator[Problem]:
    """Follow the rules for a pattern, as a visitor for whom no condition holds."""
    pattern = compile_path(ours.from_path)
    guards: list[tuple[RedirectRule, PathPattern]] = []
    for rule, other in ordered:
        if not overlaps(other, pattern):
            continue
        if rule.conditions.roles:
            guards.append((rule, other))
        elif rule.is_unconditional:
            takes_all = covers(other, pattern)
            if takes_all and rule.function == ours.function:
                yield from (_unguarded(guard, ours, what) for guard, _ in guards)
                return
            if takes_all:
                yield from () if _is_guarded(ours, guards) else (_taken(rule, ours, what),)
                return
            # Visitors without the role are sent away here: these guards are complete.
            guards = [(guard, one) for guard, one in guards if not covers(other, one)]


def _is_guarded(ours: RedirectRule, guards: Sequence[tuple[RedirectRule, PathPattern]]) -> bool:
    """Whether visitors with a role reach the function before a rule takes all others away."""
    pattern = compile_path(ours.from_path)
    return any(
        guard.function == ours.function and covers(other, pattern) for guard, other in guards
    )


def _taken(rule: RedirectRule, ours: RedirectRule, what: str) -> Problem:
    message = f"the rule `{rule}` takes all {what} at {ours.from_path} from the function"
    return Problem(message, rule.where, _TAKEN_HINT)


def _unguarded(guard: RedirectRule, ours: RedirectRule, what: str) -> Problem:
    message = (
        f"the rule `{guard}` guards {what} at {ours.from_path} with a role, but visitors "
        "without the role still get them from the function"
    )
    return Problem(message, guard.where, _GUARD_HINT)
