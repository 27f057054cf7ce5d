"""`.ssg/manifest.json`: every deferred page and route, and pictures, for people, tools and deploys.

Its JSON Schema is published with the documentation, `content/docs/manifest.schema.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

import ssg
from ssg.model.images.picture import Picture
from ssg.model.live.route import Route
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings

MANIFEST_VERSION = 1

_PAGES, _LINE, _END = ',\n  "pages": ', "\n    ", "\n}\n"
_CACHED_TEXTS = 1024
"""The number of templates and reasons whose JSON is cached: most pages share them."""
_MAX_PICTURES = 1000
"""The number of pictures that are listed; the others are only counted."""


def write_manifest(
    path: Path,
    site: Site,
    target: str,
    builder: str | None,
    before: Path | None = None,
    live_pages: Iterable[str] = (),
) -> int:
    """Write the manifest of a site, one page a line. Returns the number of pages in it.

    `before` is a manifest with the same pages, whose lines are copied. `live_pages` are paths of
    the live pages that the build has rendered.
    """
    head = {
        "version": MANIFEST_VERSION,
        "generator": f"ssg {ssg.__version__}",
        "build_id": site.build_id,
        "build_time": site.build_time,
        "base_url": site.settings.base_url,
        "target": target,
        "builder": builder,
        "routes": [_route(route, site.settings) for route in site.settings.routes],
        "live_pages": sorted(live_pages),
        "images": _images(site) if site.settings.images else None,
    }
    text = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    pages = (_pages_of(before) if before else "") or _pages(site)
    path.write_text(f"{text}{_PAGES}{pages}{_END}", "utf-8")
    return pages.count(_LINE)


def _route(route: Route, settings: SiteSettings) -> dict[str, Any]:
    """A route as JSON values."""
    return {
        "path": route.path,
        "language": settings.in_language(route.language).language_code,
        "template": route.template,
        "ttl": route.ttl_seconds,
        "stale": route.stale_seconds,
        "cache_tags": list(route.tags),
        "sources": sorted({one.source for one in route.data}),
        "loader": route.loader or None,
    }


def _images(site: Site) -> dict[str, Any]:
    """The pictures of a site as JSON values, and what can be made of each."""
    pictures = list(site.pictures())
    return {
        "count": len(pictures),
        "recipes": [f"{name} {wanted}" for name, wanted in sorted(site.recipes())],
        "pictures": [_picture(one) for one in pictures[:_MAX_PICTURES]],
    }


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "path": picture.path,
        "source": picture.source,
        "digest": picture.digest,
        "size": [picture.width, picture.height],
        "format": picture.format or None,
        "deferred": picture.deferred,
        "reason": picture.reason,
        "problem": picture.problem or None,
    }


def _pages_of(before: Path) -> str:
    """The pages of another manifest; empty if ssg did not write it."""
    try:
        _, _, pages = before.read_text("utf-8").partition(_PAGES)
    except (OSError, ValueError):
        return ""
    return pages.removesuffix(_END) if pages.endswith(_END) else ""


def _or_null(number: int | None) -> str:
    return "null" if number is None else str(number)


def _pages(site: Site) -> str:
    """The pages as JSON. `json.dumps` of a dictionary for each takes four times as long."""
    text, same = encode_basestring, lru_cache(_CACHED_TEXTS)(encode_basestring)
    lines = ",".join(
        f'{_LINE}{{"path": {text(path)}, "source": {text(source) if source else "null"}, '
        f'"template": {same(template)}, "ttl": {_or_null(ttl)}, "stale": {_or_null(stale)}, '
        f'"cache_tags": {json.dumps(tags.split()) if tags else "[]"}, "reason": {same(reason)}}}'
        for path, source, template, ttl, stale, tags, reason in site.deferrals()
    )
    return f"[{lines}\n  ]" if lines else "[]"
