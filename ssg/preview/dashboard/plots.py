"""The two plots as numbers: what is drawn where, and what stands in the tables beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from ssg.preview.counters import RENDER_LIMITS_MS, RenderHistogram, RequestOutcome, TimeBin
from ssg.preview.dashboard.formatting import duration, local_time

LANE_HEIGHT = 22
BAR_HEIGHT = 18
BAR_WIDTH = 10
GAP = 2
MIN_HEIGHT = 2
"""One request among thousands must still be seen."""
HISTOGRAM_HEIGHT = 110
HISTOGRAM_WIDTH = 40


@dataclass(frozen=True, slots=True)
class PlotBar:
    """A rectangle of a plot. y grows downwards."""

    x: int
    y: float
    width: int
    height: float


@dataclass(frozen=True, slots=True)
class TimelineLane:
    """The requests of one outcome over time."""

    outcome: RequestOutcome
    count: int
    base: int
    bars: tuple[PlotBar, ...]


@dataclass(frozen=True, slots=True)
class MinuteRow:
    """A line of the table: the requests of a minute, by outcome."""

    begins: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RequestTimeline:
    """Requests by outcome over the last minutes."""

    width: int
    height: int
    lanes: tuple[TimelineLane, ...]
    minutes: tuple[MinuteRow, ...]
    highest: int
    """The requests that the highest bar stands for."""

    @property
    def requests(self) -> int:
        """How many requests it shows."""
        return sum(lane.count for lane in self.lanes)

    @property
    def description(self) -> str:
        """The plot in words."""
        shown = [f"{lane.outcome} {lane.count:,}" for lane in self.lanes if lane.count]
        return ", ".join(shown) or "No requests"


@dataclass(frozen=True, slots=True)
class DurationBin:
    """A class of render times, with its bar."""

    label: str
    count: int
    bar: PlotBar


@dataclass(frozen=True, slots=True)
class RenderTimesPlot:
    """Renders by duration."""

    width: int
    height: int
    classes: tuple[DurationBin, ...]
    renders: int
    mean_ms: float | None
    longest_ms: float | None

    @property
    def description(self) -> str:
        """The plot in words."""
        shown = [f"{each.label}: {each.count:,}" for each in self.classes if each.count]
        return "; ".join(shown) or "No renders"


def timeline(bins: Sequence[TimeBin]) -> RequestTimeline:
    """Draw bins, a lane for each outcome. All lanes have one scale."""
    highest = max((count for each in bins for count in each.counts), default=0)
    lanes = tuple(
        _lane(number, outcome, bins, highest) for number, outcome in enumerate(RequestOutcome)
    )
    size = len(bins) * BAR_WIDTH, len(lanes) * LANE_HEIGHT
    return RequestTimeline(*size, lanes, _minutes(bins), highest)


def _lane(
    number: int, outcome: RequestOutcome, bins: Sequence[TimeBin], highest: int
) -> TimelineLane:
    counts = [each.counts[number] for each in bins]
    base = (number + 1) * LANE_HEIGHT - 1
    bars = (
        _bar(place * BAR_WIDTH, base, BAR_WIDTH, BAR_HEIGHT, count / highest)
        for place, count in enumerate(counts)
        if count
    )
    return TimelineLane(outcome, sum(counts), base, tuple(bars))


def _bar(x: int, base: int, width: int, full_height: int, share: float) -> PlotBar:
    height = round(max(MIN_HEIGHT, share * full_height), 1)
    return PlotBar(x + GAP // 2, round(base - height, 1), width - GAP, height)


def _minutes(bins: Sequence[TimeBin]) -> tuple[MinuteRow, ...]:
    """The table: minutes, the newest first, quiet ones left out."""
    minutes = (
        MinuteRow(
            f"{local_time(number * 60):%H:%M}",
            tuple(map(sum, zip(*(each.counts for each in group), strict=True))),
        )
        for number, group in groupby(bins, key=lambda each: each.started_at // 60)
    )
    return tuple(reversed([minute for minute in minutes if any(minute.counts)]))


def render_times(histogram: RenderHistogram) -> RenderTimesPlot:
    """Draw a histogram."""
    counts, renders = histogram.counts, histogram.renders
    classes = tuple(
        DurationBin(label, count, _column(place, count, max(counts)))
        for place, (label, count) in enumerate(zip(class_labels(), counts, strict=True))
    )
    mean = histogram.total_ms / renders if renders else None
    longest = histogram.longest_ms if renders else None
    width = len(classes) * HISTOGRAM_WIDTH
    return RenderTimesPlot(width, HISTOGRAM_HEIGHT, classes, renders, mean, longest)


def _column(place: int, count: int, highest: int) -> PlotBar:
    x, base = place * HISTOGRAM_WIDTH, HISTOGRAM_HEIGHT - 1
    if not count:
        return PlotBar(x + GAP // 2, base, HISTOGRAM_WIDTH - GAP, 0)
    return _bar(x, base, HISTOGRAM_WIDTH, HISTOGRAM_HEIGHT - GAP, count / highest)


def class_labels() -> list[str]:
    """The classes in words: `up to 1 ms`, ..., `over 10 s`."""
    ends = [f"up to {_end(limit)}" for limit in RENDER_LIMITS_MS]
    return [*ends, f"over {_end(RENDER_LIMITS_MS[-1])}"]


def axis_labels() -> list[str]:
    """The classes as they fit below their columns."""
    return [*map(_short, RENDER_LIMITS_MS), "∞"]


def _end(limit_ms: int) -> str:
    return f"{limit_ms // 1000} s" if limit_ms >= 1000 else f"{limit_ms} ms"


def _short(limit_ms: int) -> str:
    return f"{limit_ms // 1000}s" if limit_ms >= 1000 else str(limit_ms)


def summary(times: RenderTimesPlot) -> str:
    """The figures below the histogram."""
    if not times.renders:
        return "no renders yet"
    return f"mean {duration(times.mean_ms)}, longest {duration(times.longest_ms)}"
