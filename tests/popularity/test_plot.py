"""The drawing of costs."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from ssg.popularity.plan_costs import PageTraffic, PlanCosts, Traffic
from ssg.popularity.plot import HEIGHT, WIDTH, plot

SVG = "{http://www.w3.org/2000/svg}"


def _costs(requests: list[int], limit: int | None = None) -> PlanCosts:
    pages = [PageTraffic(one, 3_600, n >= 1) for n, one in enumerate(requests)]
    return PlanCosts(pages, Traffic(30, 4), limit)


@given(st.lists(st.integers(0, 10**6), max_size=40), st.none() | st.integers(0, 40))
def test_every_drawing_is_svg_within_its_frame(requests: list[int], limit: int | None) -> None:
    drawing = ElementTree.fromstring(plot(_costs(requests, limit), "A & <b>"))  # noqa: S314 ours
    assert drawing.findtext(f"{SVG}title") == "A & <b>"
    for circle in drawing.iter(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx", "")) <= WIDTH
        assert 0 <= float(circle.get("cy", "")) <= HEIGHT


def test_the_dots_are_the_plans_of_the_table() -> None:
    costs = _costs([2 ** (12 - n) for n in range(12)])
    drawing = plot(costs, "Plans")
    assert drawing.count('class="dot"') == 2 * (len(costs.table()) - 1)
    assert len(re.findall(r'class="present"', drawing)) == 3  # two charts and the note
    assert "more deferred pages than the host caches" not in drawing
    assert "more deferred pages than the host caches" in plot(_costs([5] * 12, 4), "Plans")
