"""Finds faults of the pictures on a page: without a text, broken, or larger than they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ssg.check.address_resolver import AddressResolver
from ssg.check.finding import CheckKind
from ssg.check.html_scan import HtmlScan, ImageTag
from ssg.model.images.picture import Picture
from ssg.model.queries.site import Site

DENSITY = 2
"""Pixels of a picture for each pixel of CSS that screens can show."""

_ALT_HINT = 'Describe it in alt, or write alt="" for decoration'
_LARGE_HINT = "Show it with Markdown or image(), which offer smaller sizes"


@dataclass(frozen=True, slots=True)
class ImageFault:
    """What is wrong with a picture. `url` is as written, `path` is resolved."""

    kind: CheckKind
    url: str
    path: str
    message: str
    hint: str | None = None


def image_faults(
    html: HtmlScan, page_path: str, resolver: AddressResolver, site: Site
) -> Iterator[ImageFault]:
    """Find the faults on one page."""
    has_pictures = site.settings.images is not None
    for tag in html.images:
        path = resolver.find(tag.url, page_path, html.base).path if tag.url else ""
        if not tag.has_text:
            message = f"the image {path or tag.url} has no alt"
            yield ImageFault(CheckKind.IMAGE_TEXT, tag.url, path, message, _ALT_HINT)
        picture = site.picture(path) if has_pictures and path else None
        if picture is not None:
            yield from _faults_of(picture, tag, path, site)


def _faults_of(picture: Picture, tag: ImageTag, path: str, site: Site) -> Iterator[ImageFault]:
    if picture.problem:
        message = f"the picture {path} cannot be used: {picture.problem}"
        yield ImageFault(CheckKind.BROKEN_IMAGE, tag.url, path, message)
    elif picture.has_variants and not tag.has_choice:
        most = tag.width * DENSITY if tag.width else _widest(site)
        if most and picture.width > most:
            shown = f"is shown {tag.width} pixels wide" if tag.width else "has no other size"
            message = f"the picture {path} is {picture.width} pixels wide, and {shown}"
            yield ImageFault(CheckKind.LARGE_IMAGE, tag.url, path, message, _LARGE_HINT)


def _widest(site: Site) -> int:
    """The widest size that the site lists."""
    return max(site.settings.images.widths, default=0) if site.settings.images else 0
