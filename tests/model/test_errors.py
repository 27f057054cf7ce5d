"""Problems: what, where, what to do."""

from __future__ import annotations

import pytest

from ssg.model import errors
from ssg.model.errors import Location, Problem, SsgError, did_you_mean


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


def test_every_error_stands_in_the_drawn_tree() -> None:
    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, SsgError)]
    assert len(classes) > 1
    for error in classes:
        assert f"{error.__name__}  " in (errors.__doc__ or "")


def test_a_near_word_is_offered() -> None:
    assert did_you_mean("titel", ["title", "date"]) == 'Did you mean "title"?'
    assert did_you_mean("zebra", ["title", "date"]) is None
