"""Shortcodes: arguments, errors, and what they must not do."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.render.markdown.shortcodes import ShortcodeError, parse_arguments
from tests.conftest import Built

NOTE = {"templates/shortcodes/note.html": "<{{ a | default('-') }}|{{ body | default('') }}>"}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ('a="x"', {"a": "x"}),
        ("a='it\\'s', b=2, c=-1.5,", {"a": "it's", "b": 2, "c": -1.5}),
        ("yes=true, no=false, nil=none", {"yes": True, "no": False, "nil": None}),
        ("P=True, N=None", {"P": True, "N": None}),
        ("list=[1, 'b', [2]], map={'k': 1}", {"list": [1, "b", [2]], "map": {"k": 1}}),
        ('a="{{ x }}"', {"a": "{{ x }}"}),
    ],
)
def test_arguments_are_literals(text: str, values: dict[str, object]) -> None:
    assert parse_arguments(text) == values


@pytest.mark.parametrize(
    "text",
    [
        '"x"',
        "a=b",
        "a=f()",
        "a=__import__('os')",
        "**{'a': 1}",
        "*[1]",
        "a=1, a=2",
        "a=1)(b=2",
        "a=1) or f(b=2",
        "a=(yield)",
        "a={[]: 1}",
        "a=f'{1}'",
        "a=[x for x in ()]",
        "a",
        "a=",
        "a=1 b=2",
        "a=" + "(" * 500 + ")" * 500,
        "a=" + "-" * 20_000 + "1",
        "a=\0",
    ],
)
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(ShortcodeError):
        parse_arguments(text)


@given(st.text() | st.text(st.sampled_from("()[]{}'\",=.*:abf01 \\\n-+")))
def test_no_text_can_do_harm(text: str) -> None:
    try:
        values = parse_arguments(text)
    except ShortcodeError as error:
        assert str(error)
    else:
        assert all(isinstance(name, str) for name in values)


def test_no_text_makes_python_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_arguments(r'pattern="\d"') == {"pattern": r"\d"}


def test_a_shortcode_sees_its_page_its_arguments_and_the_site(site: Callable[..., Built]) -> None:
    template = "{{ page.title }} {{ a }} {{ site.title }}"
    built = site({"templates/shortcodes/x.html": template, "content/t.md": '{{ x(a="&") }}'})
    assert "T &amp; My site" in built.read("t/index.html")


def test_a_body_is_markdown(site: Callable[..., Built]) -> None:
    text = '{% note(a="1") %}\n*deep* {{ note(a="2") }}\n{% end %}\n'
    html = site({**NOTE, "content/a.md": text}).read("a/index.html")
    assert "<1|<p><em>deep</em> <2|></p>\n>" in html


def test_a_line_may_contain_two_calls(site: Callable[..., Built]) -> None:
    html = site({**NOTE, "content/a.md": "{{ note(a=1) }} {{ note(a=2) }}\n"}).read("a/index.html")
    assert "<1|> <2|>" in html


def test_code_is_left_alone(site: Callable[..., Built]) -> None:
    text = "`{{ nope() }}`\n\n```\n{{ nope() }}\n{% nope() %}\n```\n"
    html = site({**NOTE, "content/a.md": text}).read("a/index.html")
    assert html.count("{{ nope() }}") == 2


HEAD = "---\ntitle: A\n---\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "note\n\n{{ nota(a=1) }}",
            'content/a.md:6: unknown shortcode "nota". Did you mean "note"?',
        ),
        ("nope\n\n{{ nope(a=1) }}", 'content/a.md:6: unknown shortcode "nope"'),
        ("{{ note(1) }}", 'content/a.md:4: shortcode "note": arguments must be named: key="value"'),
        ("a\n\nb {{ note(a=b) }}", 'content/a.md:6: shortcode "note": a value is not a text'),
        ("x\n\n{% note() %}\nb", "content/a.md:6: {% note(...) %} has no {% end %}"),
        (
            "{% note() %}\nb\n{% end %}\n\n{% note() %}\nb",
            "content/a.md:8: {% note(...) %} has no {% end %}",
        ),
        (
            "{% note() %}\n```\n{% end %}\n```\n",
            "content/a.md:4: {% note(...) %} has no {% end %}",
        ),
        (
            "{% note() %}\n\n{% note() %}\nx {{ nope() }}\n{% end %}\n\n{% end %}",
            'content/a.md:7: unknown shortcode "nope"',
        ),
        (
            "`{{ nope() }}`\n\n```\n{{ nope() }}\n```\n\n{% note() %}\n{{ nope() }}\n{% end %}",
            'content/a.md:11: unknown shortcode "nope"',
        ),
        (
            "[x](b.md)\n\n{% note() %}\nb.md\n[b.md](b.md)\n{% end %}",
            'content/a.md:4: the link "b.md" names no page',
        ),
        (
            "{% note() %}\n\n```x {hl_lines=a}\n```\n{% end %}",
            'content/a.md:6: hl_lines="a" is not a list of line numbers',
        ),
        (
            "{{ note(a=1) }}\n{{ note(a=1, b=x) }}",
            'content/a.md:5: shortcode "note": a value is not a text',
        ),
    ],
)
def test_an_error_names_the_line_of_the_source(
    problems: Callable[..., list[str]], text: str, line: str
) -> None:
    problem, *_ = problems({**NOTE, "content/a.md": HEAD + text})
    assert problem.startswith(line)


def test_an_error_in_its_template_names_that(problems: Callable[..., list[str]]) -> None:
    files = {"templates/shortcodes/x.html": "\n{{ a.b }}", "content/a.md": "{{ x() }}"}
    assert problems(files) == [
        "templates/shortcodes/x.html:2: 'a' is undefined (while rendering content/a.md)"
    ]


def test_a_call_without_end_is_an_error(problems: Callable[..., list[str]]) -> None:
    files = {"templates/shortcodes/x.html": "{{ page.content }}", "content/a.md": "{{ x() }}"}
    assert problems(files) == [
        "content/a.md:1: a shortcode in this text asks for the content of its own page"
    ]


def test_two_texts_must_not_need_each_other(problems: Callable[..., list[str]]) -> None:
    other = "{{ get_page(page.extra.other).content }}"
    files = {
        "templates/shortcodes/x.html": other,
        "content/a.md": "---\nother: b.md\n---\n{{ x() }}",
        "content/b.md": "---\nother: a.md\n---\n{{ x() }}",
    }
    assert [line.partition(":")[0] for line in problems(files)] == ["content/a.md", "content/b.md"]


def test_a_call_runs_no_code(problems: Callable[..., list[str]], tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    call = f"{{{{ note(a=open({str(touched)!r}, 'w')) }}}}"
    assert "is not a text" in problems({**NOTE, "content/a.md": call})[0]
    assert not touched.exists()


def test_a_body_is_available_as_it_is_written(site: Callable[..., Built]) -> None:
    files = {
        "templates/shortcodes/data.html": "({{ raw }})",
        "templates/shortcodes/both.html": "({{ raw | trim }}|{{ body | trim }})",
    }
    text = "{% data() %}\n<a> [x](nope.md)\n## A\n{% end %}\n{% both() %}\n*x*\n{% end %}\n\n## A\n"
    html = site({**files, "content/a.md": text}).read("a/index.html")
    assert "(&lt;a&gt; [x](nope.md)\n## A\n)" in html
    assert "(*x*|<p><em>x</em></p>)" in html
    assert '<h2 id="a">A</h2>' in html


def test_a_body_that_reaches_the_template_through_another_is_markdown(
    site: Callable[..., Built],
) -> None:
    files = {
        "templates/shortcodes/outer.html": '{% include "shortcodes/inner.html" %}',
        "templates/shortcodes/inner.html": "[{{ body }}]",
        "content/a.md": "{% outer() %}\n*x*\n{% end %}\n",
    }
    assert "[<p><em>x</em></p>\n]" in site(files).read("a/index.html")


def test_headings_of_bodies_are_in_the_table_of_contents(site: Callable[..., Built]) -> None:
    page = "{% for h in page.toc %}{{ h.id }} {% endfor %}"
    text = "## A\n{% note() %}\n## A\n{% note() %}\n## B\n{% end %}\n{% end %}\n## A\n"
    built = site({**NOTE, "templates/page.html": page, "content/a.md": text})
    assert built.read("a/index.html") == "a a-2 b a-3 "


def _nested(depth: int) -> str:
    return "{% note() %}\n" * depth + "x\n" + "{% end %}\n" * depth


def test_bodies_may_be_nested_to_a_depth(
    site: Callable[..., Built], problems: Callable[..., list[str]]
) -> None:
    assert "x" in site({**NOTE, "content/a.md": _nested(10)}).read("a/index.html")
    (problem,) = problems({"content/a.md": "\n" + _nested(11)})
    assert problem.startswith("content/a.md:2: shortcodes are nested more than 10 deep")


def test_a_body_may_be_deep_in_lists_and_quotations(site: Callable[..., Built]) -> None:
    text = _nested(10).replace("x\n", "> - " * 9 + "x\n")
    assert site({**NOTE, "content/a.md": text}).read("a/index.html").count("<blockquote>") == 9
