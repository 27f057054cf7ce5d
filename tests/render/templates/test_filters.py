"""Filters of templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from markupsafe import Markup

from ssg.render.templates.filters import absolute_urls, date, regex_replace, rfc3339, truncate_words
from tests.conftest import Built

MOMENT = dt.datetime(2026, 1, 31, 8, 5, 6, 789, dt.timezone(dt.timedelta(hours=2)))


def test_a_date_is_formatted_and_none_is_empty() -> None:
    assert date(MOMENT) == "2026-01-31"
    assert date(MOMENT, "%d.%m.%y %H:%M") == "31.01.26 08:05"
    assert date(None) == rfc3339(None) == date("") == rfc3339("") == ""


def test_a_date_may_be_a_text_of_a_data_file() -> None:
    assert date("2026-01-31", "%d.%m.") == "31.01."
    assert date("2026-01-31T08:05:00+02:00", "%H:%M %z") == "08:05 +0200"
    assert rfc3339("2026-01-31") == rfc3339(dt.date(2026, 1, 31)) == "2026-01-31T00:00:00+00:00"
    with pytest.raises(ValueError, match='"soon" is not a date'):
        date("soon")


def test_machines_read_whole_seconds_and_the_offset() -> None:
    assert rfc3339(MOMENT) == "2026-01-31T08:05:06+02:00"


@pytest.mark.parametrize(
    ("html", "absolute"),
    [
        ('<a href="/a/">', '<a href="https://x.org/a/">'),
        ('<img src="/sub/a.png" alt="/b">', '<img src="https://x.org/sub/a.png" alt="/b">'),
        ('<a href="//cdn.org/a">', '<a href="//cdn.org/a">'),
        ('<a href="https://y.org/">', '<a href="https://y.org/">'),
        ('<a href="#top">', '<a href="#top">'),
    ],
)
def test_links_from_the_root_get_a_host(html: str, absolute: str) -> None:
    assert absolute_urls(html, "https://x.org/sub/") == absolute


def test_html_stays_html_when_parts_are_replaced() -> None:
    assert regex_replace("a1b22", r"\d+", "-") == "a-b-"
    assert type(regex_replace("a", "a", "b")) is str
    assert regex_replace(Markup("<b>x</b>"), "(b)>", r"\1 class=y>").__html__() == (
        "<b class=y>x</b class=y>"
    )


def test_words_are_cut_and_tags_of_html_removed() -> None:
    assert truncate_words("one  two three", 2) == "one two…"
    assert truncate_words("one two", 2) == "one two"
    assert truncate_words(Markup("<p>a &amp; <b>b</b> c</p>"), 3, " ...") == "a & b ..."
    assert truncate_words("a <b> c", 2) == "a <b>…"


@pytest.mark.parametrize(
    ("template", "html"),
    [
        ("{{ '*a*' | markdown }}", "<p><em>a</em></p>\n"),
        ("{{ '*a* <b>' | markdown(inline=true) }}", "<em>a</em> <b>"),
        ("{{ 'a\n\nb' | markdown(inline=true) }}", "<p>a</p>\n<p>b</p>\n"),
        ("{{ '[x](@/a.md)' | markdown(inline=true) }}", '<a href="/a/">x</a>'),
        ("{{ '{{ hi() }}' | markdown(inline=true) }}", "hi"),
        ("{% import 'm.html' as m %}{{ m.show('*a*') }}", "<p><em>a</em></p>\n"),
    ],
)
def test_markdown_is_converted_as_on_the_page(
    site: Callable[..., Built], template: str, html: str
) -> None:
    macro = "{% macro show(text) %}{{ text | markdown }}{% endmacro %}"
    files = {"templates/shortcodes/hi.html": "hi", "templates/m.html": macro, "content/a.md": ""}
    built = site({**files, "templates/page.html": template})
    assert built.read("a/index.html") == html


def test_a_dead_link_in_it_names_the_line_of_the_template(
    problems: Callable[..., list[str]],
) -> None:
    files = {"content/a.md": "", "templates/page.html": "\n{{ '[x](@/b.md)' | markdown }}"}
    (line,) = problems(files)
    assert line.startswith("templates/page.html:2: markdown: the link ")
