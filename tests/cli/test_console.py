"""What is printed, and where."""

from __future__ import annotations

import json

import pytest

from ssg.cli.console import print_json, print_problem, print_problems, print_table
from ssg.model.errors import Location, Problem


def test_problems_are_printed_in_the_order_of_files_and_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_problems(
        [
            Problem("d", Location("b.md", 1)),
            Problem("c", Location("a.md", 10)),
            Problem("b", Location("a.md", 9, 2)),
            Problem("a"),
        ]
    )
    assert capsys.readouterr().err.splitlines()[:4] == [
        "error: a",
        "a.md:9:2: error: b",
        "a.md:10: error: c",
        "b.md:1: error: d",
    ]


def test_a_problem_of_many_pages_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    pages = tuple(f"content/{number}.md" for number in range(1000))
    print_problems([Problem("m", Location("templates/page.html", 3), None, pages)])
    assert capsys.readouterr().err == (
        "templates/page.html:3: error: m (while rendering content/0.md, content/1.md, content/2.md "
        "and 997 more pages)\n"
    )


def test_json_has_every_page_and_every_place(capsys: pytest.CaptureFixture[str]) -> None:
    pages = tuple(f"content/{number}.md" for number in range(1000))
    places = [Problem("n", Location(page, 1)) for page in pages]
    print_problems([Problem("m", None, None, pages), *places], as_json=True)
    printed = capsys.readouterr()
    errors = json.loads(printed.out)["errors"]
    assert errors[0] == {"message": "m", "where": None, "hint": None, "pages": list(pages)}
    assert len(errors) == 1001
    assert printed.err.splitlines()[-1] == "1,001 errors; nothing was written"


def test_a_hint_follows_its_problem(capsys: pytest.CaptureFixture[str]) -> None:
    print_problem(Problem("m", Location("f"), "Do so"), "warning")
    assert capsys.readouterr().err == "f: warning: m. Do so\n"


@pytest.mark.parametrize("text", ["[red]x[/]", "[x]", "\\[x]", "a [/] b", "x" * 500, "{% if %}"])
def test_a_message_is_printed_as_it_is(capsys: pytest.CaptureFixture[str], text: str) -> None:
    print_problem(Problem(text, Location(f"{text}.md", 1)), "error")
    assert capsys.readouterr().err == f"{text}.md:1: error: {text}\n"


@pytest.mark.parametrize("place", [Location("a.md", 100, 3), Location("a.md", 1234, 1)])
def test_a_place_is_not_an_emoji(capsys: pytest.CaptureFixture[str], place: Location) -> None:
    print_problem(Problem("m", place), "error")
    assert capsys.readouterr().err == f"{place}: error: m\n"


def test_json_keeps_letters_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"ü": "[red]:x:"})
    out = capsys.readouterr().out
    assert json.loads(out) == {"ü": "[red]:x:"}
    assert "ü" in out


def test_a_table_in_a_pipe_is_a_line_for_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_table([("a" * 300, "[b]"), ("c", "d")], ("one", "two"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["one", "two"]
    assert lines[1].split() == ["a" * 300, "[b]"]
    assert lines[2].split() == ["c", "d"]
