"""Opens the sources of a site for a build."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ssg.model.live.data_source import SourceKind
from ssg.model.live.query import Query
from ssg.model.live.variables import VARIABLE, variables_in
from ssg.model.settings import SiteSettings
from ssg.runtime.rounds import BringData

if TYPE_CHECKING:
    from ssg.sources.environment import SiteEnvironment


def source_urls(settings: SiteSettings, environment: SiteEnvironment | None) -> dict[str, str]:
    """The URLs of HTTP sources, as far as their variables are set; these are no secrets."""
    values = environment.visible_values if environment else {}
    http = [one for one in settings.sources.values() if one.kind == SourceKind.HTTP]
    return {
        one.name: VARIABLE.sub(lambda found: values[found[1]], one.url)
        for one in http
        if {*variables_in(one.url)} <= values.keys()
    }


@contextlib.contextmanager
def open_sources(
    settings: SiteSettings,
    environment: SiteEnvironment | None,
    queries: Mapping[str, Query],
    replay: Path | None = None,
) -> Iterator[BringData]:
    """What asks the sources of a site, or a folder of their recorded answers.

    Connections are closed at the end.
    """
    if replay:
        from ssg.sources.recorded import ReplayShell  # noqa: PLC0415 the same

        yield ReplayShell(replay).bring
        return
    from ssg.sources.environment import SiteEnvironment  # noqa: PLC0415 the same
    from ssg.sources.source_shell import SourceShell  # noqa: PLC0415 few builds ask sources

    shell = SourceShell(settings.sources, environment or SiteEnvironment(), queries)
    try:
        yield shell.bring
    finally:
        shell.close()
