"""Prints what plans would cost, for `ssg popular --what-if`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssg.cli.console import out, print_table

if TYPE_CHECKING:
    from ssg.build.inspect.site_costs import SiteCosts
    from ssg.popularity.plan_costs import PlanCost, PlanCosts

_TITLES = ("plan", "critical", "deferred", "by files", "renders a month")


def print_costs(costs: SiteCosts) -> None:
    """Print a table for the pages of the site, and one for each route."""
    out.print(
        f"{costs.pages.requests_per_month:,.0f} requests a month for {costs.pages.pages:,} pages, "
        f"{costs.traffic.deploys:,} times a month an empty cache\n"
    )
    _print_table(costs.pages)
    if costs.page_limit is not None:
        limit = f"{costs.host}: {costs.page_limit:,} deferred pages of a deploy are cached well"
        out.print(f"\n{limit}", markup=False)
    for path, found in costs.routes.items():
        requests = f"{found.requests_per_month:,.0f} requests a month"
        out.print(f"\n{path}: {requests} for {found.pages:,} live pages\n", markup=False)
        _print_table(found)


def _print_table(costs: PlanCosts) -> None:
    has_limit = any(one.page_limit is not None for one in costs.table())
    titles = (*_TITLES, "host") if has_limit else _TITLES
    rows = [_row(one)[: len(titles)] for one in costs.table()]
    widths = [max(map(len, column)) for column in zip(titles, *rows, strict=True)]
    right = [
        [row[0], *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        for row in [titles, *rows]
    ]
    print_table(right[1:], right[0])


def _row(cost: PlanCost) -> tuple[str, ...]:
    return (
        "present" if cost.is_present else "",
        f"{cost.critical:,}",
        f"{cost.deferred:,}",
        f"{cost.share:.1%}",
        f"{cost.renders_per_month:,.0f}",
        "too many" if cost.is_over_limit else "",
    )
