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
    if site.settings.images is not None:
        yield from _broken(html, page_path, resolver, site)
    for tag in html.images:
        path = resolver.find(tag.url, page_path, html.base).path if tag.url else ""
        if not tag.has_text:
            message = f"the image {path or tag.url} has no alt"
            yield ImageFault(CheckKind.IMAGE_TEXT, tag.url, path, message, _ALT_HINT)
        picture = site.picture(path) if site.settings.images and path else None
        if picture and picture.has_variants and not tag.has_choice:
            yield from _too_large(picture, tag, path, site)


def _broken(
    html: HtmlScan, page_path: str, resolver: AddressResolver, site: Site
) -> Iterator[ImageFault]:
    """Pictures that a page loads, also from `srcset`, and that cannot be decoded."""
    for one in html.references:
        path = resolver.find(one.url, page_path, html.base).path if one.is_file else ""
        picture = site.picture(path) if path else None
        if picture and picture.problem:
            message = f"the picture {path} {picture.problem}"
            yield ImageFault(CheckKind.BROKEN_IMAGE, one.url, path, message)


def _too_large(picture: Picture, tag: ImageTag, path: str, site: Site) -> Iterator[ImageFault]:
    most = tag.width * DENSITY if tag.width else _widest(site)
    if most and picture.width > most:
        shown = f"is shown {tag.width} pixels wide" if tag.width else "has no other size"
        message = f"the picture {path} is {picture.width} pixels wide, and {shown}"
        yield ImageFault(CheckKind.LARGE_IMAGE, tag.url, path, message, _LARGE_HINT)


def _widest(site: Site) -> int:
    """The widest size that the site lists."""
    return max(site.settings.images.widths, default=0) if site.settings.images else 0
