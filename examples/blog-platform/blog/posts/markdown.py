"""The Markdown of posts, converted as the pages of the site convert it."""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path

from blog.refusal import invalid
from blog.turns import Turns
from ssg.config.load import load
from ssg.model.settings import SiteSettings
from ssg.render.markdown.page_state import ConversionError
from ssg.render.markdown.untrusted.converter import UntrustedMarkdown

SITE = Path(__file__).parents[2]
"""The folder of the site, with its `ssg.toml`."""

PREVIEWS = Turns(1, 8, 5.0, "There are many previews right now. Try it again.", 2)
"""The longest text takes half a second, in which other threads are slower."""
MAX_LISTED = 20_000
"""The number of characters that a list, such as a feed, has of each text."""
_converters = threading.local()
"""A converter for each thread: it converts one text at a time."""


def html_of(text: str) -> str:
    """The HTML of a text. Raises RefusalError if it exceeds a limit."""
    try:
        return _converter().convert(text).html
    except ConversionError as error:
        raise invalid({"text": "; ".join(map(str, error.errors))}) from error


def preview_of(text: str) -> str:
    """The HTML of a text for a preview. Raises RefusalError, also if there are many previews."""
    with PREVIEWS.turn():
        return html_of(text)


def beginning_of(text: str) -> str:
    """A text for a list: a long one ends after a paragraph.

    A feed has ten texts. If each were as long as a post may be, it would take seconds to render.
    """
    if len(text) <= MAX_LISTED:
        return text
    end = text.rfind("\n\n", MAX_LISTED // 2, MAX_LISTED)
    return f"{text[: end if end > 0 else MAX_LISTED].rstrip()}\n\n…"


def _converter() -> UntrustedMarkdown:
    found: UntrustedMarkdown | None = getattr(_converters, "one", None)
    if found is None:
        found = _converters.one = UntrustedMarkdown(_settings())
    return found


@cache
def _settings() -> SiteSettings:
    return load(SITE).settings.site
