"""Finds pictures by the names that templates give them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin

from ssg.model.errors import did_you_mean
from ssg.model.images.picture import Picture
from ssg.model.images.remote import remote_of
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.render.pictures.site_pictures import MAX_LENGTH
from ssg.render.source_lookup import SourceLookup

_MAX_CACHED = 2048
_MAX_SUGGESTIONS = 2000
_ROOTS = ("content/", "static/")
"""Folders that templates for other generators name."""


class ImageLookup:
    """Finds pictures of a site by name."""

    def __init__(self, site: Site, sources: SourceLookup) -> None:
        self._site = site
        self._sources = sources
        self._found: dict[tuple[str, str], Picture | None] = {}

    def find(self, name: str, page: Page | None) -> Picture | None:
        """The picture of a name, which a template uses for `page`.

        It may be beside the page, have the path `/boat.jpg` of the site or `@/blog/boat.jpg` of the
        content folder, or be the URL of another host. A name that is not beside the page is looked
        for in the content folder and in `static/`.
        """
        if len(name) > MAX_LENGTH:
            return None
        if len(self._found) >= _MAX_CACHED:
            self._site.forget(self._found)
        key = (name, f"{page.source or ''}|{page.path}" if page else "")
        return self._site.remember(self._found, key, lambda: self._find(name, page))

    def _find(self, name: str, page: Page | None) -> Picture | None:
        if name.startswith("//") or "://" in name:
            return self._site.picture(name)
        places = self._places(name, page)
        return next((found for place in places if (found := self._site.picture(place))), None)

    def _places(self, name: str, page: Page | None) -> Iterator[str]:
        """Paths that a name may mean, the likeliest first."""
        if name.startswith("@/"):
            yield from self._beside(name[2:])
            return
        if name.startswith("/"):
            yield name
            return
        if page is not None:
            yield from self._beside(posixpath.join(posixpath.dirname(page.source or ""), name))
            yield urljoin(page.path, name)
        for root in ("", *_ROOTS):
            if name.startswith(root):
                plain = name.removeprefix(root)
                yield from self._beside(plain)
                yield f"/{plain}"

    def _beside(self, source: str) -> Iterator[str]:
        """The path of a file of the content folder."""
        found = self._sources.asset(posixpath.normpath(source))
        if found is not None:
            owner_id, name = found
            folder = self._site.page_by_id(owner_id).path.rpartition("/")[0]
            yield f"{folder}/{name}"

    def suggestion(self, name: str, page: Page | None) -> str | None:
        """What an unknown name may mean: a picture beside the page, or any other."""
        if "://" in name:
            return self._remote_suggestion(name)
        known = list(islice(self._site.pictures(), _MAX_SUGGESTIONS))
        folder = posixpath.join("content", posixpath.dirname((page and page.source) or ""), "")
        beside = (one.source.removeprefix(folder) for one in known if one.source.startswith(folder))
        paths = (one.path for one in known)
        return did_you_mean(name, beside) or did_you_mean("/" + name.lstrip("/"), paths)

    def _remote_suggestion(self, url: str) -> str:
        """How a build learns of a picture of another host, before it renders."""
        settings = self._site.settings.images
        if settings and remote_of(url, settings.remote):
            return "Add it to urls of [[images.remote]]: a build finds URLs that are written out"
        return f'Let the build fetch it: [[images.remote]] match = "{urljoin(url, "/")}**"'
