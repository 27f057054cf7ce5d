"""The variables of the templates of live pages: `page`, `section`, `paginator`, `feed`."""

from __future__ import annotations

from typing import Any

from ssg.model.live.cursor import encode_cursor
from ssg.model.live.route import CURSOR_FOLDER
from ssg.model.page import PageKind
from ssg.model.pagination import PAGER_FOLDER, page_count, pager_path
from ssg.render.live.live_data import LiveDataError
from ssg.render.live.live_page import LiveList, LivePage
from ssg.render.live.live_view import Convert, LivePageView
from ssg.render.views.feed import Feed
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.paginator import Paginator


def live_context(live: LivePage, localized: LocalizedSite, convert: Convert) -> dict[str, Any]:
    """The variables of the template of a live page."""
    page = LivePageView(live, localized, convert)
    own = {**(live.data or {}), "page": page, "params": live.params or {}}
    if live.listed is None:
        return {**own, "section": page.section}
    if live.page.kind == PageKind.FEED:
        return {**own, "section": page.section, "feed": LiveFeed(page, localized)}
    paginator = LivePaginator(live.listed, page, localized)
    return {**own, "section": page.first_part, "paginator": paginator}


class LivePaginator(Paginator):
    """`paginator` in templates: a part of a list that comes from data.

    Of a list with a cursor only the first part and the next one are known: `number` is 1 or 2.
    """

    def __init__(self, listed: LiveList, page: LivePageView, localized: LocalizedSite) -> None:
        self._listed = listed
        self._page = page
        self._localized = localized
        self._has_cursor = listed.total is None and bool(listed.size)
        self.total = listed.total  # type: ignore[assignment]  # None if there is a cursor
        self.number = listed.number
        self.count = page_count(listed.total or 0, listed.size)
        if self._has_cursor:
            self.number = 2 if listed.cursor else 1
            self.count = self.number + bool(listed.next_cursor)
        elif not listed.size:
            self.total = len(listed.items)
        self.size = listed.size or max(1, len(listed.items))

    @property
    def pages(self) -> Any:
        """The pages of this part."""
        return self._page.pages

    def at(self, number: int) -> Paginator:
        """This part: the data has no other one."""
        if number == self.number:
            return self
        raise LiveDataError("a live list has only the part that is shown: no paginator.at(...)")

    def _url(self, number: int) -> str:
        listed = self._listed
        if self._has_cursor and number > 1:
            return self._localized.url(_cursor_path(listed, number - self.number))
        return self._localized.url(pager_path(listed.first_path, number, PAGER_FOLDER))


def _cursor_path(listed: LiveList, step: int) -> str:
    """The path of this part (0) or the next one (1)."""
    cursor = encode_cursor(listed.next_cursor if step else listed.cursor)
    if cursor is None:
        raise LiveDataError("the cursor of the next part is too long for a path")
    return f"{listed.first_path}{CURSOR_FOLDER}/{cursor}/"


class LiveFeed(Feed):
    """`feed` in templates: the dated items of a list that comes from data."""

    def __init__(self, page: LivePageView, localized: LocalizedSite) -> None:
        settings = localized.settings
        self.full_content = settings.feed.full_content
        self.home = localized.permalink(page.path.rpartition("/")[0] + "/")
        self.title = f"{page.title} · {settings.title}" if page.title else settings.title
        self.entries = [one for one in page.pages if one.date][: settings.feed.limit]
