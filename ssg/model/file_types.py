"""The `Content-Type` of any file, as Netlify sends it."""

from __future__ import annotations

import mimetypes
import os

from ssg.model.media_types import CONTENT_TYPES

_OTHER_TYPES = mimetypes.MimeTypes(filenames=())  # Python's own table: the same on every machine


def content_type(name: str) -> str:
    """The type of a file, by the suffix of its name."""
    suffix = os.path.splitext(name)[1].lower()  # noqa: PTH122 - runs on each request
    guessed = CONTENT_TYPES.get(suffix) or _OTHER_TYPES.guess_type("file" + suffix)[0]
    return guessed or "application/octet-stream"
