"""Find what a password in `_headers` does to deferred pages: it does not protect them."""

from __future__ import annotations

from collections.abc import Iterable

from ssg.model.errors import Problem
from ssg.redirects.header_rule import HeaderRule


def unguarded(rules: Iterable[HeaderRule], deferred_paths: Iterable[str]) -> list[Problem]:
    """Report passwords for deferred pages: a function answers there, and asks for none."""
    guards = [rule for rule in rules if rule.asks_password]
    if not guards:
        return []
    paths = list(deferred_paths)
    return [
        _unguarded(rule, [path for path in paths if rule.matches(path)])
        for rule in guards
        if any(map(rule.matches, paths))
    ]


def uncached(rules: Iterable[HeaderRule]) -> list[Problem]:
    """Warn of the first password: with one, Netlify caches no page of the whole site.

    See https://www.netlify.com/knowledge-base/how-to-control-cdn-caching-on-netlify/.
    """
    first = next((rule for rule in rules if rule.asks_password), None)
    if first is None:
        return []
    message = (
        f"Basic-Auth for `{first.for_path}` switches the cache of Netlify off for the whole site: "
        "each request for a deferred page renders it"
    )
    return [Problem(message, first.where, "Protect pages with a Role= rule instead")]


def _unguarded(rule: HeaderRule, paths: list[str]) -> Problem:
    more = f" (and {len(paths) - 1} more)" if len(paths) > 1 else ""
    message = (
        f"Basic-Auth for `{rule.for_path}` does not guard the deferred page {paths[0]}{more}: "
        "the host asks for it where a static file answers, and a function answers there"
    )
    return Problem(message, rule.where, "Build these pages instead: deferred = false")
