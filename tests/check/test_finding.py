"""Findings as text and as JSON."""

from __future__ import annotations

from ssg.check.finding import CheckFinding, CheckKind, in_order
from ssg.cli.commands.check import TITLES
from ssg.model.errors import Location, Problem


def test_a_finding_shows_its_location() -> None:
    place = Location("content/a.md", 8)
    one = CheckFinding(
        CheckKind.LINK, "there is nothing at /x/", place, ("/a/",), 'Did you mean "/y/"?'
    )
    assert str(one) == 'content/a.md:8: there is nothing at /x/. Did you mean "/y/"?'


def test_pages_are_shown_if_the_location_does_not_name_them() -> None:
    pages = ("/a/", "/b/", "/c/", "/d/")
    assert str(CheckFinding(CheckKind.ID, "m", None, ("/a/",))) == "m (on /a/)"
    assert (
        str(CheckFinding(CheckKind.ID, "m", Location("t.html", 3), ("/a/",)))
        == "t.html:3: m (on /a/)"
    )
    assert str(CheckFinding(CheckKind.ID, "m", None, pages[:2])) == "m (on 2 pages: /a/, /b/)"
    assert str(CheckFinding(CheckKind.ID, "m", Location("t.html", 3), pages)) == (
        "t.html:3: m (on 4 pages: /a/, /b/, /c/, ...)"
    )


def test_the_json_of_a_finding() -> None:
    one = CheckFinding.of(CheckKind.SOURCE, Problem("m", Location("a.md", 1, 2), "h"))
    assert one.to_json() == {
        "kind": "source", "message": "m", "where": {"path": "a.md", "line": 1, "column": 2},
        "hint": "h", "pages": [],
    }  # fmt: skip
    assert CheckFinding(CheckKind.LINK, "m").to_json()["where"] is None


def test_findings_are_sorted_and_unique() -> None:
    a, b = (
        CheckFinding(CheckKind.LINK, "a", Location("b.md", 2)),
        CheckFinding(CheckKind.LINK, "b", Location("b.md", 1)),
    )
    c = CheckFinding(CheckKind.RENDER, "c")
    assert in_order([a, b, a, c]) == [c, b, a]


def test_every_kind_has_a_title() -> None:
    assert set(TITLES) == set(CheckKind)
