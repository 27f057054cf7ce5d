"""The shell of a site that is built: its sources and queries are in the site database."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.sources.environment import SiteEnvironment
from ssg.sources.source_shell import Observer, SourceShell


@dataclass(frozen=True, slots=True)
class SiteShell:
    """A shell, with what its site says of sources and routes."""

    shell: SourceShell
    environment: SiteEnvironment
    settings: SiteSettings

    @property
    def env_fingerprint(self) -> str:
        """The fingerprint of the variables that pages show; empty if there are none."""
        from ssg.fingerprint.digest import digest_of  # noqa: PLC0415 the function of Lambda lacks it

        values = sorted(self.environment.visible_values.items())
        return digest_of(*values) if values else ""


def shell_of_database(
    database: Path, variables: Mapping[str, str], observer: Observer | None = None
) -> SiteShell:
    """The shell of a site database. Of the variables, it knows those that the site names."""
    with closing(Site.open(database)) as site:
        return shell_of_site(site, variables, observer)


def shell_of_site(
    site: Site, variables: Mapping[str, str], observer: Observer | None = None
) -> SiteShell:
    """The shell of a site that is open; it does not need it any longer."""
    settings = site.settings
    environment = SiteEnvironment.for_site(variables, settings.env, settings.sources.values())
    shell = SourceShell(settings.sources, environment, site.queries(), observer)
    return SiteShell(shell, environment, settings)
