"""What plans cost, compared with a month that is played through."""

from __future__ import annotations

import heapq
import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.popularity.expected_renders import expected_renders
from ssg.popularity.plan_costs import PageTraffic, PlanCosts, Traffic, live_traffic, traffic_of
from ssg.popularity.popular_pages import ReadPages

MONTH = 30 * 86_400


def _play(rates: list[float], ttl: int | None, deploys: int, dice: random.Random) -> int:
    """Renders in a month: requests one by one, against a cache that deploys empty."""
    renders = 0
    for rate in rates:
        time, fresh_until, deploy = 0.0, -1.0, -1
        while rate and (time := time + dice.expovariate(rate / MONTH)) < MONTH:
            this_deploy = int(time / (MONTH / deploys))
            if this_deploy != deploy or time >= fresh_until:
                renders += 1
                deploy, fresh_until = this_deploy, time + (ttl if ttl else math.inf)
    return renders


@pytest.mark.parametrize("deploys", [1, 4, 30])
@pytest.mark.parametrize("ttl", [None, 3_600, 86_400, 5 * 86_400, MONTH * 2])
@pytest.mark.parametrize("requests", [0.5, 3, 20, 200, 3_000])
def test_renders_are_those_of_a_month_that_is_played(
    requests: float, ttl: int | None, deploys: int
) -> None:
    dice = random.Random(7)  # noqa: S311 dice of a test
    pages = max(20, int(6_000 / requests))
    played = _play([requests] * pages, ttl, deploys, dice) / pages
    expected = Traffic(30, deploys).renders(PageTraffic(requests, ttl, True))
    assert expected == pytest.approx(played, rel=0.08, abs=0.02)


def test_the_costs_of_plans_are_those_of_a_month_that_is_played() -> None:
    dice = random.Random(3)  # noqa: S311 dice of a test
    rates = [20_000 / rank for rank in range(1, 801)]
    counts = [sum(dice.random() < 0.5 for _ in range(round(rate))) for rate in rates]  # half of it
    traffic = Traffic(days=15, deploys=8)
    costs = PlanCosts([PageTraffic(count, 7_200, False) for count in counts], traffic)
    assert costs.requests_per_month == pytest.approx(sum(rates), rel=0.02)
    for critical in (0, 10, 100, 300):
        cost = costs.cost(critical)
        ordered = sorted(rates, reverse=True)
        assert cost.share == pytest.approx(sum(ordered[:critical]) / sum(rates), abs=0.02)
        played = _play(ordered[critical:], 7_200, 8, dice)
        assert cost.renders_per_month == pytest.approx(played, rel=0.05)
    assert costs.cost(800).renders_per_month == 0


@given(
    st.lists(
        st.tuples(st.floats(0, 1e6), st.none() | st.integers(1, MONTH * 2), st.booleans()),
        max_size=9,
    ),
    st.floats(0.05, 400), st.integers(1, 300),
)  # fmt: skip
def test_no_plan_costs_more_than_its_pages_can(
    drawn: list[tuple[float, int | None, bool]], days: float, deploys: int
) -> None:
    pages = [PageTraffic(*one) for one in drawn]
    traffic = Traffic(days, deploys)
    for page in pages:
        most = traffic.per_month(page.requests)
        if page.ttl_seconds is None or page.ttl_seconds >= MONTH / deploys:
            most = min(most, deploys)
        else:
            most = min(most, deploys * math.ceil(MONTH / deploys / page.ttl_seconds))
        assert 0 <= traffic.renders(page) <= most * 1.001 + 1e-9
    costs = PlanCosts(pages, traffic)
    table = [costs.cost(number) for number in range(costs.pages + 1)]
    renders = [one.renders_per_month for one in table]
    assert renders == sorted(renders, reverse=True)
    assert [one.share for one in table] == sorted(one.share for one in table)
    assert costs.cost(costs.pages).share == pytest.approx(1)
    best = costs.cost(costs.present.critical)
    assert costs.present.share <= best.share + 1e-9
    naive = sum(heapq.nlargest(costs.present.critical, (page.requests for page in pages)))
    total = sum(page.requests for page in pages)
    assert best.share == pytest.approx(naive / total if total else 1)


def test_a_rare_page_is_rendered_as_often_as_it_is_read() -> None:
    assert expected_renders(0, None) == 0
    assert expected_renders(0.001, 0.0001) == pytest.approx(0.001, rel=0.01)
    assert expected_renders(1e9, None) == 1
    assert expected_renders(1e9, 1 / 720) == pytest.approx(720.5, rel=0.001)


def test_the_table_has_the_present_plan_and_steps_up_to_all_pages() -> None:
    pages = [PageTraffic(9, None, True), *[PageTraffic(1, None, False)] * 11]
    costs = PlanCosts(pages, Traffic(30, 1), page_limit=10)
    table = costs.table()
    assert [(one.critical, one.deferred, one.is_over_limit) for one in table] == [
        (11, 1, False), (1, 11, True), (3, 9, False), (10, 2, False), (12, 0, False),
    ]  # fmt: skip
    assert table[0].to_json() == {
        "critical": 11, "deferred": 1, "share": 0.55, "renders_per_month": 1, "over_limit": False,
        "present": True,
    }  # fmt: skip
    many = PlanCosts([PageTraffic(1, None, True)] * 20_000, Traffic(30, 1))
    assert [one.critical for one in many.table()[1:]] == [30, 100, 300, 1000, 3000, 10_000, 20_000]


def test_pages_that_the_file_does_not_name_share_the_rest() -> None:
    found = ReadPages((("/a/", 9),), other_pages=2, other_requests=6)
    known = [("/a/", 60, True), ("/b/", None, False), ("/c/", None, True), ("/d/", None, True)]
    assert traffic_of(found, known) == [
        (9, 60, True),
        (3, None, False),
        (3, None, True),
        (0, None, True),
    ]
    assert live_traffic(found, 60, 1) == [(9, 60, False), (3, 60, True), (3, 60, True)]
