"""Filters that templates have beside Jinja's own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup

from ssg.model.urls import slugify
from ssg.render.markdown.page_state import ConversionError

_ROOT_LINK = re.compile(r'\b(href|src|poster)="/(?!/)')
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\s*", re.S)


def date(value: dt.date | str | None, form: str = "%Y-%m-%d") -> str:
    """Format a date as strftime does; '' for none. A text must be ISO 8601."""
    return _moment(value).strftime(form) if value else ""


@jinja2.pass_environment
def date_in_words(environment: Any, value: dt.date | str | None, form: str = "%Y-%m-%d") -> str:
    """The same, with the names of months and days in the language of the page."""
    return date(value, environment.in_words(form, _moment(value))) if value else ""


def rfc3339(value: dt.date | str | None) -> str:
    """`2026-01-31T08:00:00+00:00` (RFC 3339), as Atom and sitemaps want it; '' for none."""
    if not value:
        return ""
    moment = _moment(value)
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return moment.isoformat(timespec="seconds")


def _moment(value: dt.date | str | None) -> dt.date:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f'"{value}" is no date; write 2026-01-31') from None


def rfc822(value: dt.datetime | None) -> str:
    """`Sat, 31 Jan 2026 08:00:00 +0000` (RFC 822), as RSS wants it; '' for none."""
    return format_datetime(value) if value else ""


def absolute_urls(html: str, base_url: str) -> Markup:
    """Give every link from the root of the site its host, for readers outside of it."""
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{parts.netloc}/"
    return Markup(_ROOT_LINK.sub(lambda found: f'{found[1]}="{origin}', html))  # noqa: S704 as it was


@jinja2.pass_context
def markdown(context: Context, text: str, inline: bool = False) -> Markup:
    """Markdown as HTML, with links and shortcodes of the page. `inline`: without `<p>` around."""
    environment: Any = context.environment
    view = context.get("page")
    page = view._page if view else environment.site.page_at(environment.settings.home_path)
    try:
        html = environment.to_html(str(text), page)
    except ConversionError as error:
        raise jinja2.TemplateRuntimeError(f"markdown: {error}") from error
    if inline and (paragraph := _ONE_PARAGRAPH.fullmatch(html)):
        html = paragraph[1]
    return Markup(html)  # noqa: S704 the site's own text


def regex_replace(text: str, pattern: str, replacement: str) -> str:
    """Replace each match of a regular expression of Python's; HTML stays HTML."""
    result = re.sub(pattern, replacement, str(text))  # Markup would escape the replacement
    return Markup(result) if isinstance(text, Markup) else result  # noqa: S704 as it was


def truncate_words(text: str, count: int, end: str = "…") -> str:
    """The first words of a text, without tags if it is HTML."""
    words = (text.striptags() if isinstance(text, Markup) else str(text)).split()
    return " ".join(words[:count]) + (end if len(words) > count else "")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "absolute_urls": absolute_urls,
    "date": date_in_words,
    "markdown": markdown,
    "regex_replace": regex_replace,
    "rfc3339": rfc3339,
    "rfc822": rfc822,
    "slugify": slugify,
    "truncate_words": truncate_words,
}
