"""The runtime: `respond(renderer, request, brought) -> Response | Needs`, a function without I/O.

It reads the site database and nothing else, no clock and no network, and keeps no state: so the
build, the preview, a function in Pyodide and a test get the same bytes. If a page needs a block of
texts that is not here, or data of a source, the response is `Needs`; the caller, a *shell*, brings
all of it and asks again (`rounds`), as h11 leaves bytes to its caller. The caller also routes,
caches and serves files: only what no file and no redirect rule answers comes here.

| path                                             | answer                          | caching  |
|--------------------------------------------------|---------------------------------|----------|
| a deferred page                                  | 200, its bytes                  | its own  |
| the same without or with its slash, `index.html` | 301 to the page                 | the same |
| a path of a route                                | a live page (`live/respond_live`)          |
| anything else                                    | 404, the site's own error page  | a minute |
| a page that cannot be rendered, or is too large  | 500, a page that reveals nothing| none     |

The tags of a page name what it was rendered from (`ssg.render.dependencies.tags`). A redirect has
the tag of its page and that of its own path, and a missing page that of its path: neither shows
anything else for long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import MappingProxyType

from ssg.model.errors import RenderError
from ssg.model.live.data_request import Brought
from ssg.model.media_types import HTML, page_content_type
from ssg.model.page import NOT_FOUND_FILE, Page
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.model.texts import MissingBlock
from ssg.model.urls import INDEX_FILE, decode_path
from ssg.render.dependencies.tags import SITE, build_tag, page_tag
from ssg.runtime.caching import MISSING_SECONDS, NEVER_STORED, Caching
from ssg.runtime.http import Failure, Request, Response
from ssg.runtime.live.respond_live import LiveFailureError, MissingLivePageError, respond_live
from ssg.runtime.live.route_table import FoundRoute
from ssg.runtime.needs import Needs
from ssg.runtime.tagged_renderer import TaggedRenderer

NOTHING: Brought = MappingProxyType({})

FAILURE_PAGE = (
    "<!doctype html>\n"
    '<html lang="en"><head><meta charset="utf-8"><title>Error</title></head>\n'
    "<body><h1>This page cannot be shown right now</h1>\n"
    "<p>Please try again in a moment.</p></body></html>\n"
)


def respond(
    renderer: TaggedRenderer,
    request: Request,
    brought: Brought = NOTHING,
    max_body_bytes: int | None = None,
) -> Response | Needs:
    """Answer a request as the deployed function does, or say what that needs. Raises nothing.

    `brought` has the answers of sources to what earlier calls needed. A page with more than
    `max_body_bytes`, which its host would not send, is a failure.
    """
    try:
        return _respond(renderer, request, brought, max_body_bytes)
    except MissingBlock as missing:
        return Needs(blocks=tuple(renderer.site.wanted(missing)))


def _respond(
    renderer: TaggedRenderer, request: Request, brought: Brought, max_body_bytes: int | None
) -> Response | Needs:
    renderer.drop_record()
    if request.method not in {"GET", "HEAD"}:
        return Response(405, b"Method Not Allowed", {"Content-Type": "text/plain"})
    path = decode_path(request.path)
    if path is None:
        return _not_found(renderer)
    if page := _deferred(renderer.site, path):
        return _within(max_body_bytes, page.template, _page(renderer, page))
    for candidate in _other_spellings(path):
        if page := _deferred(renderer.site, candidate):
            location = {"Location": renderer.localized.url(page.path)}
            asked = page_tag(path)  # a page may be published there
            tags = renderer.tags_without_render(page.path, [asked, *own_tags(page)])
            return Response(301, b"", location, page_caching(page, tags))
    return _live(renderer, request, path, brought, max_body_bytes)


def _live(
    renderer: TaggedRenderer,
    request: Request,
    path: str,
    brought: Brought,
    max_body_bytes: int | None,
) -> Response | Needs:
    """A live page, the redirect to it, or no page at all."""
    found = renderer.routes.find(path)
    if found is None:
        return _live_redirect(renderer, path) or _not_found(renderer, path)
    answer = _of_route(renderer, found, request, path, brought, max_body_bytes)
    if request.is_draft and isinstance(answer, Response):
        return replace(answer, caching=NEVER_STORED)
    return answer


def _of_route(
    renderer: TaggedRenderer,
    found: FoundRoute,
    request: Request,
    path: str,
    brought: Brought,
    max_body_bytes: int | None,
) -> Response | Needs:
    try:
        answer = respond_live(renderer, found, request, brought)
    except MissingLivePageError as error:
        return _not_found(renderer, path, error.tags)
    except LiveFailureError as error:
        return _failed(error.failure)
    except RenderError as error:
        return _failed(render_failure(found.route.template, error))
    if isinstance(answer, Needs):
        return answer
    return _within(max_body_bytes, found.route.template, answer)


def _live_redirect(renderer: TaggedRenderer, path: str) -> Response | None:
    """The redirect from another spelling of the path of a live page."""
    found = renderer.routes.first_part(path)
    for candidate in _other_spellings(path):
        found = found or renderer.routes.find(candidate) or renderer.routes.first_part(candidate)
    if found is None:
        return None
    location = {"Location": renderer.localized.url(found.path)}
    tags = renderer.tags_without_render(found.path, [page_tag(path)])
    caching = Caching(found.route.ttl_seconds, found.route.stale_seconds, tags)
    return Response(301, b"", location, caching)


def _deferred(site: Site, path: str) -> Page | None:
    page = site.page_at(path)
    return page if page and page.deferred else None


def _other_spellings(path: str) -> Iterator[str]:
    """Canonical paths of which `path` may be another spelling."""
    if path.endswith("/" + INDEX_FILE):
        yield path.removesuffix(INDEX_FILE)
    yield path.rstrip("/") if path.endswith("/") else path + "/"


def page_caching(page: Page, tags: tuple[str, ...]) -> Caching:
    """The caching of a deferred page, and of the redirects to it."""
    return Caching(page.ttl_seconds, page.stale_seconds, tags)


def own_tags(page: Page) -> Sequence[str]:
    """The cache tags that the author of a page asks for."""
    return page.cache_tags.split()


def missing_caching(tag: str, build_id: str, own: Sequence[str] = ()) -> Caching:
    """The caching of the answer for a path without a page. `tag` is that of the path."""
    tags = dict.fromkeys((tag, build_tag(build_id), SITE.tag, *own))
    return Caching(MISSING_SECONDS, 0, tuple(tags))


def _within(max_body_bytes: int | None, template: str, response: Response) -> Response:
    size = len(response.body)
    if max_body_bytes is None or size <= max_body_bytes:
        return response
    message = f"the page has {size} bytes; a function sends {max_body_bytes} at most"
    return _failed(Failure(message, template))


def _page(renderer: TaggedRenderer, page: Page) -> Response:
    try:
        body, tags = renderer.render_tagged(page, own_tags(page))
    except RenderError as error:
        return _failed(render_failure(page.template, error))
    return Response(200, body, _type(page.path), page_caching(page, tags))


def _not_found(renderer: TaggedRenderer, path: str = "/", tags: Sequence[str] = ()) -> Response:
    caching = missing_caching(page_tag(path), renderer.build_id, tags)
    page = renderer.site.page_at(error_path(renderer.site.settings, path))
    if page is None:
        return Response(404, b"Not Found", {"Content-Type": "text/plain"}, caching)
    try:
        return Response(404, renderer.render(page), _type(page.path), caching)
    except RenderError as error:
        return _failed(render_failure(page.template, error))


def error_path(settings: SiteSettings, path: str) -> str:
    """The path of the error page for an unknown path: that of its language."""
    homes = (language.home_path for language in settings.languages.values())
    home = max((home for home in homes if path.startswith(home)), key=len, default="/")
    return home + NOT_FOUND_FILE


def render_failure(template: str, error: RenderError) -> Failure:
    """Why a page with a template could not be rendered, for the log."""
    problem = error.problems[0]
    where = problem.where
    template = where.path if where else template
    return Failure(problem.full_message, template, where.line if where else None)


def _type(path: str) -> dict[str, str]:
    return {"Content-Type": page_content_type(path)}


def failed_response(message: str) -> Response:
    """A 500 for a failure outside of templates."""
    return _failed(Failure(message))


def _failed(failure: Failure) -> Response:
    return Response(500, FAILURE_PAGE.encode(), {"Content-Type": HTML}, failure=failure)
