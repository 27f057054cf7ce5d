"""`paginator` in templates. The public names are a documented contract."""

from __future__ import annotations

from collections.abc import Sequence

from ssg.model.page import Page
from ssg.model.pagination import PAGER_FOLDER, page_count, pager_path
from ssg.render.views.lazy_list import ListView
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView


class Paginator:
    """`paginator` in templates: the part of a list that one page shows."""

    def __init__(
        self,
        first: Page,
        items: ListView[PageView],
        number: int,
        size: int,
        localized: LocalizedSite,
        folder: str = PAGER_FOLDER,
    ) -> None:
        total = len(items)
        self._first = first
        self._items = items
        self._localized = localized
        self._size = size
        self._folder = folder
        self.number = number
        self.total = total
        self.size = size or max(1, total)
        self.count = page_count(total, size)

    @property
    def pages(self) -> Sequence[PageView]:
        """The pages of this part."""
        offset = (self.number - 1) * self.size
        return self._items[offset : offset + self.size]

    def at(self, number: int) -> Paginator:
        return Paginator(
            self._first, self._items, number, self._size, self._localized, self._folder
        )

    @property
    def urls(self) -> list[str]:
        """URLs of all parts, first to last."""
        return [self._url(number) for number in range(1, self.count + 1)]

    @property
    def previous(self) -> str | None:
        return self._url(self.number - 1) if self.number > 1 else None

    @property
    def next(self) -> str | None:
        return self._url(self.number + 1) if self.number < self.count else None

    def _url(self, number: int) -> str:
        return self._localized.url(pager_path(self._first.path, number, self._folder))
