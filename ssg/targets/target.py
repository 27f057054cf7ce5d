"""What a target is: the host that a build is made for.

A target is given the finished site database and the new publish folder, adds what its host needs,
and hands over folders of its own. It changes nothing outside of the folders that it is given; the
build puts all of them into place at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from ssg.model.errors import Problem
from ssg.model.page import Alias
from ssg.model.queries.site import Site
from ssg.runtime.http import Request, Response

if TYPE_CHECKING:  # a host that has no rules needs no room for them
    from ssg.redirects.header_rule import HeaderRule
    from ssg.redirects.rule import RedirectRule


@dataclass(frozen=True, slots=True)
class EmitContext:
    """A build that is ready to be packaged."""

    root: Path
    site: Site
    database: Path
    publish_dir: Path
    """A part of the new publish folder: the files that the target asks for are in it."""
    files: frozenset[str]
    """Names of all files of the publish folder."""
    work_dir: Path
    """An empty folder for what the target makes."""
    hosts_dir: Path
    """What the folders of a target are relative to: those of the last build are there."""
    aliases: Sequence[Alias]
    proof: str = ""
    """What the build before has proven."""


@dataclass(frozen=True, slots=True)
class EmittedSize:
    """The size of what a target emits, in bytes, against its host's limits."""

    zipped: int
    zipped_limit: int
    zipped_is_estimate: bool
    unzipped: int
    unzipped_limit: int


@dataclass(frozen=True, slots=True)
class HostRules:
    """The redirect rules of a build, in the host's order, and what else its host is told."""

    user: tuple[RedirectRule, ...] = ()
    """The site's own, from `static/_redirects`."""
    aliases: tuple[RedirectRule, ...] = ()
    covering: tuple[RedirectRule, ...] = ()
    """As few as send every deferred page to the builder."""
    errors: tuple[RedirectRule, ...] = ()
    """What strangers' paths below the home page of a language are answered with."""
    later: tuple[RedirectRule, ...] = ()
    """The site's own in the host's configuration file, which is read last."""
    headers: tuple[HeaderRule, ...] = ()
    """The headers of static files, from `static/_headers`."""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def rules(self) -> tuple[RedirectRule, ...]:
        return (*self.user, *self.aliases, *self.covering, *self.errors, *self.later)


@dataclass(frozen=True, slots=True)
class EmitResult:
    """What a target made."""

    builder: str | None = None
    """The URL path of the builder; None if the target has none."""
    routes: HostRules = HostRules()
    folders: tuple[tuple[Path, str], ...] = ()
    """Folders to put into place: where they are now, and where they go, relative to the root."""
    copies: tuple[tuple[Path, str], ...] = ()
    """More files for the publish folder: where they are, and their names there, which change with
    their content."""
    size: EmittedSize | None = None
    problems: tuple[Problem, ...] = ()
    proof: str = ""
    """What was proven, so that the next build need not prove the same."""


class LocalFunction(Protocol):
    """An emitted function that answers on this machine, as its host would. A context manager."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def answer(self, request: Request) -> Response:
        """Ask the function. Raises ServeError where it gives no answer."""

    def close(self) -> None:
        """End it."""


class Target(Protocol):
    """A host. A class in `ssg.config.targets` is called with `TargetSettings` and `package`."""

    @property
    def name(self) -> str:
        """What the configuration calls it."""

    @property
    def defers(self) -> bool:
        """Whether deferred pages stay unrendered."""

    @property
    def page_limit(self) -> int | None:
        """How many deferred pages the host takes before it caches less; None: no limit."""

    @property
    def asks_for(self) -> frozenset[str]:
        """Files of the publish folder that it reads or adds to, if they are there."""

    @property
    def new_site_files(self) -> Sequence[Path]:
        """Templates of the files that configure the host, for the root of a new site."""

    def check(self) -> list[Problem]:
        """What is missing on this machine."""

    def routes(
        self,
        root: Path,
        aliases: Sequence[Alias],
        deferred_paths: Sequence[str],
        error_paths: Sequence[str] = (),
    ) -> HostRules:
        """The redirect rules for a site; none where the host has no such thing.

        `error_paths` are those of error pages beside the one of the root: `/fr/404.html`.
        """

    def emit(self, stage: EmitContext) -> EmitResult:
        """Add to the publish folder, and make the folders of the target's own.

        Problems are returned; TargetError is raised where nothing can be made.
        """

    def local_function(self, hosts_dir: Path, publish_dir: Path) -> LocalFunction | None:
        """The function that a build has put below `hosts_dir`; None if there is none."""
