"""One build, as the edge serves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ssg.edge.cache import BuilderFunction
from ssg.edge.images.image_function import ImageFunction
from ssg.edge.purge_index import TagChanges
from ssg.model.capabilities import Capabilities
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.rule import RedirectRule
from ssg.runtime.live.route_table import RouteTable


@dataclass(frozen=True, slots=True)
class Deployment:
    """One build, ready to be served."""

    build_id: str
    publish_dir: Path
    rules: tuple[RedirectRule, ...]
    """The site's own rules first, then those that lead to the function."""
    answer: BuilderFunction
    """The function; several threads call it at once."""
    capabilities: Capabilities
    """The host: the edge has its limits, and caches as it does."""
    function: str | None = "/.netlify/builders/ssg-pages"
    """Its address, to which rules lead."""
    has_paths: bool = False
    """Whether it has paths of its own: then nobody reaches it at its address."""
    headers: tuple[HeaderRule, ...] = ()
    """Rules for headers of static files."""
    deferred_headers: tuple[HeaderRule, ...] = ()
    """Rules for the headers that `answer` adds to its responses."""
    cache_id: str = ""
    """The name under which builds share their cached responses; empty if each has its own."""
    content_id: str = ""
    """The name of all that its responses depend on, for a shared cache; empty: the build id."""
    changes: TagChanges | None = None
    """What a shared cache must forget; None: what `tag_table` says, or else everything."""
    tag_table: Callable[[], bytes | None] | None = None
    """Reads the tag table of the build, if it is to be kept by a shared cache."""

    front: str = ""
    """The dialect of a cache between this server and browsers; empty if there is none."""

    default_headers: tuple[tuple[str, str], ...] = ()
    """Headers of every answer, by names in lower case, where the site says nothing."""

    code: str = ""
    """The fingerprint of the code that renders, where it may differ from that of the build."""

    routes: RouteTable = RouteTable()  # noqa: RUF009 a frozen value
    """The routes of live pages."""
    has_drafts: bool = False
    """Whether drafts of live pages can be looked at."""

    images: ImageFunction | None = None
    """What makes variants of pictures on request; None if a build has made all."""

    warm_paths: tuple[str, ...] = ()
    """Paths of the pages to be rendered as soon as it is served."""

    env: str = ""
    """The fingerprint of the variables of the environment that pages show."""

    @property
    def build_in_log(self) -> str:
        """The name of this build in the purge log of a shared cache; empty if it has its own."""
        return (self.content_id or self.build_id) if self.cache_id else ""

    @property
    def cache_name(self) -> str:
        """The namespace of its cached responses, which contain the headers of their time.

        Files that configure the host can change headers without changing the build id. In a shared
        cache, that is a change of everything. Variables can change without a build, too.
        """
        if self.cache_id:
            name = f"cache {self.cache_id}"
        else:
            rules = self.deferred_headers
            name = f"{self.build_id} {rules}" if rules else self.build_id
        name = f"{name} for {self.front}" if self.front else name
        name = f"{name} in {self.env}" if self.env else name
        return f"{name} by {self.code}" if self.code else name
