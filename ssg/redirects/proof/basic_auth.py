"""Find passwords that do not guard what they seem to guard."""

from __future__ import annotations

from collections.abc import Iterable

from ssg.model.errors import Problem
from ssg.redirects.header_rule import HeaderRule


def unguarded(rules: Iterable[HeaderRule], deferred_paths: Iterable[str]) -> list[Problem]:
    """Password rules for pages that a function answers, where no header rule has an effect."""
    guards = [rule for rule in rules if rule.asks_password]
    if not guards:
        return []
    paths = list(deferred_paths)
    return [
        _unguarded(rule, [path for path in paths if rule.matches(path)])
        for rule in guards
        if any(map(rule.matches, paths))
    ]


def _unguarded(rule: HeaderRule, paths: list[str]) -> Problem:
    more = f" (and {len(paths) - 1} more)" if len(paths) > 1 else ""
    message = (
        f"Basic-Auth for `{rule.for_path}` does not guard the deferred page {paths[0]}{more}: "
        "headers are for static files, and a function answers there"
    )
    return Problem(message, rule.where, "Build these pages instead: deferred = false")
