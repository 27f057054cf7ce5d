"""The documentation's figures are those that were measured."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

RESULTS = Path(__file__).parents[1] / "benchmarks" / "results.json"


def test_the_page_of_figures_is_made_of_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    plots = ModuleType("benchmarks.plots")  # draws with a library that tests need not have
    vars(plots).update(bars=None, lines=None)
    monkeypatch.setitem(sys.modules, "benchmarks.plots", plots)
    from benchmarks import report

    written = report.PAGE.read_text("utf-8")
    assert written == report.page(json.loads(RESULTS.read_text()))
    for plot in ("full", "rebuild", "growth-time", "growth-memory"):
        assert f"]({plot}.svg)" in written
        assert (report.PAGE.parent / f"{plot}.svg").is_file()
