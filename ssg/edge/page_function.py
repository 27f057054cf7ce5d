"""The function of deferred pages in this process, with the renderer that hosts run."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from ssg.edge.policy import DEFAULT_RENDER_SECONDS
from ssg.edge.render_turns import RenderTurns
from ssg.edge.thread_pool import waits_for_source
from ssg.model.live.data_request import Brought, DataRequest
from ssg.model.queries.site import Site
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.rule import page_path
from ssg.redirects.site_headers import with_site_headers
from ssg.render.renderer import NO_ENV
from ssg.runtime.http import Request, Response
from ssg.runtime.needs import Needs
from ssg.runtime.respond import respond
from ssg.runtime.rounds import BringData, bring_nothing, in_rounds
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.sources.site_shell import SiteShell


class OtherBuildError(Exception):
    """Another build has replaced the database."""


def function_in_process(
    database: Path,
    address: str,
    headers: Sequence[HeaderRule] = (),
    limit_seconds: float = DEFAULT_RENDER_SECONDS,
    bring: BringData = bring_nothing,
    env: Mapping[str, str] = NO_ENV,
) -> Callable[[Request], Response]:
    """Return a function in this process. It renders one page at a time, as Python would anyway.

    It raises SlowRenderError for a page that takes longer than the limit, and renders other pages
    meanwhile. Its database is closed when nothing refers to the function any longer.
    `address` is where rules lead to it, and `headers` are those of the site that it sends. `bring`
    asks sources of data, while other pages are rendered; `env` is what templates see.
    """
    turns = RenderTurns(_RendererOpener(database, env), _close, limit_seconds)

    def ask(page: Request, brought: Brought) -> Response | Needs:
        return turns(lambda renderer: respond(renderer, page, brought))

    def bring_in_threads(requests: Iterable[DataRequest]) -> Brought:
        asked = tuple(requests)
        with waits_for_source(one.source for one in asked):
            return bring(asked)

    def answer(request: Request) -> Response:
        page = replace(request, path=page_path(request.path, address))
        response = in_rounds(partial(ask, page), bring_in_threads)
        return with_site_headers(response, page.path, headers)

    weakref.finalize(answer, turns.close).atexit = False
    return answer


def function_with_sources(
    database: Path,
    address: str,
    headers: Sequence[HeaderRule],
    limit_seconds: float,
    site: SiteShell,
    bring: BringData | None = None,
) -> Callable[[Request], Response]:
    """A function as above that asks the sources of its site, through `bring` if that is given.

    The shell is closed when nothing refers to the function any longer.
    """
    env, brought_by = site.environment.visible_values, bring or site.shell.bring
    answer = function_in_process(database, address, headers, limit_seconds, brought_by, env)
    weakref.finalize(answer, site.shell.close).atexit = False
    return answer


class _RendererOpener:
    """Opens renderers of the build whose database it opened first."""

    def __init__(self, database: Path, env: Mapping[str, str]) -> None:
        self._database = database
        self._env = env
        self._build_id = ""

    def __call__(self) -> TaggedRenderer:
        renderer = TaggedRenderer(Site.open(self._database), self._env)
        self._build_id = self._build_id or renderer.build_id
        if renderer.build_id != self._build_id:
            _close(renderer)
            raise OtherBuildError(str(self._database))
        return renderer


def _close(renderer: TaggedRenderer) -> None:
    renderer.site.close()
