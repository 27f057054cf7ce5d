"""Filters that templates have beside Jinja's own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from ssg.model.urls import slugify

_ROOT_LINK = re.compile(r'\b(href|src|poster)="/(?!/)')


def date(value: dt.datetime | None, form: str = "%Y-%m-%d") -> str:
    """Format a date as strftime does; '' for none."""
    return value.strftime(form) if value else ""


def rfc3339(value: dt.datetime | None) -> str:
    """`2026-01-31T08:00:00+00:00` (RFC 3339), as Atom and sitemaps want it; '' for none."""
    return value.isoformat(timespec="seconds") if value else ""


def absolute_urls(html: str, base_url: str) -> Markup:
    """Give every link from the root of the site its host, for readers outside of it."""
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{parts.netloc}/"
    return Markup(_ROOT_LINK.sub(lambda found: f'{found[1]}="{origin}', html))  # noqa: S704 as it was


FILTERS: Mapping[str, Callable[..., Any]] = {
    "date": date,
    "rfc3339": rfc3339,
    "absolute_urls": absolute_urls,
    "slugify": slugify,
}
