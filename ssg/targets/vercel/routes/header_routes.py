"""Header rules as routes that add headers and go on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.rule import NameValuePairs
from ssg.targets.vercel.capabilities import MAX_CHARACTERS
from ssg.targets.vercel.routes.expressions import header_path, literal_path, one_of
from ssg.targets.vercel.routes.route import VercelRoute

_LIMIT = MAX_CHARACTERS - len("^/?$")


def header_routes(rules: Iterable[HeaderRule]) -> Iterator[VercelRoute]:
    """The routes of all rules, in their order: the last one wins.

    Rules for single paths with the same headers share routes: a site has one for each file whose
    name changes with its content.
    """
    for (values, is_literal), group in groupby(rules, _kind):
        paths = [literal_path(rule.for_path) or rule.for_path for rule in group]
        if not values:
            continue
        sources = _together(paths) if is_literal else map(header_path, paths)
        for source in sources:
            headers = {name.title(): value for name, value in values}
            yield VercelRoute(source, headers=headers, continues=True, ignores_case=True)


def _kind(rule: HeaderRule) -> tuple[NameValuePairs, bool]:
    return rule.sent, literal_path(rule.for_path) is not None


def _together(paths: Iterable[str]) -> Iterator[str]:
    for source in one_of((_without_slash(path) for path in paths), _LIMIT):
        yield f"^{source}/?$"


def _without_slash(path: str) -> str:
    """The path as `header_pattern` reads it: without empty parts."""
    return "".join(f"/{part.rstrip()}" for part in path.split("/") if part.strip())
