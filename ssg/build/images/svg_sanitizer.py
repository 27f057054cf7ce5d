"""Sanitises drawings for the scan, if a site asks for it."""

from __future__ import annotations

from ssg.content.structure.published_files import SvgSanitizer
from ssg.model.images.settings import ImageSettings


def svg_sanitizer(settings: ImageSettings | None) -> SvgSanitizer | None:
    """The sanitiser for the drawings of a site; None if they are copied as they are."""
    return _sanitize if settings and settings.sanitise_svg else None


def _sanitize(data: bytes) -> bytes | str:
    from ssg.images.picture_error import PictureError  # noqa: PLC0415 few sites sanitise
    from ssg.images.svg import sanitize_svg  # noqa: PLC0415 the same

    try:
        return sanitize_svg(data)
    except PictureError as error:
        return error.reason
