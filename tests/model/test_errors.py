"""Problems: what, where, what to do."""

from __future__ import annotations

import pytest

from ssg.model import errors
from ssg.model.errors import Location, Problem, SsgError, did_you_mean, summarize


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location("a.md"), "a.md"),
        (Location("a.md", 3), "a.md:3"),
        (Location("a.md", 3, 8), "a.md:3:8"),
    ],
)
def test_a_location_is_what_editors_open(location: Location, text: str) -> None:
    assert str(location) == text


def test_a_problem_is_one_line() -> None:
    assert str(Problem("it is wrong")) == "it is wrong"
    assert str(Problem("it is wrong", Location("a.md", 1), "Do so")) == "a.md:1: it is wrong. Do so"


def test_an_error_carries_all_of_its_problems() -> None:
    error = SsgError([Problem("one"), Problem("two")])
    assert [problem.message for problem in error.problems] == ["one", "two"]
    assert str(error) == "one\ntwo"
    assert SsgError(Problem("one")).problems == (Problem("one"),)


def test_problems_that_differ_in_the_page_alone_are_one() -> None:
    place = Location("templates/page.html", 3)
    pages = [f"content/{number}.md" for number in range(1000)]
    found = [Problem("it is wrong", place, "Do so", (page,)) for page in pages]
    other = Problem("it is wrong", Location("templates/page.html", 4), "Do so", ("/",))
    error = SsgError([*found, other, found[0]])
    assert error.problems == (Problem("it is wrong", place, "Do so", tuple(pages)), other)
    assert str(error).splitlines() == [
        "templates/page.html:3: it is wrong (while rendering content/0.md, content/1.md, "
        "content/2.md and 997 more pages). Do so",
        "templates/page.html:4: it is wrong (while rendering /). Do so",
    ]


@pytest.mark.parametrize(
    ("count", "listed"),
    [
        (1, "/0/"),
        (2, "/0/ and /1/"),
        (3, "/0/, /1/ and /2/"),
        (4, "/0/, /1/, /2/ and 1 more page"),
        (2000, "/0/, /1/, /2/ and 1,997 more pages"),
    ],
)
def test_a_message_names_the_first_pages(count: int, listed: str) -> None:
    pages = tuple(f"/{number}/" for number in range(count))
    assert Problem("m", pages=pages).full_message == f"m (while rendering {listed})"


def test_a_problem_in_many_places_is_shown_a_few_times() -> None:
    same = [Problem("same", Location(f"content/{number:04}.md", 2)) for number in range(1000)]
    shown = summarize([*reversed(same), Problem("other", Location("content/0500.md", 1))])
    assert shown[:9] == same[:9]
    assert [problem.message for problem in shown[9:]] == [
        "same (and in 990 more places)", "other"
    ]  # fmt: skip


def test_few_places_are_all_shown() -> None:
    few = [Problem("same", Location(f"{number}.md", 2)) for number in range(9)]
    assert summarize(reversed(few)) == few


def test_every_error_stands_in_the_drawn_tree() -> None:
    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, SsgError)]
    assert len(classes) > 1
    for error in classes:
        assert f"{error.__name__}  " in (errors.__doc__ or "")


def test_a_near_word_is_offered() -> None:
    assert did_you_mean("titel", ["title", "date"]) == 'Did you mean "title"?'
    assert did_you_mean("zebra", ["title", "date"]) is None
