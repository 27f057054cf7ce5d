"""All routes of a deploy, in their order."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from ssg.model.errors import Problem
from ssg.redirects.matching.static_files import NOT_SERVED, FindFile, file_finder
from ssg.redirects.repeats import without_repeats
from ssg.redirects.rule import OWN_FUNCTIONS
from ssg.targets.target import HostRules
from ssg.targets.vercel.capabilities import MAX_CHARACTERS, MAX_ROUTES
from ssg.targets.vercel.routes.expressions import text
from ssg.targets.vercel.routes.file_routes import file_routes
from ssg.targets.vercel.routes.header_routes import header_routes
from ssg.targets.vercel.routes.lifetimes import Lifetimes
from ssg.targets.vercel.routes.page_routes import function_routes, prerender_routes
from ssg.targets.vercel.routes.route import ERROR, FILE_SYSTEM, VercelRoute
from ssg.targets.vercel.routes.rule_routes import NOT_FOUND, forced_routes, rule_routes

_HIDDEN = f"^(?:{OWN_FUNCTIONS}.*|{'|'.join(text(f'/{name}') for name in sorted(NOT_SERVED))})$"
"""The paths of functions, and the files that this target reads: no visitor reaches them."""


@dataclass(frozen=True, slots=True)
class DeployRoutes:
    """The routes of a deploy."""

    before_files: tuple[VercelRoute, ...]
    after_files: tuple[VercelRoute, ...]
    errors: tuple[VercelRoute, ...]
    """For destinations that do not exist."""

    def to_json(self) -> list[dict[str, Any]]:
        """The `routes` of `config.json`."""
        before, after, errors = (
            [route.to_json() for route in routes]
            for routes in (self.before_files, self.after_files, self.errors)
        )
        return [*before, FILE_SYSTEM, *after, ERROR, *errors]

    def problems(self) -> Iterator[Problem]:
        """Report what Vercel would refuse."""
        routes = (*self.before_files, *self.after_files, *self.errors)
        if len(routes) > MAX_ROUTES:
            message = f"the site needs {len(routes):,} routes, but Vercel takes {MAX_ROUTES:,}"
            hint = "Use fewer redirect rules, and fewer different ttl in one folder"
            yield Problem(message, None, hint)
        for route in routes:
            parts = (
                route.source,
                route.destination,
                *(one.expression for one in route.requirements),
            )
            if max(map(len, parts)) > MAX_CHARACTERS:
                message = f"a route for it has more than {MAX_CHARACTERS:,} characters"
                yield Problem(message, route.where, f"It begins with {route.source[:60]}")


def all_routes(
    rules: HostRules,
    files: Collection[str],
    address: str,
    lifetimes: Lifetimes | None = None,
) -> DeployRoutes:
    """The routes of a site. `address` is that of the plain function.

    `lifetimes` are those of deferred and live pages, if Prerender functions answer for them.
    """
    find_file = file_finder(files)
    own = without_repeats((*rules.user, *rules.aliases))
    errors = [route for rule in rules.errors for route in rule_routes(rule, find_file)]
    missing = (*errors, VercelRoute("^.*$", _not_found(find_file), 404))
    before = (
        *header_routes(rules.headers),
        VercelRoute(_HIDDEN, _not_found(find_file), 404),
        *forced_routes(own, find_file),
        *file_routes(files),
    )
    after = (
        *(route for rule in own if not rule.force for route in rule_routes(rule, find_file)),
        *(prerender_routes(rules.covering, lifetimes, address) if lifetimes is not None else ()),
        *function_routes(rules, address),
        *missing,
    )
    return DeployRoutes(before, after, missing)


def _not_found(find_file: FindFile) -> str:
    return NOT_FOUND if find_file(NOT_FOUND) else ""
