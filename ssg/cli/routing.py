"""Prints how requests reach the function of deferred pages."""

from __future__ import annotations

from ssg.cli.console import out
from ssg.targets.target import HostRules


def print_routing(routes: HostRules) -> None:
    """Print the way and its reason, where a host has several."""
    if routes.routing:
        out.print(f"\nrequests reach the function by {routes.routing}", markup=False)
    if routes.function_paths:
        out.print(f"its paths: {' '.join(routes.function_paths)}", markup=False)
