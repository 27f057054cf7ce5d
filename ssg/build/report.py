"""The report of a build, as a value. `ssg.cli` prints it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssg.build.host_check import pages_warning
from ssg.build.images.image_counts import ImageCounts
from ssg.build.incremental.session import Session
from ssg.build.incremental.work_list import WorkList
from ssg.build.layout import Layout
from ssg.build.live.live_counts import LiveCounts
from ssg.build.publish.staging import Staging
from ssg.build.render.page_writer import RenderedPages
from ssg.build.stages import Stages
from ssg.content.scan import Scan
from ssg.content.source.source_files import SkippedSource
from ssg.fingerprint.tag_table.changes import SiteChanges
from ssg.model.errors import Problem
from ssg.targets.target import EmitResult, EmittedSize, HostRules, Target

if TYPE_CHECKING:
    from ssg.build.profile import Profile


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The figures at the end of `ssg build`. Folders are absolute, times are in seconds."""

    build_id: str
    target: str
    critical: int
    deferred: int
    page_limit: int | None
    files: int
    stages: tuple[tuple[str, float], ...]
    output: Path
    database: Path
    manifest: Path
    builder: str | None
    size: EmittedSize | None
    routes: HostRules
    skipped: tuple[SkippedSource, ...]
    warnings: tuple[Problem, ...]
    image_function: str | None = None
    """The address of the function that makes variants of pictures."""
    image_size: EmittedSize | None = None
    content_id: str = ""
    """The same for two builds whose pages are the same; `build_id` covers copied files, too."""
    rendered: int = 0
    """Critical pages that were rendered; all others are unchanged."""
    sources: int = 0
    read: int = 0
    """The number of sources that were read; the others are known to be unchanged."""
    changed: frozenset[str] = frozenset()
    """Names of files in the publish folder that were written or removed. Not in the JSON."""
    live: LiveCounts = field(default_factory=LiveCounts)
    """Routes of live pages, and what the build knows of them."""
    images: ImageCounts = field(default_factory=ImageCounts)
    """Pictures and their variants."""
    changes: SiteChanges | None = None
    """What caches have to forget, if the host has cache tags. The JSON has only numbers."""
    profile: Profile | None = None
    """The times, if they were measured."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """A hash of each copied file, by its name in the publish folder. Not in the JSON."""
    session: Session | None = None
    """For the next build of the same process. Not in the JSON."""

    @property
    def kept(self) -> int:
        """Critical pages that needed no render."""
        return self.critical - self.rendered

    @property
    def seconds(self) -> float:
        return sum(seconds for _, seconds in self.stages)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        values = dataclasses.asdict(dataclasses.replace(self, session=None, changes=None))
        del values["digests"], values["changed"], values["session"]
        return {
            **values,
            **{key: str(getattr(self, key)) for key in ("output", "database", "manifest")},
            "seconds": self.seconds,
            "profile": self.profile.to_json() if self.profile else None,
            "kept": self.kept,
            "changes": changes_json(self.changes) if self.changes else None,
            "stages": dict(self.stages),
            "routes": {
                "rules": [str(rule) for rule in self.routes.rules],
                "covering": [str(rule) for rule in self.routes.covering],
                "live": [str(rule) for rule in self.routes.live],
                "images": [str(rule) for rule in self.routes.images],
                "function_paths": list(self.routes.function_paths),
                "image_paths": list(self.routes.image_paths),
                "routing": self.routes.routing,
            },
            "warnings": [problem_json(problem) for problem in self.warnings],
        }


def changes_json(changes: SiteChanges) -> dict[str, Any]:
    """The figures of changes as JSON values; `.ssg/changes.json` has all names."""
    figures = {"tags": len(changes.tags), "pages": len(changes.pages)}
    return {"since": changes.since, **figures, "everything": changes.everything}


def problem_json(problem: Problem) -> dict[str, Any]:
    """A problem as JSON values."""
    where = dataclasses.asdict(problem.where) if problem.where else None
    pages = list(problem.pages)
    return {"message": problem.message, "where": where, "hint": problem.hint, "pages": pages}


def build_report(
    layout: Layout,
    target: Target,
    scanned: Scan,
    work: WorkList,
    staging: Staging,
    emitted: EmitResult,
    stages: Stages,
    deferred: int,
    session: Session | None,
    profile: Profile | None,
    warnings: tuple[Problem, ...],
    changes: SiteChanges | None,
    live: LiveCounts,
    images: ImageCounts,
) -> BuildReport:
    """The report of a finished build."""
    return BuildReport(
        build_id=scanned.build_id,
        target=target.name,
        critical=work.critical + live.critical,
        deferred=deferred,
        page_limit=target.capabilities.pages,
        files=len(staging.files),
        stages=tuple(stages.seconds),
        output=layout.output,
        database=layout.database,
        manifest=layout.manifest,
        builder=emitted.builder,
        size=emitted.size,
        image_function=emitted.image_function,
        image_size=emitted.image_size,
        routes=emitted.routes,
        skipped=scanned.skipped,
        warnings=(
            *warnings,
            *scanned.warnings,
            *pages_warning(deferred, target),
            *emitted.routes.warnings,
        ),
        content_id=scanned.content_id,
        rendered=len(work.pages) + live.critical,
        sources=scanned.changes.total,
        read=scanned.changes.read,
        changed=frozenset(staging.staged | staging.removed),
        digests=scanned.digests,
        session=session,
        profile=profile,
        changes=changes,
        live=live,
        images=images,
    )


def profile_of(
    stages: Stages, written: RenderedPages, scanned: Scan, work: WorkList, images: ImageCounts
) -> Profile:
    """The times of a build that was measured."""
    from ssg.build.profile import HitRate, profile  # noqa: PLC0415 for --profile only

    changes, rendered = scanned.changes, len(work.pages)
    caches = {
        "sources": HitRate(changes.total - changes.read, changes.read),
        "pages": HitRate(work.critical - rendered, rendered),
    }
    if images.pictures:
        caches["variants"] = HitRate(images.kept, images.made)
    return profile(stages.seconds, written.times, caches)
