"""What makes a build another build, and its pages other pages."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from ssg.content.source.publication import IncludeOptions
from tests.conftest import Built

PAGE = "---\ntitle: A\n---\nA"


def test_a_static_file_makes_another_build_of_the_same_pages(site: Callable[..., Built]) -> None:
    first = site({"content/a.md": PAGE, "static/app.css": "one", "content/a.png": b"one"}).report
    again = site().report
    assert (again.build_id, again.content_id) == (first.build_id, first.content_id)
    for changed in ({"static/app.css": "two"}, {"content/a.png": b"two"}, {"static/new.txt": ""}):
        then = site(changed).report
        assert then.build_id != first.build_id
        assert then.content_id == first.content_id
    page = site({"content/a.md": PAGE + "!"}).report
    assert page.content_id != first.content_id


def test_the_same_bytes_in_another_place_are_another_build(site: Callable[..., Built]) -> None:
    one = site({"content/a.md": PAGE, "static/a.txt": "x", "static/b.txt": "y"}).report
    other = site({"static/a.txt": "y", "static/b.txt": "x"}).report
    assert one.build_id != other.build_id
    assert one.content_id == other.content_id
    assert one.digests["a.txt"] == other.digests["b.txt"]


def test_a_template_that_shows_the_build_id_changes_with_every_file(
    site: Callable[..., Built],
) -> None:
    files = {"content/a.md": PAGE, "templates/page.html": "{{ site.build_id }}"}
    one = site({**files, "static/app.css": "one"})
    other = site({"static/app.css": "two"})
    assert one.report.content_id != other.report.content_id
    assert other.read("a/index.html") == other.report.build_id


def test_digests_are_no_part_of_the_report_for_machines(site: Callable[..., Built]) -> None:
    values = site({"content/a.md": PAGE, "static/app.css": "one"}).report.to_json()
    assert "digests" not in values
    assert values["content_id"] != values["build_id"]


@pytest.mark.parametrize(
    ("front", "include", "expected"),
    [
        ("draft: true", IncludeOptions(drafts=True), "draft"),
        (
            "date: 2999-01-01",
            IncludeOptions(future=True),
            "to be published on 2999-01-01 00:00 UTC",
        ),
        (
            "expiry_date: 2001-01-01",
            IncludeOptions(expired=True),
            "expired on 2001-01-01 00:00 UTC",
        ),
    ],
)
def test_a_page_that_only_an_option_took_in_says_why(
    site: Callable[..., Built], front: str, include: IncludeOptions, expected: str
) -> None:
    text = f"---\ntitle: A\n{front}\n---\nA"
    built = site({"content/a.md": text, "content/b.md": PAGE}, include=include)
    assert dict(built.site.left_out_pages()) == {"/a/": expected}
    assert json.loads(built.page("/b/").front) == {}
    with_mark = built.read("a/index.html")
    plain = site({"content/a.md": PAGE.replace("A\n---", "A\ndate: 2020-01-01\n---")})
    assert dict(plain.site.left_out_pages()) == {}
    assert plain.read("a/index.html") == with_mark


def test_an_option_that_takes_in_nothing_marks_nothing(site: Callable[..., Built]) -> None:
    text = '---\ntitle: A\nextra: {note: "\\"left_out\\""}\n---\nA'
    built = site({"content/a.md": text}, include=IncludeOptions(True, True, True))
    assert dict(built.site.left_out_pages()) == {}


def test_deferred_pages_by_date_and_lists_last(site: Callable[..., Built]) -> None:
    files = {
        f"content/{name}.md": f"---\ntitle: {name}\ndeferred: true\n{date}\n---\n"
        for name, date in (("a", "date: 2020-01-01"), ("b", ""), ("c", "date: 2021-01-01"))
    }
    built = site(files, target="netlify")
    assert [page.path for page in built.site.newest_deferred(9)] == ["/c/", "/a/", "/b/"]
    assert len(built.site.newest_deferred(1)) == 1
