"""Functions that templates can call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ssg.model.urls import canonical_path
from ssg.render.library import Library
from ssg.render.links import split
from ssg.render.page_view import PageView


def functions(library: Library) -> Mapping[str, Callable[..., Any]]:
    """The functions of a site's templates, by name."""

    def get_page(name: str) -> PageView:
        """A page by its source file (`blog/post.md`) or its path (`/blog/post/`)."""
        found = library.site.page_from(name.removeprefix("@/"))
        found = found or library.site.page_at(canonical_path(name))
        if found is None:
            raise LookupError(f'get_page: there is no page "{name}"')
        return PageView(found, library)

    def get_url(name: str, absolute: bool = False) -> str:
        """A link to a source file (`@/blog/post.md`) or to a path (`/style.css`)."""
        if name.startswith("@/"):
            source, rest = split(name)
            page = get_page(source)
            return (page.permalink if absolute else page.url) + rest
        path, rest = split("/" + name.lstrip("/"))
        return (library.permalink(path) if absolute else library.url(path)) + rest

    return {"get_page": get_page, "get_url": get_url}
