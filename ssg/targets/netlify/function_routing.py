"""Decides how requests reach a function: by paths of its own, or by redirect rules.

Netlify evaluates functions with paths before redirect rules
(https://docs.netlify.com/platform/request-chain/). So a function has paths only if no rule of the
site is for any of them; otherwise redirect rules lead to it, after those of the site.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ssg.model.errors import Problem
from ssg.redirects.proof.cover import without_covered
from ssg.redirects.proof.overlap import overlapping
from ssg.redirects.rule import RedirectRule
from ssg.targets.netlify.function_paths import function_paths

_HINT = (
    "After a deploy, request a page without the role that a member has read before; "
    'with kind = "builder" the rule is asked first'
)


@dataclass(frozen=True, slots=True)
class FunctionRouting:
    """The paths of a function, none if rules lead to it, and the reason."""

    paths: tuple[str, ...] = ()
    reason: str = ""
    warnings: tuple[Problem, ...] = ()


def function_routing(
    covering: Sequence[RedirectRule], live: Sequence[RedirectRule], others: Iterable[RedirectRule]
) -> FunctionRouting:
    """Decide for a function that answers what `covering` and `live` match, beside all `others`."""
    own = (*covering, *without_covered(live, covering))
    if not own:
        return FunctionRouting()
    taken = list(overlapping(others, own))
    if not taken:
        reason = "paths of its own: no redirect rule is for any of them"
        return FunctionRouting(function_paths(own), reason)
    place = taken[0].where or "an alias"
    reason = f"redirect rules: `{taken[0]}` ({place}) has to come before it"
    guards = (rule for rule in taken if rule.conditions.roles)
    return FunctionRouting((), reason, tuple(map(_guard, guards)))


def _guard(rule: RedirectRule) -> Problem:
    message = (
        f"the rule `{rule}` guards pages of the function with a role; Netlify does not say whether "
        "its cache answers for a function before the rule is asked"
    )
    return Problem(message, rule.where, _HINT)
