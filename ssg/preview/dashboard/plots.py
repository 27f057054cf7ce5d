"""Compute the two plots: the rectangles to draw, and the tables with the same numbers."""

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
"""One request among thousands is still visible."""
HISTOGRAM_HEIGHT = 110
HISTOGRAM_WIDTH = 40


@dataclass(frozen=True, slots=True)
class PlotBar:
    """A rectangle of a plot; y grows downwards."""

    x: int
    y: float
    width: int
    height: float


@dataclass(frozen=True, slots=True)
class TimelineLane:
    """The requests with one outcome, over time."""

    outcome: RequestOutcome
    count: int
    base: int
    bars: tuple[PlotBar, ...]


@dataclass(frozen=True, slots=True)
class MinuteRow:
    """A row of the table: the requests of a minute by outcome."""

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
    """The number of requests of the highest bar."""

    @property
    def requests(self) -> int:
        """The number of requests shown."""
        return sum(lane.count for lane in self.lanes)

    @property
    def description(self) -> str:
        """The plot in words."""
        shown = [f"{lane.outcome} {lane.count:,}" for lane in self.lanes if lane.count]
        return ", ".join(shown) or "No requests"


@dataclass(frozen=True, slots=True)
class DurationBin:
    """A bin of the histogram of render times, with its bar."""

    label: str
    count: int
    bar: PlotBar


@dataclass(frozen=True, slots=True)
class RenderTimesPlot:
    """Renders by duration."""

    width: int
    height: int
    bins: tuple[DurationBin, ...]
    renders: int
    mean_ms: float | None
    longest_ms: float | None

    @property
    def description(self) -> str:
        """The plot in words."""
        shown = [f"{each.label}: {each.count:,}" for each in self.bins if each.count]
        return "; ".join(shown) or "No renders"


def timeline(bins: Sequence[TimeBin]) -> RequestTimeline:
    """Plot time bins in a lane for each outcome; all lanes have the same scale."""
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
    """Make the table: the newest minute first, without minutes that have no requests."""
    minutes = (
        MinuteRow(
            f"{local_time(number * 60):%H:%M}",
            tuple(map(sum, zip(*(each.counts for each in group), strict=True))),
        )
        for number, group in groupby(bins, key=lambda each: each.started_at // 60)
    )
    return tuple(reversed([minute for minute in minutes if any(minute.counts)]))


def render_times(histogram: RenderHistogram) -> RenderTimesPlot:
    """Plot a histogram."""
    counts, renders = histogram.counts, histogram.renders
    duration_bins = tuple(
        DurationBin(label, count, _column(place, count, max(counts)))
        for place, (label, count) in enumerate(zip(bin_labels(), counts, strict=True))
    )
    mean = histogram.total_ms / renders if renders else None
    longest = histogram.longest_ms if renders else None
    width = len(duration_bins) * HISTOGRAM_WIDTH
    return RenderTimesPlot(width, HISTOGRAM_HEIGHT, duration_bins, renders, mean, longest)


def _column(place: int, count: int, highest: int) -> PlotBar:
    x, base = place * HISTOGRAM_WIDTH, HISTOGRAM_HEIGHT - 1
    if not count:
        return PlotBar(x + GAP // 2, base, HISTOGRAM_WIDTH - GAP, 0)
    return _bar(x, base, HISTOGRAM_WIDTH, HISTOGRAM_HEIGHT - GAP, count / highest)


def bin_labels() -> list[str]:
    """The bins in words: `up to 1 ms`, ..., `over 10 s`."""
    ends = [f"up to {_end(limit)}" for limit in RENDER_LIMITS_MS]
    return [*ends, f"over {_end(RENDER_LIMITS_MS[-1])}"]


def axis_labels() -> list[str]:
    """The bins in short, for the axis."""
    return [*map(_short, RENDER_LIMITS_MS), "∞"]


def _end(limit_ms: int) -> str:
    return f"{limit_ms // 1000} s" if limit_ms >= 1000 else f"{limit_ms} ms"


def _short(limit_ms: int) -> str:
    return f"{limit_ms // 1000}s" if limit_ms >= 1000 else str(limit_ms)


def summary(times: RenderTimesPlot) -> str:
    """The mean and the longest time in words."""
    if not times.renders:
        return "no renders yet"
    return f"mean {duration(times.mean_ms)}, longest {duration(times.longest_ms)}"
