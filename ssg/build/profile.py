"""Profiles: the time of a build by stage, template and page, and the hit rates of caches.

The time of a template is that of its own lines. Templates that it includes or extends, and
shortcodes, have their own entries; the conversion of Markdown is one entry, `(Markdown)`. A macro
counts for the template that calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

SLOWEST_PAGES = 20
"""The number of pages that are listed."""

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class TemplateTime:
    """The time of one template, in seconds of all processes."""

    calls: int = 0
    own: float = 0.0
    whole: float = 0.0
    """Including everything that it called."""

    def __add__(self, other: TemplateTime) -> TemplateTime:
        return TemplateTime(
            self.calls + other.calls, self.own + other.own, self.whole + other.whole
        )


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often a cache had a value."""

    hits: int = 0
    misses: int = 0

    def __add__(self, other: HitRate) -> HitRate:
        return HitRate(self.hits + other.hits, self.misses + other.misses)

    @property
    def share(self) -> float:
        """From 0 to 1; 1 for a cache that was not used."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else 1.0


@dataclass(frozen=True, slots=True)
class PageTime:
    """The time of one page, in seconds."""

    path: str
    template: str
    seconds: float


@dataclass(frozen=True, slots=True)
class RenderTimes:
    """The measurements of one process, of some pages."""

    pages: tuple[PageTime, ...] = ()
    templates: Mapping[str, TemplateTime] = field(default_factory=dict)
    caches: Mapping[str, HitRate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """The time of a build. The longest times come first."""

    stages: Mapping[str, float]
    templates: Mapping[str, TemplateTime]
    pages: tuple[PageTime, ...]
    caches: Mapping[str, HitRate]

    def to_json(self) -> dict[str, Any]:
        """For machines. Times are in seconds."""
        return {
            "stages": dict(self.stages),
            "templates": {name: asdict(spent) for name, spent in self.templates.items()},
            "pages": [asdict(page) for page in self.pages],
            "caches": {n: {**asdict(rate), "share": rate.share} for n, rate in self.caches.items()},
        }


def profile(
    stages: Iterable[tuple[str, float]], times: Iterable[RenderTimes], caches: Mapping[str, HitRate]
) -> Profile:
    """Combine the measurements of all processes."""
    templates: dict[str, TemplateTime] = {}
    rates = dict(caches)
    pages: list[PageTime] = []
    for part in times:
        pages = _slowest([*pages, *part.pages])
        for name, spent in part.templates.items():
            templates[name] = templates.get(name, TemplateTime()) + spent
        for name, rate in part.caches.items():
            rates[name] = rates.get(name, HitRate()) + rate
    by_time = sorted(templates.items(), key=lambda item: (-item[1].own, item[0]))
    return Profile(dict(stages), dict(by_time), tuple(pages), dict(sorted(rates.items())))


def _slowest(pages: Iterable[PageTime]) -> list[PageTime]:
    return sorted(pages, key=lambda page: (-page.seconds, page.path))[:SLOWEST_PAGES]


class Stopwatch:
    """Measures nested calls: the time of an inner call does not count for the outer one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._running: list[tuple[str, float, list[float]]] = []
        self._spent: dict[str, TemplateTime] = {}

    def take(self) -> dict[str, TemplateTime]:
        """Return and forget what was measured since the last call."""
        spent, self._spent = self._spent, {}
        return spent

    def template(self, template: Any) -> None:
        """Measure a template of Jinja from now on, and its blocks."""
        name = template.filename or "<template>"
        name = template.name or "(text)" if name == "<template>" else name
        template.root_render_func = self._steps(name, template.root_render_func, counts=True)
        for block, function in template.blocks.items():
            template.blocks[block] = self._steps(name, function, counts=False)

    def calls(self, name: str, function: Callable[..., _Result]) -> Callable[..., _Result]:
        """Wrap a function, to measure it under a name."""

        def measured(*arguments: Any) -> _Result:
            self._begin(name)
            try:
                return function(*arguments)
            finally:
                self._end(calls=1)

        return measured

    def _steps(
        self, name: str, function: Callable[..., Iterator[str]], *, counts: bool
    ) -> Callable[..., Iterator[str]]:
        def measured(*arguments: Any, **named: Any) -> Iterator[str]:
            pieces, calls = function(*arguments, **named), int(counts)
            while True:
                self._begin(name)
                try:
                    piece = next(pieces)
                except StopIteration:
                    return
                finally:
                    self._end(calls)
                calls = 0
                yield piece

        return measured

    def _begin(self, name: str) -> None:
        self._running.append((name, self._clock(), [0.0]))

    def _end(self, calls: int) -> None:
        name, start, within = self._running.pop()
        whole = self._clock() - start
        if self._running:
            self._running[-1][2][0] += whole
        is_outermost = all(other != name for other, *_ in self._running)
        spent = TemplateTime(calls, whole - within[0], whole if is_outermost else 0.0)
        self._spent[name] = self._spent.get(name, TemplateTime()) + spent
