"""The head of the dashboard: what is served, how it was made, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ssg.edge.app import Stage
from ssg.model.errors import summarize
from ssg.preview.dashboard import formatting
from ssg.preview.dashboard.pages import PageTable
from ssg.preview.live_reload import ShownProblem


@dataclass(frozen=True, slots=True)
class BuildFact:
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


def facts(stage: Stage | None, table: PageTable | None) -> Iterator[BuildFact]:
    """What is served now."""
    if stage is None:
        yield BuildFact("Build", "none yet")
        return
    yield from _build_facts(stage, table)
    if table:
        yield BuildFact(
            "Pages",
            formatting.number(table.total),
            f"{table.critical:,} critical, {table.deferred:,} deferred",
        )
    fill = stage.pages.usage()
    yield BuildFact("Cached pages", formatting.number(fill.pages), f"of {fill.pages_limit:,}")
    limit = formatting.size(fill.disk_limit_bytes)
    yield BuildFact("Cache on disk", formatting.size(fill.disk_bytes), f"of {limit}")


def _build_facts(stage: Stage, table: PageTable | None) -> Iterator[BuildFact]:
    about = stage.deployment.about
    seconds = about.build_seconds if about else None
    took = f"took {seconds:.2f} s" if seconds is not None else ""
    yield BuildFact("Build", stage.deployment.build_id, took, is_id=True)
    if table:
        yield BuildFact("Build time", *formatting.iso_time(table.build_time))
    if about:
        yield BuildFact("Runtime", about.runtime)
        yield BuildFact("Also shown", ", ".join(about.included) or "nothing", "left out of a build")


def problems(stage: Stage | None, reported: Iterable[ShownProblem]) -> list[ListedProblem]:
    """Why there is no newer build, and what the one that is served warned of."""
    errors = [ListedProblem("error", problem) for problem in reported]
    about = stage.deployment.about if stage else None
    warnings = summarize(about.warnings if about else ())
    return errors + [
        ListedProblem("warning", ShownProblem.of(each)) for each in summarize(warnings)
    ]
