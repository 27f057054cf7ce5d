"""Where the time goes."""

from __future__ import annotations

import itertools

import jinja2
import pytest

from ssg.build.profile import HitRate, PageTime, RenderTimes, Stopwatch, TemplateTime, profile


def ticking() -> Stopwatch:
    """Each look at its clock takes a second."""
    return Stopwatch(itertools.count().__next__)


def test_time_within_another_is_not_its_own() -> None:
    watch = ticking()
    inner = watch.calls("inner", lambda: "x")  # from its begin to its end: 1 s
    outer = watch.calls("outer", lambda: inner() + inner())

    assert outer() == "xx"

    assert watch.take() == {"inner": TemplateTime(2, 2.0, 2.0), "outer": TemplateTime(1, 3.0, 5.0)}
    assert watch.take() == {}


def test_whole_time_counts_once_where_something_calls_itself() -> None:
    watch = ticking()

    def count(number: int) -> int:
        return again(number - 1) + 1 if number else 0

    again = watch.calls("count", count)

    assert again(2) == 2
    assert watch.take() == {"count": TemplateTime(3, 5.0, 5.0)}


def test_an_error_ends_the_measuring_of_what_it_left() -> None:
    watch = ticking()
    broken = watch.calls("broken", lambda: 1 / 0)
    outer = watch.calls("outer", lambda: broken() if broken else 0)

    with pytest.raises(ZeroDivisionError):
        outer()

    assert set(watch.take()) == {"broken", "outer"}
    assert watch.calls("later", lambda: 1)() == 1
    assert watch.take() == {"later": TemplateTime(1, 1.0, 1.0)}


def test_templates_share_a_page_among_them() -> None:
    watch = ticking()
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.DictLoader(
            {
                "base": "<{% block main %}{% endblock %}>",
                "page": "{% extends 'base' %}{% block main %}{% include 'part' %}!{% endblock %}",
                "part": "part",
            }
        ),
    )
    for name in ("base", "page", "part"):
        watch.template(environment.get_template(name))

    assert environment.get_template("page").render() == "<part!>"

    spent = watch.take()
    assert {name: one.calls for name, one in spent.items()} == {"base": 1, "page": 1, "part": 1}
    assert all(one.own > 0 for one in spent.values())
    assert spent["page"].whole == sum(one.own for one in spent.values())


def test_processes_are_added_up_and_the_slowest_pages_named() -> None:
    pages = [PageTime(f"/{number}/", "page.html", number / 10) for number in range(30)]
    halves = [
        RenderTimes(
            tuple(pages[start::2]),
            {"page.html": TemplateTime(15, 1.0, 2.0)},
            {"texts": HitRate(3, 1)},
        )
        for start in (0, 1)
    ]

    found = profile([("scan", 1.5)], halves, {"sources": HitRate(9, 1)})

    assert found.templates == {"page.html": TemplateTime(30, 2.0, 4.0)}
    assert [page.path for page in found.pages] == [f"/{n}/" for n in range(29, 9, -1)]
    assert found.caches == {"sources": HitRate(9, 1), "texts": HitRate(6, 2)}
    assert found.to_json()["caches"]["texts"] == {"hits": 6, "misses": 2, "share": 0.75}
    assert found.to_json()["stages"] == {"scan": 1.5}


def test_a_cache_that_nobody_asked_missed_nothing() -> None:
    assert HitRate().share == 1.0
