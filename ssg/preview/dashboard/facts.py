"""The head of the dashboard: what is served, how it was made, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ssg.edge.app import Stage
from ssg.preview.dashboard import wording
from ssg.preview.dashboard.pages import PageTable
from ssg.preview.live_reload import ShownProblem


@dataclass(frozen=True, slots=True)
class Fact:
    """A name, a value, and a word more about it."""

    name: str
    value: str
    note: str = ""
    is_id: bool = False


@dataclass(frozen=True, slots=True)
class ListedProblem:
    """A problem of the last build. `kind`: error or warning."""

    kind: str
    shown: ShownProblem


def facts(stage: Stage | None, table: PageTable | None) -> Iterator[Fact]:
    """What is served now."""
    if stage is None:
        yield Fact("Build", "none yet")
        return
    yield from _build_facts(stage, table)
    if table:
        yield Fact(
            "Pages",
            wording.number(table.total),
            f"{table.critical:,} critical, {table.deferred:,} deferred",
        )
    fill = stage.pages.fill()
    yield Fact("Cached pages", wording.number(fill.pages), f"of {fill.pages_limit:,}")
    limit = wording.size(fill.disk_limit_bytes)
    yield Fact("Cache on disk", wording.size(fill.disk_bytes), f"of {limit}")


def _build_facts(stage: Stage, table: PageTable | None) -> Iterator[Fact]:
    about = stage.deployment.about
    seconds = about.build_seconds if about else None
    took = f"took {seconds:.2f} s" if seconds is not None else ""
    yield Fact("Build", stage.deployment.build_id, took, is_id=True)
    if table:
        yield Fact("Build time", *wording.iso_time(table.build_time))
    if about:
        yield Fact("Runtime", about.runtime)
        yield Fact("Also shown", ", ".join(about.included) or "nothing", "left out of a build")


def problems(stage: Stage | None, reported: Iterable[ShownProblem]) -> list[ListedProblem]:
    """Why there is no newer build, and what the one that is served warned of."""
    errors = [ListedProblem("error", problem) for problem in reported]
    about = stage.deployment.about if stage else None
    warnings = about.warnings if about else ()
    return errors + [ListedProblem("warning", ShownProblem.of(each)) for each in warnings]
