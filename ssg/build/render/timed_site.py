"""A site that measures what is rendered of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from ssg.build.incremental.dependencies.recording_site import RecordingSite
from ssg.build.inspect.profile import PageTime, Rate, Stopwatch, Times
from ssg.model.page import Page
from ssg.render.markdown.code_blocks import highlighted

Value = TypeVar("Value")


class ProfiledSite(RecordingSite):
    """Of each process one, while a build is profiled."""

    def __init__(self, *arguments: Any) -> None:
        self._watch = Stopwatch(time.perf_counter)
        self._timed: list[PageTime] = []
        super().__init__(*arguments)
        self._known = self._rates()  # a process may have coloured code before

    def loaded(self, template: object) -> None:
        self._watch.template(template)

    def measure(self, _name: str, find: Callable[[], Value]) -> Value:
        return self._watch.calls(_name, find)()

    def time_page(self, page: Page, render: Callable[[Page], Value]) -> Value:
        """Render a page, and note how long it takes."""
        start = time.perf_counter()
        try:
            return render(page)
        finally:
            seconds = time.perf_counter() - start
            self._timed.append(PageTime(page.path, page.template, seconds))

    def times(self) -> Times:
        """What was measured since the last time."""
        pages, self._timed = tuple(self._timed), []
        before, self._known = self._known, self._rates()
        rates = {
            name: Rate(now.hits - before[name].hits, now.misses - before[name].misses)
            for name, now in self._known.items()
        }
        return Times(pages, self._watch.take(), rates)

    def _rates(self) -> Mapping[str, Rate]:
        code = highlighted.cache_info()
        return {
            "blocks of text": Rate(*self.texts.hits_and_misses()),
            "coloured code": Rate(code.hits, code.misses),
        }
