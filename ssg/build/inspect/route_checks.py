"""Checks the redirect rules of a site, and lists them with their origins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ssg.build.inspect.dry_run import CompiledSite
from ssg.model.errors import Problem
from ssg.model.urls import output_file
from ssg.redirects.proof.lint import lint_rules
from ssg.redirects.proof.prove import prove_routing
from ssg.redirects.proof.prove_live import prove_live
from ssg.redirects.repeats import repeated_rules
from ssg.redirects.rule import RedirectRule
from ssg.targets.load_target import target_for
from ssg.targets.routing.image_rules import PICTURES, function_images
from ssg.targets.target import HostRules


@dataclass(frozen=True, slots=True)
class ListedRule:
    """A rule and its origin: a place in a file, or the reason why ssg made it."""

    rule: RedirectRule
    origin: str


def routes_of(compiled: CompiledSite) -> HostRules:
    """The rules that a build would emit now."""
    target = target_for(compiled.project.settings.target, package=False)
    paths = [page.path for page in compiled.site.deferred_pages()]
    errors = compiled.site.error_paths()
    live = compiled.project.settings.site.routes
    images = function_images(compiled.site)
    return target.routes(compiled.project.root, compiled.scan.aliases, paths, errors, live, images)


def listed(compiled: CompiledSite, routes: HostRules) -> Iterator[ListedRule]:
    """All rules, in the order in which the host reads them. Paths of a function are not rules."""
    yield from (ListedRule(rule, str(rule.where)) for rule in routes.user)
    # A target makes a rule for each alias, or for none.
    for rule, alias in zip(routes.aliases, compiled.scan.aliases, strict=False):
        yield ListedRule(rule, f"alias in content/{alias.source}")
    for rule in () if routes.image_paths else routes.images:
        yield ListedRule(rule, "variants of pictures")
    covering = {*routes.covering}
    for rule in () if routes.function_paths else routes.to_function:
        yield ListedRule(rule, "deferred pages" if rule in covering else "live pages")
    yield from (ListedRule(rule, "pages that do not exist") for rule in routes.errors)
    yield from (ListedRule(rule, str(rule.where)) for rule in routes.later)


def routing(routes: HostRules) -> dict[str, Any] | None:
    """How requests reach the function, and why so, as JSON values; None without a choice."""
    if not routes.routing:
        return None
    return {"paths": list(routes.function_paths), "reason": routes.routing}


def findings(compiled: CompiledSite, routes: HostRules) -> list[Problem]:
    """Problems of rules: they cannot be read, are harmful or never match. Some stop a build."""
    pages = list(compiled.site.all_pages())
    files = {output_file(page.path) for page in pages if not page.deferred}
    files |= {copy.destination for copy in compiled.scan.copies}
    deferred = [page.path for page in pages if page.deferred]
    proven = (
        prove_routing(routes.rules, routes.to_function, deferred, files) if routes.covering else []
    )
    proven += prove_live(routes.rules, routes.live)
    proven += prove_live(routes.rules, routes.images, PICTURES)
    harmful = (*lint_rules(routes.rules, files), *repeated_rules(routes.written))
    found = [*routes.problems, *proven, *harmful, *routes.warnings]
    return list(dict.fromkeys(found))
