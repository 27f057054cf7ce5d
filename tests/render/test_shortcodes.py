"""Shortcodes: their arguments, their errors, what they may not do."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.render.shortcodes import ShortcodeError, parse_arguments
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


def test_two_stand_in_one_line(site: Callable[..., Built]) -> None:
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
    ],
)
def test_an_error_names_the_line_of_the_source(
    problems: Callable[..., list[str]], text: str, line: str
) -> None:
    (problem,) = problems({**NOTE, "content/a.md": HEAD + text})
    assert problem.startswith(line)


def test_an_error_in_its_template_names_that(problems: Callable[..., list[str]]) -> None:
    files = {"templates/shortcodes/x.html": "\n{{ a.b }}", "content/a.md": "{{ x() }}"}
    assert problems(files) == [
        "templates/shortcodes/x.html:2: 'a' is undefined (while rendering content/a.md)"
    ]


def test_a_call_without_end_is_an_error(problems: Callable[..., list[str]]) -> None:
    files = {"templates/shortcodes/x.html": "{{ page.content }}", "content/a.md": "{{ x() }}"}
    assert problems(files) == [
        "content/a.md:1: a shortcode in this text asks for the text that it stands in"
    ]


def test_two_texts_may_not_need_each_other(problems: Callable[..., list[str]]) -> None:
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
