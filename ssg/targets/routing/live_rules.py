"""The rules that lead requests for live pages to the function.

A rule knows whole segments only, and nothing of `where` and `except`. So it may match more than its
route; the function decides, and answers 404 where no route matches. No rule is forced: files come
first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ssg.model.live.route import Route
from ssg.model.live.route_pattern import PLACEHOLDER, RoutePattern
from ssg.redirects.matching.pattern import PathPattern, compile_path, covers
from ssg.redirects.proof.cover import WRITABLE, written_forms
from ssg.redirects.rule import RedirectRule


def live_rules(routes: Iterable[Route], address: str) -> tuple[RedirectRule, ...]:
    """The fewest rules that match all paths of routes."""
    paths = {rule_path(one) for route in routes for one in route.patterns}
    patterns = {path: compile_path(path) for path in sorted(paths)}
    widest = (path for path in patterns if not _is_covered(path, patterns))
    return tuple(RedirectRule(one, address, 200) for path in widest for one in written_forms(path))


def _is_covered(path: str, patterns: Mapping[str, PathPattern]) -> bool:
    """Whether another path covers this one; of two that cover each other, the first one stays."""
    own = patterns[path]
    return any(
        covers(other, own) and (not covers(own, other) or name < path)
        for name, other in patterns.items()
        if name != path
    )


def rule_path(pattern: RoutePattern) -> str:
    """The path of a rule that matches what a pattern of a route matches: `/:user/:slug`."""
    segments = (one for one in pattern.segments if one)
    return "".join(f"/{_segment(one, number)}" for number, one in enumerate(segments, 1)) or "/"


def _segment(segment: str, number: int) -> str:
    names = PLACEHOLDER.findall(segment)
    if names:
        return f":{names[0]}"
    return segment if WRITABLE.fullmatch(segment) else f":part{number}"
