"""Rules that occur more than once: Netlify keeps the last of equal rules (rule 19).

Source: `removeDuplicates` in Netlify's own parser, `@netlify/redirect-parser`. Two rules are equal
if all that their author wrote is. A written status 301 differs from no status.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ssg.model.errors import Problem
from ssg.redirects.rule import RedirectRule


def without_repeats(rules: Sequence[RedirectRule]) -> tuple[RedirectRule, ...]:
    """The rules that count, in their order: of equal rules, the last."""
    if len({(rule.from_path, rule.to) for rule in rules}) == len(rules):
        return tuple(rules)
    last = {_key(rule): at for at, rule in enumerate(rules)}
    return tuple(rules[at] for at in sorted(last.values()))


def repeated_rules(rules: Iterable[RedirectRule]) -> Iterator[Problem]:
    """Report each rule that does not count, since an equal one follows."""
    last: dict[object, RedirectRule] = {}
    for rule in rules:
        key = _key(rule)
        if key in last:
            place = f" ({rule.where})" if rule.where else ""
            message = f"the rule `{rule}` counts only where it is repeated{place}"
            yield Problem(message, last[key].where, "Remove one of the two")
        last[key] = rule


def _key(rule: RedirectRule) -> object:
    by_name = frozenset(rule.query), frozenset(rule.headers)
    path = rule.origin, rule.from_path, rule.to, rule.force
    return path, by_name, rule.status, rule.has_status, rule.conditions, rule.signed
