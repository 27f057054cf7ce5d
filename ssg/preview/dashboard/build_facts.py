"""The top of the dashboard: facts of the build that is served, and problems of the last one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ssg.edge.app import DeployEffect
from ssg.edge.policy import CachePolicy
from ssg.edge.served_deployment import ServedDeployment
from ssg.model.errors import summarize
from ssg.model.pluralize import counted
from ssg.preview.dashboard import formatting
from ssg.preview.dashboard.page_table import PageTable
from ssg.preview.deployment import preview_deployment
from ssg.preview.live_reload import ShownProblem


@dataclass(frozen=True, slots=True)
class BuildFact:
    """A name and a value, with an optional note."""

    name: str
    value: str
    note: str = ""
    is_id: bool = False


@dataclass(frozen=True, slots=True)
class ListedProblem:
    """A problem of the last build. `kind` is `error` or `warning`."""

    kind: str
    shown: ShownProblem


def facts(
    served: ServedDeployment | None, table: PageTable | None, effect: DeployEffect | None = None
) -> Iterator[BuildFact]:
    """List the facts of what is served now. `effect` is that of the last deploy on the cache."""
    if served is None:
        yield BuildFact("Build", "none yet")
        return
    yield from _build_facts(served, table)
    if table:
        yield BuildFact(
            "Pages",
            formatting.number(table.total),
            f"{table.critical:,} critical, {table.deferred:,} deferred",
        )
    host = served.deployment.capabilities
    yield BuildFact("Caches like", CachePolicy.of(host).name, host.host)
    if effect:
        kept = f"kept {effect.kept:,}, purged {effect.purged:,}"
        tags = effect.changes.tags if effect.changes else None
        changed = "everything" if tags is None else counted(len(tags), "tag")
        yield BuildFact("Last deploy", kept, f"changed: {changed}")
    usage = served.pages.usage()
    of = f"of {usage.pages_limit:,}" if usage.pages_limit is not None else ""
    yield BuildFact("Cached pages", formatting.number(usage.pages), of)
    limit = formatting.size(usage.disk_limit_bytes)
    yield BuildFact("Cache on disk", formatting.size(usage.disk_bytes), f"of {limit}")


def _build_facts(served: ServedDeployment, table: PageTable | None) -> Iterator[BuildFact]:
    build = preview_deployment(served.deployment)
    info = build.info if build else None
    seconds = info.build_seconds if info else None
    took = f"took {seconds:.2f} s" if seconds is not None else ""
    yield BuildFact("Build", served.deployment.build_id, took, is_id=True)
    if table:
        yield BuildFact("Build time", *formatting.iso_time(table.build_time))
    if info:
        yield BuildFact("Runtime", info.runtime)
        yield BuildFact("Also shown", ", ".join(info.included) or "nothing", "left out of a build")


def problems(
    served: ServedDeployment | None, reported: Iterable[ShownProblem]
) -> list[ListedProblem]:
    """List the errors of a failed build, and the warnings of the build that is served."""
    errors = [ListedProblem("error", problem) for problem in reported]
    build = preview_deployment(served.deployment) if served else None
    warnings = build.info.warnings if build and build.info else ()
    return errors + [
        ListedProblem("warning", ShownProblem.of(each)) for each in summarize(warnings)
    ]
