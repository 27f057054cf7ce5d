"""Draws the costs of plans as SVG: two charts over the number of critical pages."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ssg.popularity.plan_costs import PlanCost, PlanCosts

WIDTH, HEIGHT = 760, 566
LEFT, RIGHT, TOP, PANEL, GAP = 72, 36, 96, 176, 64
POINTS = 80
_OVER = "more deferred pages than the host caches"

_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #334155 }
.title { font-size: 17px; font-weight: 600; fill: #0f172a }
.small { font-size: 12px; fill: #64748b }
.grid { stroke: #e2e8f0 }
.line { fill: none; stroke: #2563eb; stroke-width: 2.5; stroke-linejoin: round }
.area { fill: #2563eb; opacity: .1 }
.dot { fill: #fff; stroke: #2563eb; stroke-width: 2 }
.present { fill: #ea580c; stroke: #fff; stroke-width: 1.5 }
.over { fill: #dc2626; opacity: .08 }
.limit { fill: #dc2626 }
@media (prefers-color-scheme: dark) {
  svg { background: #0f172a } text { fill: #cbd5e1 } .title { fill: #f8fafc }
  .small { fill: #94a3b8 } .grid { stroke: #334155 } .dot { fill: #0f172a }
  .line, .dot { stroke: #60a5fa } .area { fill: #60a5fa } .limit { fill: #f87171 }
}
"""


@dataclass(frozen=True, slots=True)
class _Panel:
    """One chart: its place, its title, and the largest value of its scale."""

    top: int
    title: str
    largest: float
    label: Callable[[float], str]
    value: Callable[[PlanCost], float]

    def y(self, cost: PlanCost) -> float:
        return self.top + PANEL * (1 - self.value(cost) / self.largest)


def plot(costs: PlanCosts, title: str) -> str:
    """The SVG of the costs of all plans, with the present plan as a dot beside the lines."""
    table = costs.table()
    curve = [costs.cost(number) for number in _numbers(costs.pages)]
    most = _round_up(max(one.renders_per_month for one in [*table, *curve]))
    panels = (
        _Panel(TOP, "Requests that files answer", 1, lambda v: f"{v:.0%}", lambda one: one.share),
        _Panel(
            TOP + PANEL + GAP, "Renders a month", most, _short, lambda one: one.renders_per_month
        ),
    )
    parts = [part for one in panels for part in _drawn(one, table, curve, costs.pages)]
    bottom = TOP + 2 * PANEL + GAP
    parts += [_text(_x(n, costs.pages), bottom + 20, f"{n:,}", "middle") for n in _ticks(costs)]
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, bottom + 44, "critical pages", "middle"))
    return "\n".join([*_head(title, table[0]), *parts, "</svg>", ""])


def _head(title: str, present: PlanCost) -> list[str]:
    note = (
        f"present plan: {present.critical:,} critical pages, {present.share:.1%} by files, "
        f"{present.renders_per_month:,.0f} renders a month"
    )
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}</style>",
        _text(LEFT, 28, title, css="title"),
        f'<circle class="present" cx="{LEFT + 6}" cy="45" r="5"/>',
        _text(LEFT + 18, 49, note, css="small"),
    ]


def _drawn(
    panel: _Panel, table: Sequence[PlanCost], curve: Sequence[PlanCost], pages: int
) -> list[str]:
    bottom, right = panel.top + PANEL, WIDTH - RIGHT
    parts = [_text(LEFT, panel.top - 10, panel.title)]
    for quarter in range(5):
        y = bottom - PANEL * quarter / 4
        label = panel.label(panel.largest * quarter / 4)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>')
        parts.append(_text(LEFT - 8, y + 4, label, "end", "small"))
    over = [_x(one.critical, pages) for one in curve if one.is_over_limit]
    if over:
        parts.append(
            f'<path class="over" d="M{LEFT} {panel.top}H{max(over):.1f}V{bottom}H{LEFT}z"/>'
        )
        parts.append(_text(LEFT + 6, panel.top + 16, _OVER, css="limit"))
    line = "L".join(f"{_x(one.critical, pages):.1f} {panel.y(one):.1f}" for one in curve)
    parts.append(f'<path class="area" d="M{line}V{bottom}H{LEFT}z"/>')
    parts.append(f'<path class="line" d="M{line}"/>')
    for one in [*table[1:], table[0]]:
        name, size = ("present", 6) if one.is_present else ("dot", 4)
        place = f'cx="{_x(one.critical, pages):.1f}" cy="{panel.y(one):.1f}"'
        parts.append(f'<circle class="{name}" {place} r="{size}"/>')
    return parts


def _x(critical: int, pages: int) -> float:
    """The place of a number of pages: logarithmic, from 1 to all."""
    part = math.log(max(1, critical)) / math.log(pages) if pages > 1 else 0
    return LEFT + (WIDTH - LEFT - RIGHT) * part


def _numbers(pages: int) -> list[int]:
    """Numbers of pages whose places are at even distances."""
    places = (round(pages ** (step / POINTS)) for step in range(POINTS + 1))
    return sorted({min(pages, one) for one in places})


def _ticks(costs: PlanCosts) -> list[int]:
    powers = [10**power for power in range(9) if 10**power <= costs.pages]
    near = math.log(costs.pages or 1) - math.log(powers[-1]) < 0.7 if powers else False
    return [*(powers[:-1] if near else powers), costs.pages]


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 10, 20, 40 and so on."""
    power: float = 10 ** math.floor(math.log10(value)) if value > 1 else 1
    return next(power * one for one in (1, 2, 4, 10) if power * one >= min(value, power * 10))


def _short(value: float) -> str:
    """1,500 as 1.5k, 2,000,000 as 2M."""
    for size, name in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{name}"
    return f"{value:g}"


def _text(x: float, y: float, text: str, anchor: str = "start", css: str = "") -> str:
    name = f' class="{css}"' if css else ""
    return f'<text{name} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
