"""How a preview gets data: from the sources themselves, or from recordings of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ssg.edge.events import EdgeLog, SourceOrigin, source_log
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.preview.sources.source_faults import SourceFaults
from ssg.runtime.rounds import BringData
from ssg.sources.recorded import RecordingShell, ReplayShell
from ssg.sources.site_shell import SiteShell, shell_of_database


@dataclass(frozen=True, slots=True)
class PreviewSources:
    """The way to the data of all builds of a preview."""

    variables: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)
    record: Path | None = None
    """The folder in which answers are recorded."""
    replay: Path | None = None
    """The folder of recordings that answer in place of the sources."""
    faults: SourceFaults = field(default_factory=SourceFaults)
    log: EdgeLog = lambda _: None

    def shell(self, database: Path) -> SiteShell:
        """The shell of a build."""
        return shell_of_database(database, self.variables, source_log(self.log))

    def bring(self, site: SiteShell) -> BringData:
        """What brings the data of a build."""
        brought: BringData = site.shell.bring
        if self.replay is not None:
            brought = self._logged(ReplayShell(self.replay).bring, SourceOrigin.RECORDING)
        elif self.record is not None:
            brought = RecordingShell(brought, self.record).bring
        sources = site.settings.sources
        return self.faults.wrap(brought, sources, source_log(self.log, SourceOrigin.DASHBOARD))

    def _logged(self, bring: BringData, origin: SourceOrigin) -> BringData:
        observe = source_log(self.log, origin)

        def bring_and_log(requests: Iterable[DataRequest]) -> Mapping[DataRequest, DataAnswer]:
            answers = bring(requests)
            for request, answer in answers.items():
                observe(request, answer, 0.0)
            return answers

        return bring_and_log
