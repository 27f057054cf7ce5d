"""Filters of templates in addition to those of Jinja."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote, urlsplit

import jinja2
from jinja2.runtime import Context
from markupsafe import Markup

from ssg.model.urls import slugify
from ssg.render.markdown.page_state import ConversionError
from ssg.render.markdown.untrusted.url_policy import allowed_url
from ssg.render.templates.image_functions import IMAGE_FILTERS

_ROOT_LINK = re.compile(r'\b(href|src|poster)="/(?!/)')
_SRCSET = re.compile(r'\bsrcset="[^"]*"')
_ROOT_CANDIDATE = re.compile(r'((?:="|,)\s*)/(?!/)')
_IN_URLS = "~:/?#@!$&'()*+,;=%"
"""Characters of addresses that are not encoded (RFC 3986), besides letters and digits."""
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\s*", re.S)


def date(value: dt.date | str | None, form: str = "%Y-%m-%d") -> str:
    """Format a date with strftime; '' for no date. A string must be ISO 8601."""
    return _moment(value).strftime(form) if value else ""


@jinja2.pass_environment
def date_in_words(environment: Any, value: dt.date | str | None, form: str = "%Y-%m-%d") -> str:
    """Format a date with the names of months and days in the language of the page."""
    return date(value, environment.in_words(form, _moment(value))) if value else ""


def rfc3339(value: dt.date | str | None) -> str:
    """`2026-01-31T08:00:00+00:00` (RFC 3339), for Atom and sitemaps; '' for no date."""
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
        raise ValueError(f'"{value}" is not a date; write 2026-01-31') from None


def rfc822(value: dt.datetime | None) -> str:
    """`Sat, 31 Jan 2026 08:00:00 +0000` (RFC 822), for RSS; '' for no date."""
    return format_datetime(value) if value else ""


def absolute_urls(html: str, base_url: str) -> Markup:
    """Add the host to links that begin with `/`, for use outside of the site."""
    parts = urlsplit(base_url)
    origin = f"{parts.scheme}://{parts.netloc}/"
    html = _ROOT_LINK.sub(lambda found: f'{found[1]}="{origin}', html)
    if "srcset=" in html:
        html = _SRCSET.sub(
            lambda found: _ROOT_CANDIDATE.sub(lambda one: one[1] + origin, found[0]), html
        )
    return Markup(html)  # noqa: S704 as it was


@jinja2.pass_context
def markdown(
    context: Context, text: str, inline: bool = False, trusted: bool | None = None
) -> Markup:
    """Convert Markdown, with links and shortcodes of the page. `inline` drops the outer `<p>`.

    On a page with data of strangers it converts as `untrusted_markdown`, unless `trusted` is true.
    """
    environment: Any = context.environment
    if not (environment.has_trusted_data if trusted is None else trusted):
        return untrusted_markdown(environment, text, inline)
    page = context.get("page") or environment.site.page_at(environment.settings.home_path)
    try:
        html = environment.to_html(str(text), page)
    except ConversionError as error:
        raise jinja2.TemplateRuntimeError(f"markdown: {error}") from error
    if inline and (paragraph := _ONE_PARAGRAPH.fullmatch(html)):
        html = paragraph[1]
    return Markup(html)  # noqa: S704 the site's own text


@jinja2.pass_environment
def untrusted_markdown(
    environment: Any, text: str | None, inline: bool = False, name: object = ""
) -> Markup:
    """Convert Markdown of a stranger, which cannot harm the page; '' for no text.

    Ids begin with `user-`, or with `user-NAME-` if there are several texts on a page.
    """
    html = environment.untrusted_to_html(str(text), str(name)) if text else ""
    if inline and (paragraph := _ONE_PARAGRAPH.fullmatch(html)):
        html = paragraph[1]
    return Markup(html)  # noqa: S704 made by the converter for strangers


def safe_url(url: str | None) -> str:
    """Return an address of data if it is http, https, mailto or relative; '' for any other."""
    quoted = quote(str(url or "").strip(), safe=_IN_URLS, errors="replace")
    return quoted if allowed_url(quoted, "") else ""


def regex_replace(text: str, pattern: str, replacement: str) -> str:
    """Replace each match of a regular expression (Python's `re`). HTML stays HTML."""
    result = re.sub(pattern, replacement, str(text))  # Markup would escape the replacement
    return Markup(result) if isinstance(text, Markup) else result  # noqa: S704 as it was


def truncate_words(text: str, count: int, end: str = "…") -> str:
    """Return the first words of a text. Tags of HTML are removed."""
    words = (text.striptags() if isinstance(text, Markup) else str(text)).split()
    return " ".join(words[:count]) + (end if len(words) > count else "")


FILTERS: Mapping[str, Callable[..., Any]] = {
    **IMAGE_FILTERS,
    "absolute_urls": absolute_urls,
    "date": date_in_words,
    "markdown": markdown,
    "regex_replace": regex_replace,
    "safe_url": safe_url,
    "rfc3339": rfc3339,
    "rfc822": rfc822,
    "slugify": slugify,
    "truncate_words": truncate_words,
    "untrusted_markdown": untrusted_markdown,
}
