"""The Jinja environment: layers, undefined names, checks before a render."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssg.render.templates.environment import template_chain
from tests.conftest import Built

PAGE = "templates/page.html"
A = {"content/a.md": "---\ntitle: <A>\nextra: {color: red, items: [1, 2]}\n---\n*x*"}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ page.title }}", "&lt;A&gt;"),
        ("{{ page.content }}", "<p><em>x</em></p>\n"),
        ("{{ page.extra.items }}", "[1, 2]"),
        ("{% for k, v in page.extra.items2 | default({}) %}{% endfor %}-", "-"),
        ("{{ page.extra.nope | default('none') }}", "none"),
        ("{% if page.extra.nope %}yes{% else %}no{% endif %}", "no"),
        ("{% if nope is defined %}yes{% else %}no{% endif %}", "no"),
        ("{{ get_url('style.css?v=1#x') }}", "/style.css?v=1#x"),
        ("{{ get_url('@/a.md#x', absolute=true) }}", "https://example.org/a/#x"),
        ("{{ get_page('a.md').path }}{{ get_page('/a/').path }}", "/a//a/"),
        ("{{ now | date }}", "2026-01-31"),
        ("{{ 'Ä b' | slugify }}", "ä-b"),
        ("  {% if true %}\nx\n  {% endif %}\n", "x\n"),
        ('{% include "nope.html" ignore missing %}-', "-"),
        ('{% include ["nope.html", "part.html"] %}', "part"),
    ],
)
def test_a_template_prints(site: Callable[..., Built], template: str, text: str) -> None:
    built = site({**A, PAGE: template, "templates/part.html": "part"})
    assert built.read("a/index.html") == text


@pytest.mark.parametrize(
    ("template", "line"),
    [
        (
            "\n{{ nope }}",
            "templates/page.html:2: 'nope' is undefined (while rendering content/a.md)",
        ),
        ("{{ nope.x }}", "templates/page.html:1: 'nope' is undefined"),
        ("{% for x in nope %}{% endfor %}", "templates/page.html:1: 'nope' is undefined"),
        ("\n\n{{ page.titel }}", 'templates/page.html:3: page has no "titel"'),
        ("{{ page.extra.colour }}", 'templates/page.html:1: dict has no "colour"'),
        ("{{ page.titel + 1 }}", 'templates/page.html:1: page has no "titel"'),
        ("{{ 1 / 0 }}", "templates/page.html:1: ZeroDivisionError: division by zero"),
        ("{{ get_page('b.md') }}", "templates/page.html:1: LookupError: get_page: there is no"),
        ("{% include page.slug %}", 'templates/page.html:1: template "a" not found'),
    ],
)
def test_an_error_names_template_line_and_page(
    problems: Callable[..., list[str]], template: str, line: str
) -> None:
    (problem,) = problems({**A, PAGE: template})
    assert problem.startswith(line)
    assert "(while rendering content/a.md)" in problem


@pytest.mark.parametrize(
    ("template", "hint"),
    [("{{ page.titel }}", '"title"'), ("{{ page.extra.colour }}", '"color"')],
)
def test_a_similar_name_is_suggested(
    problems: Callable[..., list[str]], template: str, hint: str
) -> None:
    assert problems({**A, PAGE: template})[0].endswith(f"Did you mean {hint}?")


def test_the_innermost_template_is_blamed(problems: Callable[..., list[str]]) -> None:
    files = {PAGE: '{% include "part.html" %}', "templates/part.html": "\n\n{{ nope }}", **A}
    assert problems(files)[0].startswith("templates/part.html:3: 'nope' is undefined")


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("a\n{% if %}", "templates/page.html:2: Jinja: Expected an expression"),
        ("{{ x | nofilter }}", "templates/page.html:1: Jinja: No filter named 'nofilter'"),
        ("{# nope.html #}\n{% extends 'nope.html' %}", "templates/page.html:2: template"),
        ("\n{% import 'nope.html' as n %}", 'templates/page.html:2: template "nope.html" not'),
        ("{% include 'prt.html' %}", 'templates/page.html:1: template "prt.html" not found. Did'),
    ],
)
def test_templates_are_checked_before_any_page_is_rendered(
    problems: Callable[..., list[str]], template: str, line: str
) -> None:
    (problem,) = problems({PAGE: template, "templates/part.html": ""})
    assert problem.startswith(line)


def test_a_template_that_no_page_uses_is_checked_too(problems: Callable[..., list[str]]) -> None:
    assert problems({"templates/unused.html": "{% endif %}"})[0].startswith("templates/unused.html")


def test_a_chain_is_a_template_and_all_that_it_refers_to(site: Callable[..., Built]) -> None:
    files = {
        PAGE: "{% extends 'base.html' %}",
        "templates/base.html": "{% include 'part.html' %}{% block x %}{% endblock %}",
        "templates/part.html": "{% import 'macros.html' as m %}",
        "templates/macros.html": "",
    }
    assert template_chain(site(files).site, "page.html") == [
        f"templates/{name}.html" for name in ("page", "base", "part", "macros")
    ]


def test_a_template_that_includes_itself_is_an_error(problems: Callable[..., list[str]]) -> None:
    (problem,) = problems({PAGE: "{% include 'page.html' %}", **A})
    assert "templates include or call each other endlessly" in problem


@pytest.mark.parametrize(
    ("template", "is_compiled"),
    [
        ("x", False),
        ('{% include "theme:part.html" %}', True),
        ('{% include "theme:" ~ "part.html" %}', True),
    ],
)
def test_a_hidden_template_is_compiled_where_it_can_be_asked_for(
    site: Callable[..., Built], template: str, is_compiled: bool
) -> None:
    theme = {"themes/t/theme.toml": "", "themes/t/templates/part.html": "below"}
    files = {**A, **theme, PAGE: template, "templates/part.html": "above"}
    built = site({"ssg.toml": 'theme = "t"\n', **files})
    code = {one.origin: one.code for one in built.site.templates()}
    assert bool(code["themes/t/templates/part.html"]) == is_compiled
    assert code["templates/part.html"]
    assert built.read("a/index.html") == ("below" if is_compiled else "x")


def test_a_hidden_template_that_front_matter_asks_for_is_found(site: Callable[..., Built]) -> None:
    below = {"themes/t/theme.toml": "", "themes/t/templates/part.html": "below"}
    above = {PAGE: "{% include page.extra.part %}", "templates/part.html": "above"}
    page = "---\nextra: {part: 'theme:part.html'}\n---\n"
    built = site({"ssg.toml": 'theme = "t"\n', "content/a.md": page, **below, **above})
    assert built.read("a/index.html") == "below"
