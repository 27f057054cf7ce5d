"""Two kinds of plots, as SVG, on a white background so that they are readable on any page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot

OWN, OTHER = "#c2410c", "#94a3b8"
SERIES = ("#c2410c", "#ea9a6b", "#475569", "#0f766e", "#7c3aed")
WIDTH_INCHES = 7.5
ROW_INCHES = 0.36

mpl.rcParams.update(
    {
        "svg.hashsalt": "ssg",  # the same file for the same figures
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
)


def bars(file: Path, rows: Sequence[tuple[str, float]], title: str, own: Sequence[str]) -> None:
    """One bar for each name, the first at the top."""
    figure, axes = pyplot.subplots(figsize=(WIDTH_INCHES, 1 + ROW_INCHES * len(rows)))
    names, values = [name for name, _ in rows], [value for _, value in rows]
    colours = [OWN if name in own else OTHER for name in names]
    drawn = axes.barh(names, values, color=colours)
    axes.bar_label(drawn, [f"{value:.2f}" for value in values], padding=4)
    axes.invert_yaxis()
    axes.spines["left"].set_visible(False)
    axes.tick_params(left=False)
    axes.margins(x=0.12)
    axes.set_title(title, loc="left")
    _save(figure, file)


def lines(
    file: Path, series: Mapping[str, Sequence[tuple[float, float]]], across: str, up: str
) -> None:
    """One line for each name, on logarithmic axes."""
    figure, axes = pyplot.subplots(figsize=(WIDTH_INCHES, 4.2))
    for colour, (name, points) in zip(SERIES, series.items(), strict=False):
        axes.plot(*zip(*points, strict=True), marker="o", color=colour, label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,g}"))
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    axes.grid(visible=True, which="major", color="#e2e8f0")
    axes.legend(frameon=False)
    _save(figure, file)


def _save(figure: Any, file: Path) -> None:
    figure.tight_layout()
    figure.savefig(file, format="svg", facecolor="white", metadata={"Date": None})
    pyplot.close(figure)
