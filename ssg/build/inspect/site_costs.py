"""What other plans of a site would cost, for `ssg popular --what-if`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssg.build.inspect.dry_run import CompiledSite
from ssg.model.errors import LogError, Problem
from ssg.model.live.route import Route
from ssg.popularity.plan_costs import (
    MONTH_DAYS,
    PageTraffic,
    PlanCosts,
    Traffic,
    live_traffic,
    traffic_of,
)
from ssg.popularity.popular_pages import PopularPages, ReadPages
from ssg.popularity.site_paths import is_read
from ssg.targets.load_target import target_for


@dataclass(frozen=True, slots=True)
class SiteCosts:
    """The costs of plans: for the pages of the site, and for the live pages of each route."""

    host: str
    page_limit: int | None
    traffic: Traffic
    pages: PlanCosts
    routes: Mapping[str, PlanCosts]

    def to_json(self) -> dict[str, Any]:
        """The costs as JSON values."""
        return {
            "host": self.host,
            "page_limit": self.page_limit,
            "days": round(self.traffic.days, 3),
            "deploys_per_month": self.traffic.deploys,
            **_values(self.pages),
            "routes": [{"path": path, **_values(costs)} for path, costs in self.routes.items()],
        }


def _values(costs: PlanCosts) -> dict[str, Any]:
    plans = [one.to_json() for one in costs.table()]
    return {"requests_per_month": round(costs.requests_per_month), "plans": plans}


def site_costs(
    compiled: CompiledSite, found: PopularPages, deploys_per_month: int, days: float | None
) -> SiteCosts:
    """The costs of plans of a compiled site. `days` is the length of logs that do not say theirs.

    A cache that is kept over deploys counts as empty once a month. Raises LogError if the target
    renders every page.
    """
    settings = compiled.project.settings
    target = target_for(settings.target, package=False)
    if not target.defers:
        hint = "Name another target with --target"
        raise LogError(Problem(f"the target {target.name} renders every page", None, hint))
    can = target.capabilities
    is_kept = not can.clears_at_deploy or (can.keeps_if_asked and settings.target.keep_cache)
    traffic = Traffic(found.days or days or MONTH_DAYS, 1 if is_kept else deploys_per_month)
    default = settings.deferred.ttl_seconds
    known = [
        (page.path, page.ttl_seconds if page.deferred else default, bool(page.deferred))
        for page in compiled.site.all_pages()
        if is_read(page)
    ]
    routes = {
        route.path: PlanCosts(_live(route, found.routes[route.path]), traffic)
        for route in settings.site.routes
        if route.path in found.routes
    }
    limit = can.pages
    if limit is not None and settings.site.outputs.markdown:
        limit //= 2  # the Markdown twin of a deferred page is deferred, too
    pages = PlanCosts(traffic_of(found.site, known), traffic, limit)
    return SiteCosts(can.host, limit, traffic, pages, routes)


def _live(route: Route, found: ReadPages) -> list[PageTraffic]:
    """The traffic of a route. Its present plan has as many critical pages as `paths` asks for."""
    pages = len(found.pages) + found.other_pages
    critical = 0 if route.paths is None else route.paths.critical
    return live_traffic(found, route.ttl_seconds, pages if critical is None else critical)
