"""The documentation's figures are those that were measured."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

RESULTS = Path(__file__).parents[1] / "benchmarks" / "results.json"


def test_the_page_of_figures_is_made_of_the_results(monkeypatch: pytest.MonkeyPatch) -> None:
    drawing = ModuleType("benchmarks.plots")  # with a library that tests need not have
    vars(drawing).update(bars=None, lines=None)
    monkeypatch.setitem(sys.modules, "benchmarks.plots", drawing)
    from benchmarks import report

    written = report.PAGE.read_text("utf-8")
    assert written == report.page(json.loads(RESULTS.read_text()))
    plots = re.findall(r"\]\(([a-z-]+\.svg)\)", written)
    assert plots
    assert all((report.PAGE.parent / plot).is_file() for plot in plots)
