"""Write rules as a `_redirects` file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ssg.model.errors import Problem, TargetError
from ssg.redirects.formats.draft import CONDITIONS
from ssg.redirects.rule import Rule


def write_redirects(rules: Iterable[Rule]) -> str:
    """Write rules one a line. Raises TargetError where this format cannot say a rule."""
    ordered = list(rules)
    problems = [problem for rule in ordered for problem in _unwritable(rule)]
    if problems:
        raise TargetError(problems)
    return "".join(" ".join(_words(rule)) + "\n" for rule in ordered)


def _words(rule: Rule) -> Iterator[str]:
    yield (rule.origin or "") + rule.from_path
    yield from (f"{name}={value}" for name, value in rule.query)
    yield rule.to
    yield f"{rule.status}{'!' * rule.force}"
    for name, ours in CONDITIONS.items():
        if values := getattr(rule.conditions, ours):
            yield f"{name}={','.join(values)}"
    if rule.signed is not None:
        yield f"Sign={rule.signed}"


def _unwritable(rule: Rule) -> Iterator[Problem]:
    hint = "Keep this rule in netlify.toml"
    if rule.headers:
        yield Problem(f"`{rule}` has headers, which `_redirects` cannot say", rule.where, hint)
    asked = [getattr(rule.conditions, ours) for ours in CONDITIONS.values()]
    parts = [*(part for pair in rule.query for part in pair), *(v for vs in asked for v in vs)]
    paths = [rule.from_path, rule.to, rule.signed or ""]
    if any(re.search(r"[\s=,]", part) for part in parts) or re.search(r"\s", "".join(paths)):
        hint = "Percent-encode it, or keep this rule in netlify.toml"
        message = f"`{rule}` holds a space, a comma or an equals sign that `_redirects` cannot say"
        yield Problem(message, rule.where, hint)
