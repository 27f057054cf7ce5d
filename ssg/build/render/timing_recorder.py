"""A recorder that also measures: templates, pages, Markdown, and how often caches answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from ssg.build.incremental.dependencies.recording_renderer import BuildRecorder
from ssg.build.profile import HitRate, PageTime, RenderTimes, Stopwatch
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.render.markdown.code_blocks import highlighted

_Value = TypeVar("_Value")


class TimingRecorder(BuildRecorder):
    """The recorder of each process in a profiled build."""

    def __init__(self) -> None:
        super().__init__()
        self._watch = Stopwatch(time.perf_counter)
        self._timed: list[PageTime] = []
        self._site: Site | None = None
        self._before: Mapping[str, HitRate] = {}

    def attach(self, site: Site) -> None:
        """Measure the caches of a site from now on. This process may have used them before."""
        self._site = site
        self._before = self._rates()

    def template_loaded(self, template: object) -> None:
        """Measure a template from now on."""
        self._watch.template(template)

    def measure(self, name: str, find: Callable[[], _Value]) -> _Value:
        """Measure work under a name."""
        return self._watch.calls(name, find)()

    def time_page(self, page: Page, render: Callable[[Page], _Value]) -> _Value:
        """Render a page, and note how long it takes."""
        start = time.perf_counter()
        try:
            return render(page)
        finally:
            seconds = time.perf_counter() - start
            self._timed.append(PageTime(page.path, page.template, seconds))

    def times(self) -> RenderTimes:
        """What was measured since the last call."""
        pages, self._timed = tuple(self._timed), []
        before, self._before = self._before, self._rates()
        rates = {
            name: HitRate(now.hits - before[name].hits, now.misses - before[name].misses)
            for name, now in self._before.items()
        }
        return RenderTimes(pages, self._watch.take(), rates)

    def _rates(self) -> Mapping[str, HitRate]:
        code = highlighted.cache_info()
        texts = self._site.texts.hits_and_misses() if self._site else (0, 0)
        return {"blocks of text": HitRate(*texts), "coloured code": HitRate(code.hits, code.misses)}
