"""What the templates of feeds and of the sitemap see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ssg.model.page import parse_date
from ssg.render.library import Library
from ssg.render.page_view import PageView, views


class Feed:
    """`feed`: an Atom feed (RFC 4287) of the site or of one section."""

    def __init__(self, view: PageView, library: Library) -> None:
        settings = library.settings.feed
        section = view.section
        below_home = section is not None and section.path != "/"
        owner = section._page.id if section and below_home else None
        self.full_content = settings.full_content
        self.entries = views(library, library.site.newest(settings.limit, owner))
        self.home = library.permalink(section.path if section else "/")
        self.title = library.settings.title
        if section and below_home:
            self.title = f"{section.title} · {library.settings.title}"

    @property
    def updated(self) -> dt.datetime:
        """When its newest entry changed: rebuilding an unchanged site changes no feed."""
        dates = [entry.updated or entry.date for entry in self.entries]
        return max((date for date in dates if date), default=dt.datetime.fromtimestamp(0, dt.UTC))


def addresses(library: Library) -> Iterator[tuple[str, dt.datetime | None]]:
    """Permalink and last change of every page, deferred ones included, for the sitemap."""
    for path, changed in library.site.addresses():
        yield library.permalink(path), parse_date(changed) if changed else None
