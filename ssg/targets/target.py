"""The protocol of targets. A target is the host that a build is made for.

A target gets the finished site database and the new publish folder, adds the files that its host
needs, and returns folders of its own. It writes only into the folders that it gets; the build puts
all of them into place at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from ssg.model.capabilities import Capabilities
from ssg.model.errors import Problem
from ssg.model.images.picture import Picture
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import original_places
from ssg.model.live.route import Route
from ssg.model.page import Alias
from ssg.model.queries.site import Site
from ssg.runtime.host import RuntimeHost
from ssg.runtime.http import Request, Response
from ssg.targets.purge.purger import Purger

if TYPE_CHECKING:  # a host that has no rules needs no room for them
    from ssg.redirects.header_rule import HeaderRule
    from ssg.redirects.rule import RedirectRule


TEXTS_PATH = "/_ssg/texts/"
"""Where a deploy has the blocks of texts that are not in its function (`lib/texts.js`)."""

TAG_TABLES_PATH = "/_ssg/tags/"
"""Where a build publishes its tag table, if the host has tags. Names change with the content."""


@dataclass(frozen=True, slots=True)
class EmitContext:
    """A finished build, for the target to emit."""

    root: Path
    site: Site
    database: Path
    publish_dir: Path
    """A part of the new publish folder. It contains the files of `Target.asks_for`."""
    files: frozenset[str]
    """Names of all files of the publish folder."""
    work_dir: Path
    """An empty folder for what the target makes."""
    hosts_dir: Path
    """The folder that the folders of a target are relative to. It has those of the last build."""
    aliases: Sequence[Alias]
    output: Path
    """Where the publish folder will be."""
    proof: str = ""
    """The proof of the last build, from its EmitResult."""

    def beside(self, name: str) -> str:
        """The final name of a file or folder that goes beside the publish folder."""
        return (self.output.parent.relative_to(self.hosts_dir) / name).as_posix()

    file: Callable[[str], Path | None] = lambda _: None
    """Finds where a file of the publish folder is now; None if there is no such file."""

    def original(self, picture: Picture) -> Path:
        """The file of a picture in the publish folder; its source if it is not published."""
        found = filter(None, map(self.file, original_places(picture)))
        return next(found, self.root / picture.source)


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
    """The redirect rules of a build, in the order of the host, and its headers."""

    user: tuple[RedirectRule, ...] = ()
    """The site's own, from `static/_redirects`."""
    aliases: tuple[RedirectRule, ...] = ()
    covering: tuple[RedirectRule, ...] = ()
    """The fewest rules that send every deferred page to the function."""
    live: tuple[RedirectRule, ...] = ()
    """Rules that send every live page there: one for each pattern of a route."""
    function_paths: tuple[str, ...] = ()
    """Paths of the function itself: they take the place of covering and live rules."""
    routing: str = ""
    """How requests reach the function, and why so; empty where a host has only one way."""
    images: tuple[RedirectRule, ...] = ()
    """Rules that send requests for variants of pictures to the function that makes them."""
    image_paths: tuple[str, ...] = ()
    """Paths of that function itself: they take the place of these rules."""
    errors: tuple[RedirectRule, ...] = ()
    """The error pages of languages, for unknown paths below their home pages."""
    later: tuple[RedirectRule, ...] = ()
    """The site's own in the configuration file of the host, which reads them last."""
    headers: tuple[HeaderRule, ...] = ()
    """The headers of static files, from `static/_headers`."""
    deferred_headers: tuple[HeaderRule, ...] = ()
    """Those of them that the function sends with deferred pages."""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def rules(self) -> tuple[RedirectRule, ...]:
        """The rules that count: the host keeps the last of equal rules."""
        if not self.written:
            return ()
        from ssg.redirects.repeats import without_repeats  # noqa: PLC0415 few hosts have rules

        return without_repeats(self.written)

    @property
    def written(self) -> tuple[RedirectRule, ...]:
        """All rules, with those for the function also where paths of it take their place: no other
        rule is for these paths, so requests are answered the same."""
        own = (*self.images, *self.to_function, *self.errors)
        return (*self.user, *self.aliases, *own, *self.later)

    @property
    def to_function(self) -> tuple[RedirectRule, ...]:
        """The rules that lead to the function, without those for live pages that others cover."""
        if not self.live:
            return self.covering
        from ssg.redirects.proof.cover import without_covered  # noqa: PLC0415 few sites have routes

        return (*self.covering, *without_covered(self.live, self.covering))

    @property
    def has_function(self) -> bool:
        """Whether the site has pages that a function answers for."""
        return bool(self.covering or self.live)

    @property
    def own(self) -> tuple[RedirectRule, ...]:
        """The rules that the target adds to the host's file."""
        images = () if self.image_paths else self.images
        to_function = () if self.function_paths else self.to_function
        return (*self.aliases, *images, *to_function, *self.errors)


