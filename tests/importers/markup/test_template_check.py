"""Templates of an old site run only if they are harmless."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssg.importers.markup.embed_templates import TEMPLATES
from ssg.importers.markup.shortcode_calls import placeholder_template
from ssg.importers.markup.template_check import template_problem
from tests.importers.old import Imported

Old = Callable[..., Imported]

PAGE = "+++\ntitle = 'A'\n+++\n"
ESCAPES = [
    '{{ cycler.__init__.__globals__.os.system("id") }}',
    '{{ lipsum.__globals__["os"].popen("id").read() }}',
    '{{ lipsum|attr("__globals__") }}',
    '{{ lipsum|attr("__glo" ~ "bals__") }}',
    '{{ lipsum["__glo" ~ "bals__"] }}',
    '{{ lipsum["__globals__"] }}',
    '{{ ""["__class__"]["__mro__"][1]["__subclasses__"]() }}',
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    '{{ [lipsum]|map("attr", "__globals__")|list }}',
    '{{ [lipsum]|map(attribute="__globals__")|list }}',
    '{{ [x]|selectattr("__class__")|list }}',
    '{{ [x]|rejectattr("__class__")|list }}',
    '{{ [x]|groupby("__class__") }}',
    '{{ [x]|sort(attribute="__class__") }}',
    '{{ [x]|sort(false, false, "__class__") }}',
    '{{ [x]|join(",", "__class__") }}',
    '{{ [x]|join(attribute="__class__") }}',
    '{{ [x]|sum("__class__") }}',
    '{{ [x]|unique(false, "__class__")|list }}',
    '{{ [x]|max(attribute="__class__") }}',
    '{{ [x]|sort(*a) }}',
    '{{ [x]|sort(**a) }}',
    '{{ "{0.__class__}".format(x) }}',
    '{{ "{0.__class__}".format_map(x) }}',
    '{{ "%s"|format(x) }}',
    '{{ x["for" ~ "mat"](y) }}',
    '{% set f = "{0.__class__}".format %}{{ f(x) }}',
    '{% set f = x.open %}{{ f("/etc/passwd") }}',
    '{% set y = "__class__" %}{{ x[y] }}',
    '{{ self._TemplateReference__context }}',
    '{{ self.x }}',
    '{{ namespace.mro() }}',
    '{{ x.gi_frame.f_globals }}',
    '{{ x.cr_frame }}',
    '{{ x.ag_code }}',
    '{{ x.func_globals }}',
    '{{ x["gi_frame"] }}',
    '{{ _("x") }}',
    '{{ page.file.read_text() }}',
    '{{ x() }}',
    '{{ (x or y)() }}',
    '{{ range(*[1]) }}',
    '{{ joiner() }}',
    '{{ load_data(path="/etc/passwd") }}',
    '{% include "/etc/passwd" %}',
    '{% import "a.html" as a %}',
    '{% from "a.html" import b %}',
    '{% extends "base.html" %}',
    '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
    '{% call x() %}{% endcall %}',
    '{% block a %}{% endblock %}',
    '{% filter attr("__class__") %}x{% endfilter %}',
    '{% set x.__class__ = 1 %}',
    '{% set __x = 1 %}',
    '{% for __x in y %}{% endfor %}',
    '{% for a in range(1000000000) %}{% endfor %}',
    '{{ "a" * 1000000000 }}',
    '{{ 9 ** 9 ** 9 }}',
    '{{ x|xmlattr }}',
    '{{ x|pprint }}',
    '{{ "\\u005f\\u005fclass\\u005f\\u005f" | attr(x) }}',
    '{{ x["\\x5f\\x5fclass\\x5f\\x5f"] }}',
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{% if x %}" * 3000,
    "{{ " + "not " * 20000 + "x }}",
    "{{ 1" + " + 1" * 30000 + " }}",
    "x" * 200_000,
]  # fmt: skip


@pytest.mark.parametrize("template", ESCAPES)
def test_escapes_are_refused(template: str) -> None:
    assert template_problem(template)


@pytest.mark.parametrize(
    "template",
    [
        "<b>{{ text | upper }}</b>", "{{ body | markdown | safe }}",
        "{% if x and y > 2 %}{{ x }}{% elif z %}-{% else %}{{ x ~ y }}{% endif %}",
        "{% for a in items %}{{ loop.index }} {{ a.title }}{{ a['x'] }}{{ a[0] }}{% endfor %}",
        "{% set w = width | default(800) %}{{ w / 2 }}", "{{ x.split(',')[1:] | join(', ') }}",
        "{{ x is defined }}{{ 'a' in x }}{{ page.title }}", "{{ src | replace('a', 'b') | e }}",
        "{% for i in range(3) %}{{ i }}{% endfor %}", "{{ {'a': 1, 'b': [1, 2]} | tojson }}",
        placeholder_template("x", "layouts/x.html"), *TEMPLATES.values(),
    ],
)  # fmt: skip
def test_usual_templates_stay(template: str) -> None:
    assert template_problem(template) is None


def test_the_line_is_told(old: Old) -> None:
    evil = "<p>\n{% if x %}\n{{ lipsum.__globals__ }}\n{% endif %}\n"
    files = {"content/a.md": PAGE + "{{ x(a=1) }}", "templates/shortcodes/x.html": evil}
    found = old("zola", files)
    assert "__globals__" not in found.texts["templates/shortcodes/x.html"]
    assert (
        "templates/shortcodes/x.html:3: the template of x was not imported: "
        "the name __globals__ is not allowed" in found.findings
    )


@pytest.mark.parametrize(
    "template",
    [
        "{{ $x := `\\` }}{{ eq $x `~ lipsum.__globals__ ~ \"` }}",
        '{{ .Get 0 }}\n{{ printf "%s" "a" | attr "__class__" }}',
        '{{ index . "__class__" }}',
    ],
)  # fmt: skip
def test_a_translated_template_is_checked(old: Old, template: str) -> None:
    files = {"content/a.md": "---\ntitle: A\n---\n{{< x y >}}",
             "layouts/shortcodes/x.html": template}  # fmt: skip
    found = old("hugo", files)
    text = found.texts["templates/shortcodes/x.html"]
    assert template_problem(text) is None
    assert "{{ body }}" in text
