"""`feed` in templates."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urljoin

from markupsafe import Markup

from ssg.model.page import Page
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView, TermView, page_views

_LINK = re.compile(r"""(\s(?:href|src|poster|data)=)(["'])(.*?)\2""", re.S)
_SRCSET = re.compile(r"""(\ssrcset=)(["'])(.*?)\2""", re.S)


class Feed:
    """`feed` in templates: of the site, a section or a term (Atom: RFC 4287; RSS 2.0)."""

    def __init__(self, page: Page, localized: LocalizedSite) -> None:
        settings, site = localized.settings, localized.site
        owner = site.page_by_id(page.parent_id or 0)
        self.full_content = settings.feed.full_content
        self.home = localized.permalink(owner.path)
        is_home = owner.path == settings.home_path
        self.title = settings.title if is_home else f"{owner.title} · {settings.title}"
        limit = settings.feed.limit
        if page.term_id:
            self.entries = page_views(localized, site.newest_with(page.term_id, limit))
        else:
            section = None if is_home else owner.id
            self.entries = page_views(localized, site.newest(limit, section, localized.language))

    @property
    def updated(self) -> dt.datetime:
        """The time of the newest change of an entry. It does not depend on the build."""
        dates = [entry.updated or entry.date for entry in self.entries]
        return max((date for date in dates if date), default=dt.datetime.fromtimestamp(0, dt.UTC))

    def content(self, entry: PageView) -> Markup:
        """Return the text of an entry with absolute links."""
        return absolute(entry.content, entry.permalink)

    def summary(self, entry: PageView) -> Markup:
        """Return the summary of an entry with absolute links."""
        return absolute(entry.summary, entry.permalink)


def absolute(html: str, permalink: str) -> Markup:
    """Make all links in the HTML of a page absolute."""

    def link(found: re.Match[str]) -> str:
        return f"{found[1]}{found[2]}{urljoin(permalink, found[3])}{found[2]}"

    def sources(found: re.Match[str]) -> str:
        parts = (part.strip().partition(" ") for part in found[3].split(","))
        urls = ", ".join(f"{urljoin(permalink, url)} {size}".strip() for url, _, size in parts)
        return f"{found[1]}{found[2]}{urls}{found[2]}"

    return Markup(_SRCSET.sub(sources, _LINK.sub(link, html)))  # noqa: S704 as it was


def feed_context(page: Page, localized: LocalizedSite) -> dict[str, object]:
    """Return `feed`, with its `section` or `term`."""
    feed = Feed(page, localized)
    if page.term_id:
        return {"feed": feed, "term": TermView(localized.site.term(page.term_id), localized)}
    return {"feed": feed, "section": PageView(page, localized).section}
