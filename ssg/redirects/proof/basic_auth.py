"""Find what a password in `_headers` does to pages of a function: it does not protect them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ssg.model.errors import Problem
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.matching.pattern import compile_path, overlaps
from ssg.redirects.rule import SPLAT, RedirectRule


def unguarded(
    rules: Iterable[HeaderRule],
    deferred_paths: Iterable[str],
    live: Sequence[RedirectRule] = (),
) -> list[Problem]:
    """Report passwords for deferred and live pages: a function answers there, and asks for none."""
    guards = [rule for rule in rules if rule.asks_password]
    if not guards:
        return []
    paths = list(deferred_paths)
    deferred = [
        _unguarded(rule, [path for path in paths if rule.matches(path)])
        for rule in guards
        if any(map(rule.matches, paths))
    ]
    return [*deferred, *_unguarded_live(guards, live)]


def _unguarded_live(
    guards: Iterable[HeaderRule], live: Sequence[RedirectRule]
) -> Iterator[Problem]:
    for rule in guards:
        pattern = compile_path(_at_least(rule.for_path))
        ours = next((one for one in live if overlaps(compile_path(one.from_path), pattern)), None)
        if ours:
            message = (
                f"Basic-Auth for `{rule.for_path}` does not guard live pages at {ours.from_path}: "
                "the host asks for it where a static file answers, and a function answers there"
            )
            yield Problem(message, rule.where, "Let no route match these paths")


def _at_least(for_path: str) -> str:
    """The path of a redirect rule that matches all paths that one of a header rule matches."""
    start, star, _ = for_path.partition(SPLAT)
    return start + star


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