@dataclass(frozen=True, slots=True)
class EmitResult:
    """The files that a target has made."""

    builder: str | None = None
    """The address of the function; None if there is none."""
    routes: HostRules = HostRules()
    folders: tuple[tuple[Path, str], ...] = ()
    """Folders and files to put into place, in this order: the path now, and the final name relative
    to `EmitContext.hosts_dir`."""
    copies: tuple[tuple[Path, str], ...] = ()
    """More files for the publish folder, whose names change with their content: path and name."""
    size: EmittedSize | None = None
    image_function: str | None = None
    """The address of the function that makes variants of pictures; None if there is none."""
    image_size: EmittedSize | None = None
    problems: tuple[Problem, ...] = ()
    proof: str = ""
    """A digest of the rules that were proven, so that the next build need not prove them again."""


class LocalFunction(Protocol):
    """An emitted function that answers on this machine, as its host would. A context manager."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    @property
    def host(self) -> RuntimeHost:
        """The host that it was emitted for."""

    def answer(self, request: Request) -> Response:
        """Ask the function. Raises ServeError where it gives no answer."""

    def close(self) -> None:
        """End it."""


class Target(Protocol):
    """A host. It is called with `TargetSettings` and `package` (`ssg.config.target_registry`)."""

    @property
    def name(self) -> str:
        """Its name in the configuration."""

    @property
    def defers(self) -> bool:
        """Whether deferred pages stay unrendered."""

    @property
    def capabilities(self) -> Capabilities:
        """What the host can do."""

    @property
    def kinds(self) -> Mapping[str, Capabilities]:
        """What each kind of function of the host can do; empty if there is one kind only."""

    @property
    def asks_for(self) -> frozenset[str]:
        """Files of the publish folder that it reads or adds to, if they exist."""

    @property
    def new_site_files(self) -> Sequence[Path]:
        """Templates of the files that configure the host, for the root of a new site."""

    def check(self) -> list[Problem]:
        """The problems of this machine: tools that are missing."""

    def routes(
        self,
        root: Path,
        aliases: Sequence[Alias],
        deferred_paths: Sequence[str],
        error_paths: Sequence[str] = (),
        live_routes: Sequence[Route] = (),
        images: ImageSettings | None = None,
    ) -> HostRules:
        """The redirect rules for a site; none if the host has no such rules.

        `error_paths` are those of error pages below the root: `/fr/404.html`. `live_routes` are the
        routes of live pages. `images` are the settings of pictures whose variants a function makes
        (`function_images`).
        """

    def emit(self, context: EmitContext) -> EmitResult:
        """Add files to the publish folder, and make the folders of the target.

        Returns problems of the site. Raises TargetError if nothing can be made.
        """

    def local_function(
        self, hosts_dir: Path, publish_dir: Path, variables: Mapping[str, str] = {}
    ) -> LocalFunction | None:
        """The function that a build has put below `hosts_dir`; None if there is none.

        `variables` are added to the environment of this process.
        """

    def purger(self, environment: Mapping[str, str], log: Callable[[str], None]) -> Purger | None:
        """What purges the site at the host; None if the host has nothing to purge by tags.

        Raises PurgeError if the environment lacks something. `log` gets what it waits for.
        """
