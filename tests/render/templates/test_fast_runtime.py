"""The fast runtime prints what Jinja prints, and is used only where that was checked."""

from __future__ import annotations

import subprocess
import sys

import jinja2
import pytest
from markupsafe import Markup, escape

from ssg.render.templates.fast_runtime import (
    CHECKED_VERSIONS,
    IS_ACTIVE,
    FastContext,
    escape_printed,
    speed_up,
)


class _Page:
    def title(self, *values: object, **named: object) -> str:
        return f"{values}{sorted(named.items())}"

    @jinja2.pass_context
    def named(self, context: jinja2.runtime.Context, name: str) -> object:
        return context[name]

    def stops(self) -> None:
        raise StopIteration

    @staticmethod
    def plain(value: int) -> int:
        return value + 1

    def __call__(self) -> str:
        return "called"


TEMPLATES = [
    "{{ page.title() }}{{ page.title(1, a=2) }}{{ page.plain(1) }}{{ page() }}",
    "{% set x = 5 %}{{ page.named('x') }}"
    "{% for y in [1, 2] %}{% set z = y %}{{ page.named('z') }}{% endfor %}",
    "{% macro m(a, b='<') %}{{ a }}{{ b }}{{ varargs }}{{ caller() if caller }}{% endmacro %}"
    "{{ m('&') }}{{ m(1, 2, 3) }}{% call m(4) %}<in>{% endcall %}{{ m(a='x' | safe) }}",
    "{% autoescape false %}{{ '<' }}{% macro m(a) %}{{ a }}{% endmacro %}{{ m('<') }}"
    "{% endautoescape %}",
    "{{ page.stops() is undefined }}{{ range(3) | list }}{{ dict(a='<') }}{{ none }}{{ 1.5 }}",
    "{% set caught %}{{ '<' }}{% endset %}{{ caught }}{{ caught | upper }}{{ '<' ~ caught }}",
    "{% for one in [[1], [2, [3]]] recursive %}{{ loop(one) if one is not number else one }}"
    "{% endfor %}",
    "{{ missing }}{{ '' }}{{ '\"' }}{{ \"'\" | safe }}",
]


@pytest.mark.parametrize("source", TEMPLATES)
@pytest.mark.parametrize("autoescape", [True, False])
def test_templates_print_what_they_print_with_jinja_alone(source: str, autoescape: bool) -> None:
    plain = jinja2.Environment(autoescape=autoescape)  # noqa: S701 both are compared
    quick = jinja2.Environment(autoescape=autoescape)  # noqa: S701
    quick.context_class = FastContext
    template = quick.from_string(source)
    speed_up(template)
    values = {"page": _Page()}
    assert template.render(values) == plain.from_string(source).render(values)


@pytest.mark.parametrize("value", ["", "<&>\"'", Markup("<b>"), 5, None, ["<"], _Page])
def test_what_is_printed_is_escaped(value: object) -> None:
    assert escape_printed(value) == escape(value)


def test_the_installed_jinja_is_checked() -> None:
    """If the other tests of this file pass, add the version to CHECKED_VERSIONS."""
    assert jinja2.__version__ in CHECKED_VERSIONS
    assert IS_ACTIVE


def test_any_other_jinja_runs_alone() -> None:
    code = """
import jinja2
jinja2.__version__ = "3.99"
from ssg.render.templates import environment, fast_runtime
assert environment.Environment.context_class is jinja2.runtime.Context
template = jinja2.Template("")
fast_runtime.speed_up(template)
assert template.root_render_func.__globals__["escape"] is jinja2.runtime.escape
"""
    subprocess.run([sys.executable, "-c", code], check=True)
