"""Link targets of Markdown -> URLs."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote, urljoin

from ssg.model.page import Page
from ssg.model.site import Site
from ssg.model.urls import base_path, quote_path

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_PART = re.compile(r"([^?#]*)(.*)", re.S)


class LinkError(Exception):
    """A target that names no page; the text says which."""


def is_internal(target: str) -> bool:
    """Whether a target must name a source file: `@/docs/a.md`, `../b.md#part`."""
    return target.startswith("@/") or (
        not _SCHEME.match(target)
        and not target.startswith("/")
        and split(target)[0].endswith(".md")
    )


def source_of(target: str, page_source: str) -> str:
    """The source file that an internal target names, relative to the content folder."""
    file = unquote(split(target)[0])
    if file.startswith("@/"):
        return posixpath.normpath(file[2:])
    return posixpath.normpath(posixpath.join(posixpath.dirname(page_source), file))


def resolve(target: str, page: Page, site: Site) -> str:
    """The URL for a target in the text of `page`, under the site's base path.

    Raises LinkError if it is an internal link to no page.
    """
    if is_internal(target):
        return _page_url(target, page, site)
    if not target or _SCHEME.match(target):
        return target
    base = base_path(site.settings.base_url)
    if target.startswith("/"):
        return base + target
    return base + (_beside(target, page, site) or urljoin(quote_path(page.path), target))


def _page_url(target: str, page: Page, site: Site) -> str:
    source = source_of(target, page.source or "")
    found = site.page_from(source)
    if found is None:
        raise LinkError(f'the link "{target}" names no page: there is no {source}')
    return base_path(site.settings.base_url) + quote_path(found.path) + split(target)[1]


def _beside(target: str, page: Page, site: Site) -> str | None:
    """A file that lies next to a page's source, which need not be next to its URL."""
    found = site.asset_from(source_of(target, page.source or ""))
    if found is None:
        return None
    owner_id, name = found
    folder = site.page_by_id(owner_id).path.rpartition("/")[0]
    return quote_path(f"{folder}/{name}") + split(target)[1]


def split(target: str) -> tuple[str, str]:
    """The file or path of a target, and the rest: `a.md#part` -> `a.md`, `#part`."""
    match = _PART.match(target)
    return (match[1], match[2]) if match else (target, "")
