"""The response for a path of a route.

| what                                     | answer                  | caching                     |
|------------------------------------------|-------------------------|-----------------------------|
| a page whose data is there               | 200, its bytes          | of the route                |
| the data says that its path is another   | 301                     | of the route                |
| data that the page requires is not there | 404, the site's own page| a minute, tags of the route |
| a source fails, data has another shape   | 500                     | none                        |
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssg.model.cache_options import as_cache_tag
from ssg.model.live.data_request import Brought
from ssg.model.live.route import RouteData
from ssg.model.live.route_pattern import PLACEHOLDER
from ssg.model.media_types import page_content_type
from ssg.render.dependencies.tags import Dependency
from ssg.render.live.live_data import LiveDataError, filled, filled_path, path_of_site, value_at
from ssg.render.live.live_page import LivePage, live_page
from ssg.runtime.caching import Caching
from ssg.runtime.http import Failure, Request, Response
from ssg.runtime.live.load_data import (
    DataError,
    DataMissingError,
    load_data,
    queries_of,
    schemas_of,
    sources_of,
)
from ssg.runtime.live.loader import LoaderError, LoaderRequest, run_loader
from ssg.runtime.live.route_table import FoundRoute
from ssg.runtime.live.schema_check import SchemaError
from ssg.runtime.needs import Needs
from ssg.runtime.tagged_renderer import TaggedRenderer


class MissingLivePageError(Exception):
    """There is no such page. `tags` are those of the answer that says so."""

    def __init__(self, tags: tuple[str, ...]) -> None:
        super().__init__()
        self.tags = tags


class LiveFailureError(Exception):
    """The page cannot be made now."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


def respond_live(
    renderer: TaggedRenderer, found: FoundRoute, request: Request, brought: Brought
) -> Response | Needs:
    """The response for a live page, or what it needs.

    Raises MissingLivePageError, LiveFailureError or RenderError.
    """
    settings = renderer.site.settings
    tags = [f"source:{name}" for name in sources_of(found, brought)]
    tags += [Dependency("query", name).tag for name in queries_of(found, brought)]
    tags += [Dependency("schema", name).tag for name in schemas_of(found, settings, brought)]
    try:
        data = _data(renderer, found, request, brought)
        if isinstance(data, Needs):
            return data
        known = {**data, **found.params}
        tags = [*_tags(found, known), *tags]
        if moved := _moved(found, known):
            return _redirect(renderer, found, moved, tags)
        page = live_page(
            found.route, found.path, found.params, data, settings,
            number=found.number, cursor=found.cursor,
        )  # fmt: skip
        if page.listed and not page.listed.exists:
            raise DataMissingError(found.path)
        return _rendered(renderer, found, page, tags)
    except DataMissingError as error:
        raise MissingLivePageError((*_own_tags(found), *tags)) from error
    except LoaderError as error:
        raise LiveFailureError(error.failure) from error
    except (DataError, LiveDataError) as error:
        raise _failure(found, str(error)) from error
    except (TypeError, ValueError, RecursionError) as error:  # a loader may return anything
        raise _failure(found, f"the data cannot be written as JSON: {error}") from error


def _failure(found: FoundRoute, reason: str) -> LiveFailureError:
    return LiveFailureError(Failure(f"{found.route.path}: {reason}", found.route.template))


def _data(
    renderer: TaggedRenderer, found: FoundRoute, request: Request, brought: Brought
) -> dict[str, Any] | Needs:
    """The data of a page by its names in templates, or what is lacking for it."""
    settings, name = renderer.site.settings, found.route.loader

    def check(data: RouteData, content: Any) -> None:
        _check(renderer, found, data, content)

    if not name:
        return load_data(found, settings, brought, is_draft=request.is_draft, check=check)
    loader = renderer.hooks.loaders.get(name)
    if loader is None:
        raise DataError(f'there is no loader "{name}"')
    wanted = LoaderRequest.of(found, request, settings)
    return run_loader(loader, wanted, settings, brought, check)


def _check(renderer: TaggedRenderer, found: FoundRoute, data: RouteData, content: Any) -> None:
    """Check data against its schema. That of a collection is for each item of the route's list."""
    schema = data.schema or renderer.site.settings.sources[data.source].schema
    if not schema:
        return
    try:
        renderer.schemas.check(schema, data.name, content, _items_in(found, data))
    except SchemaError as error:
        raise DataError(f"{data.source}: {error}") from error


def _items_in(found: FoundRoute, data: RouteData) -> str:
    """Where the items of the route's list are in some data; '' if they are not in it."""
    first, _, rest = found.route.list.items.partition(".") if found.route.list else ("", "", "")
    return rest if first == data.name else ""


def _rendered(
    renderer: TaggedRenderer, found: FoundRoute, page: LivePage, tags: list[str]
) -> Response:
    body, all_tags = renderer.render_live_tagged(page, tags)
    headers = {"Content-Type": page_content_type(found.path)}
    return Response(200, body, headers, _caching(found, all_tags))


def _redirect(renderer: TaggedRenderer, found: FoundRoute, path: str, tags: list[str]) -> Response:
    location = {"Location": renderer.localized.url(path)}
    all_tags = renderer.tags_without_render(found.path, tags)
    return Response(301, b"", location, _caching(found, all_tags))


def _moved(found: FoundRoute, data: Mapping[str, Any]) -> str:
    """The path that the data gives the page, if it is another one.

    A path that differs in its last slash alone is the same: it would lead back to this one.
    """
    route = found.route
    if route.redirect:
        moved = value_at(data, route.redirect, str)
        if moved and not _is_same(path_of_site(moved, route.redirect), found.path):
            return moved
    if route.canonical and found.number == 1 and not found.cursor:
        path = filled_path(route.canonical, data)
        return "" if _is_same(path, found.path) else path
    return ""


def _is_same(path: str, other: str) -> bool:
    return path == other or path.rstrip("/") == other.rstrip("/")


def _caching(found: FoundRoute, tags: tuple[str, ...]) -> Caching:
    return Caching(found.route.ttl_seconds, found.route.stale_seconds, tags)


def _tags(found: FoundRoute, data: Mapping[str, Any]) -> list[str]:
    return [as_cache_tag(filled(tag, data)) for tag in found.route.tags]


def _own_tags(found: FoundRoute) -> list[str]:
    """The tags of the route that need no data."""
    own = [tag for tag in found.route.tags if {*PLACEHOLDER.findall(tag)} <= {*found.params}]
    return [as_cache_tag(filled(tag, found.params)) for tag in own]
