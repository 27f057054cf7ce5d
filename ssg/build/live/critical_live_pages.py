"""Renders the critical live pages of a build: the first known paths of each route.

They are answered as a function answers (`ssg.runtime.respond`), with the data of this moment. The
requests of many pages are asked together: a round of a batch takes as long as its slowest request.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ssg.build.live.open_sources import open_sources
from ssg.build.publish.written_files import WrittenFile, content_digest, write_file
from ssg.build.render.search_index import SearchText
from ssg.build.render.workers import Workers
from ssg.model.errors import Location, Problem, merge_pages
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.queries.live_paths import KnownPath
from ssg.model.queries.site import Site
from ssg.model.urls import output_file, quote_path
from ssg.render.live.live_page import LivePage
from ssg.render.renderer import NO_ENV
from ssg.runtime.http import Request, Response
from ssg.runtime.needs import Needs
from ssg.runtime.respond import failed_response, respond
from ssg.runtime.rounds import MAX_ROUNDS, BringData
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.search.batch import IndexedPage
from ssg.sources.environment import SiteEnvironment

MAX_SEARCHED_CHARACTERS = 100_000
"""Of the text of a live page in the search index: strangers may have written it."""
BATCH = 64
"""Pages whose requests are asked together."""

REQUESTS = 32
"""Requests that are asked at once: a source has its time limit for all of them."""

Locate = Callable[[int], Location]
"""The place of a route in the configuration, by its number."""


@dataclass(slots=True)
class LivePages:
    """The live pages that a build has rendered."""

    files: dict[str, WrittenFile] = field(default_factory=dict)
    paths: list[str] = field(default_factory=list)
    """The paths of all pages that could be rendered."""
    texts: list[SearchText] = field(default_factory=list)
    """What the search index says of them, if the site has one."""
    failures: list[tuple[KnownPath, Response]] = field(default_factory=list)
    """Pages that could not be rendered."""
    left_out: list[tuple[KnownPath, Response]] = field(default_factory=list)
    """Pages that do not exist, or are at another path."""

    def add(self, other: LivePages) -> None:
        """Add the pages of another batch."""
        self.files |= other.files
        self.paths += other.paths
        self.texts += other.texts
        self.failures += other.failures
        self.left_out += other.left_out


class LivePageRenderer(TaggedRenderer):
    """Renders live pages, and remembers the last one for the search index."""

    _last: LivePage | None = None

    def render_live_tagged(
        self, live: LivePage, own: Sequence[str]
    ) -> tuple[bytes, tuple[str, ...]]:
        """Render a page and its tags. Raises as the renderer."""
        self._last = live
        return super().render_live_tagged(live, own)

    def searchable(self, known: KnownPath) -> Iterator[SearchText]:
        """The text of the page that was rendered last; none without a search."""
        settings, last = self.site.settings, self._last
        if last is None or not settings.search.enabled:
            return
        language = settings.in_language(known.language)
        page = IndexedPage(
            url=self.localized.url(known.path),
            title=last.page.title or language.title,
            description=last.page.description,
            section="",
        )
        yield SearchText(language.language_code, page, last.body[:MAX_SEARCHED_CHARACTERS])


class LivePageWriter:
    """Renders live pages into a publish folder; without one, only to see that they can be.

    A copy in another process opens the database and the sources itself.
    """

    def __init__(
        self, database: Path, publish_dir: Path | None, environment: SiteEnvironment | None
    ) -> None:
        self._database = database
        self._publish_dir = publish_dir
        self._environment = environment
        self._opened = contextlib.ExitStack()

    def __reduce__(self) -> tuple[Callable[..., LivePageWriter], tuple[object, ...]]:
        return LivePageWriter, (self._database, self._publish_dir, self._environment)

    def __call__(self, batch: Sequence[KnownPath]) -> LivePages:
        """Write the files of some pages."""
        made = LivePages()
        for known, response in respond_together(self._renderer, batch, self._bring):
            if response.status == 200:
                made.paths.append(known.path)
                made.texts += self._renderer.searchable(known)
                if self._publish_dir:
                    name = output_file(known.path)
                    made.files[name] = _write(self._publish_dir / name, response.body)
            elif response.status == 500:
                made.failures.append((known, response))
            else:
                made.left_out.append((known, response))
        return made

    def close(self) -> None:
        """Close the database and the sources."""
        self._opened.close()

    @cached_property
    def _renderer(self) -> LivePageRenderer:
        site = Site.open(self._database)
        self._opened.callback(site.close)
        environment = self._environment
        return LivePageRenderer(site, environment.visible_values if environment else NO_ENV)

    @cached_property
    def _bring(self) -> BringData:
        site = self._renderer.site
        asked = site.settings, self._environment, site.queries()
        return self._opened.enter_context(open_sources(*asked))


def _write(file: Path, data: bytes) -> WrittenFile:
    file.parent.mkdir(parents=True, exist_ok=True)
    return write_file(str(file), data, content_digest(data))


def respond_together(
    renderer: TaggedRenderer, batch: Sequence[KnownPath], bring: BringData
) -> Iterator[tuple[KnownPath, Response]]:
    """The response for each page, in rounds: all that a batch needs is brought at once."""
    brought: dict[DataRequest, DataAnswer] = {}
    waiting = list(batch)
    for _ in range(MAX_ROUNDS):
        needs: dict[DataRequest, None] = {}
        still = []
        for known in waiting:
            answer = respond(renderer, Request("GET", quote_path(known.path)), brought)
            if isinstance(answer, Needs):
                needs |= dict.fromkeys(answer.requests)
                still.append(known)
            else:
                yield known, answer
        waiting = still
        if not waiting:
            return
        wanted = list(needs)
        for start in range(0, len(wanted), REQUESTS):
            brought |= bring(wanted[start : start + REQUESTS])
    for known in waiting:
        yield known, failed_response(f"the page asks for data in more than {MAX_ROUNDS} rounds")


def write_live_pages(
    pool: Workers,
    wanted: Sequence[KnownPath],
    database: Path,
    publish_dir: Path | None,
    environment: SiteEnvironment | None,
    advance: Callable[[int], None],
) -> LivePages:
    """Render and write the critical live pages of a site, `wanted`."""
    whole = LivePages()
    batches = [wanted[start : start + BATCH] for start in range(0, len(wanted), BATCH)]
    with contextlib.closing(LivePageWriter(database, publish_dir, environment)) as writer:
        for batch, made in zip(batches, pool.map(writer, batches), strict=True):
            whole.add(made)
            advance(len(batch))
    return whole


def failures(pages: LivePages, locate: Locate) -> tuple[Problem, ...]:
    """Why pages could not be rendered: the same once, with the pages."""
    return merge_pages(_failure(known, response, locate) for known, response in pages.failures)


def missing_pages(pages: LivePages, locate: Locate) -> tuple[Problem, ...]:
    """Pages that `paths` names, but that do not exist."""
    return merge_pages(_warning(known, response, locate) for known, response in pages.left_out)


def _failure(known: KnownPath, response: Response, locate: Locate) -> Problem:
    failure = response.failure
    if failure is None:
        return Problem("the page has no answer", locate(known.route), None, (known.path,))
    where = locate(known.route)
    if failure.template and failure.line is not None:
        where = Location(failure.template, failure.line)
    message = failure.message.removesuffix(f" (while rendering {known.path})")
    return Problem(message, where, None, (known.path,))


def _warning(known: KnownPath, response: Response, locate: Locate) -> Problem:
    message = "the data of a known path is missing, so it has no page"
    if response.status == 301:
        message = "a known path redirects, so it has no page"
    return Problem(message, locate(known.route), None, (known.path,))
