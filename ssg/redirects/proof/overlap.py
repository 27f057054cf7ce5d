"""Find rules for paths that a function takes itself.

Netlify asks functions with paths of their own before it reads redirect rules. A rule of the site
for one of these paths would never apply there. Netlify's CLI compares such paths without regard to
case; so does this search, to err on the safe side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from ssg.redirects.matching.pattern import PLACEHOLDER, PathPattern, compile_path, overlaps
from ssg.redirects.rule import SPLAT, RedirectRule

PatternsByTop = Mapping[str | None, Sequence[PathPattern]]
"""Patterns by their top-level folder, so that a rule for a single path is compared with few."""


def overlapping(
    rules: Iterable[RedirectRule], covering: Iterable[RedirectRule]
) -> Iterator[RedirectRule]:
    """Those of `rules` that match some path that one of `covering` matches, too."""
    by_top: dict[str | None, list[PathPattern]] = defaultdict(list)
    for rule in covering:
        by_top[_top(rule)].append(_pattern(rule))
    return (rule for rule in rules if _overlaps(rule, by_top))


def _overlaps(rule: RedirectRule, by_top: PatternsByTop) -> bool:
    top = _top(rule)
    tops = by_top if top is PLACEHOLDER else (top, PLACEHOLDER)
    near = [pattern for one in tops for pattern in by_top.get(one, ())]
    return bool(near) and any(overlaps(_pattern(rule), pattern) for pattern in near)


def _top(rule: RedirectRule) -> str | None:
    """The top-level folder of all paths of a rule; PLACEHOLDER if they have several."""
    top = rule.from_path[1:].partition("/")[0]
    is_open = top.startswith(":") or top.endswith(SPLAT)
    return PLACEHOLDER if is_open else unquote(top).partition("/")[0].lower()


def _pattern(rule: RedirectRule) -> PathPattern:
    """The pattern of a rule in lower case."""
    pattern = compile_path(rule.from_path)
    segments = tuple(one if one is PLACEHOLDER else one.lower() for one in pattern.segments)
    stem = pattern.stem.lower() if pattern.stem else None
    return replace(pattern, segments=segments, stem=stem)
