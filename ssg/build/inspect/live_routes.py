"""The routes of live pages, for `ssg plan` and `ssg explain`.

A file or a deferred page always answers before a route: rules that lead to the function have no
force over files, and the runtime looks for a page of the site first. So a page that a pattern
matches is listed here, and stays what it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ssg.build.inspect.dry_run import CompiledSite, Explanation, explain, look_up, rule_for
from ssg.model.cache_options import as_cache_tag
from ssg.model.errors import ContentError
from ssg.model.live.data_request import DataRequest
from ssg.model.live.route import Route
from ssg.model.live.route_pattern import PLACEHOLDER, RoutePattern, is_value
from ssg.model.page import NO_TEMPLATE
from ssg.model.queries.site import Site
from ssg.model.urls import quote_path
from ssg.redirects.rule import RedirectRule
from ssg.render.dependencies.tags import SITE, build_tag, page_tag
from ssg.render.live.live_data import filled
from ssg.render.views.env import EnvDefaults
from ssg.runtime.http import Request
from ssg.runtime.live.route_table import FoundRoute, RouteTable
from ssg.runtime.needs import Needs
from ssg.runtime.respond import respond
from ssg.runtime.tagged_renderer import TaggedRenderer

EXAMPLES = 3
"""The number of pages that are named for a route; the others are counted."""


@dataclass(slots=True)
class RouteFacts:
    """A route, the pages of the site that its patterns match, and the routes that beat it."""

    route: Route
    known: int = 0
    critical: int = 0
    pages: int = 0
    examples: list[str] = field(default_factory=list)
    beaten_by: list[str] = field(default_factory=list)
    """Patterns of narrower routes: they answer where both match."""

    def to_json(self) -> dict[str, Any]:
        """The facts as JSON values."""
        route = self.route
        return {
            "path": route.path,
            "language": route.language,
            "template": route.template,
            "ttl": route.ttl_seconds,
            "stale": route.stale_seconds,
            "cache_tags": list(route.tags),
            "known": self.known,
            "critical": self.critical,
            "pages_inside": {"count": self.pages, "examples": self.examples},
            "beaten_by": self.beaten_by,
        }


def route_facts(site: Site) -> list[RouteFacts]:
    """Each route of a site, in the order of the configuration."""
    facts = {route.number: RouteFacts(route) for route in site.settings.routes}
    if not facts:
        return []
    known = Counter(one.route for one in site.known_paths())
    critical = Counter(one.route for one in site.critical_live_pages())
    for number, one in facts.items():
        one.known, one.critical = known[number], critical[number]
        one.beaten_by = list(_beaten_by(one.route, site.settings.routes))
    for page in site.all_pages():
        for one in facts.values():
            if any(pattern.match(page.path) is not None for pattern in one.route.patterns):
                one.pages += 1
                one.examples += [page.path] if len(one.examples) < EXAMPLES else []
    return list(facts.values())


def _beaten_by(route: Route, routes: tuple[Route, ...]) -> Iterator[str]:
    for other in routes:
        for one in other.patterns if other is not route else ():
            if any(_overlaps(one, own) and one.is_narrower(own) for own in route.patterns):
                yield one.text


def _overlaps(one: RoutePattern, other: RoutePattern) -> bool:
    return one.common_path(other) is not None


# -- one path ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LiveExplanation:
    """Everything about a live page that its path and the configuration decide."""

    found: FoundRoute
    permalink: str
    requests: tuple[DataRequest, ...]
    """What is asked first; a loader may ask for more."""
    tags: tuple[str, ...]
    """Placeholders that need data are left as they are."""
    rule: RedirectRule | None


def explain_any(compiled: CompiledSite, name: str) -> Explanation | LiveExplanation:
    """Explain a page of the site, or a live page. Raises ContentError if there is neither."""
    page, path = look_up(compiled.site, name)
    routes = compiled.site.settings.routes
    found = _find(routes, path) if page is None or page.template == NO_TEMPLATE else None
    if found:
        return _explained(compiled, found)
    try:
        return explain(compiled, name)
    except ContentError as error:
        problem, reasons = error.problems[0], "; ".join(_reasons(routes, path))
        if reasons:
            hint = f"No route has it: {reasons}" + (f". {problem.hint}" if problem.hint else "")
            raise ContentError(replace(problem, hint=hint)) from error
        raise


def _find(routes: tuple[Route, ...], path: str) -> FoundRoute | None:
    """The route of a path in its canonical spelling."""
    table = RouteTable.of(routes)
    return table.find(path) or table.find(f"{path}/") or table.find(path.rstrip("/"))


def _explained(compiled: CompiledSite, found: FoundRoute) -> LiveExplanation:
    site = compiled.site
    renderer = TaggedRenderer(site, EnvDefaults(compiled.options.env))
    needs = respond(renderer, Request("GET", quote_path(found.path)))
    requests = needs.requests if isinstance(needs, Needs) else ()
    sources = sorted({one.source for one in found.route.data} | {one.source for one in requests})
    own = [_tag(tag, found) for tag in found.route.tags]
    tags = [page_tag(found.path), SITE.tag, build_tag(site.build_id)]
    tags += [f"source:{name}" for name in sources]
    return LiveExplanation(
        found=found,
        permalink=site.settings.base_url.rstrip("/") + quote_path(found.path),
        requests=requests,
        tags=tuple(dict.fromkeys([*own, *tags])),
        rule=rule_for(compiled, found.path),
    )


def _tag(tag: str, found: FoundRoute) -> str:
    if {*PLACEHOLDER.findall(tag)} <= {*found.params}:
        return as_cache_tag(filled(tag, found.params))
    return tag


def _reasons(routes: tuple[Route, ...], path: str) -> Iterator[str]:
    """Why each route of the same number of parts does not match a path."""
    for route in routes:
        for pattern in route.patterns:
            if reason := _reason(pattern, path):
                yield f'"{pattern.text}" does not match: {reason}'


def _reason(pattern: RoutePattern, path: str) -> str:
    """Why a pattern does not match a path that has its form; '' for one of another form."""
    form = re.fullmatch(_form(pattern), path)
    for name, value in form.groupdict().items() if form else ():
        if not is_value(value):
            return f'{name} cannot be "{value}"'
        if value in pattern.excluded.get(name, ()):
            return f'{name} "{value}" is excluded'
        if not pattern.admits(name, value):
            return f'{name} "{value}" does not match {pattern.where[name]}'
    return ""


def _form(pattern: RoutePattern) -> str:
    """The form of a pattern as an expression, without the limits of its values."""
    parts = PLACEHOLDER.split(pattern.text)
    return "".join(
        f"(?P<{part}>[^/]+)" if place % 2 else re.escape(part) for place, part in enumerate(parts)
    )
