"""What is written down of the questions of a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.build.incremental.dependencies.recorder import COMMON, Recorder
from ssg.build.incremental.dependencies.recording_site import (
    LONG,
    NOTED,
    TOLD,
    RecordingSite,
    parameters,
    questions,
)
from ssg.model.queries.site import Site
from tests.conftest import Built

POSTS = {f"content/blog/{n}.md": f"---\ndate: 2025-01-0{n}\ntags: t\n---\nt" for n in (1, 2, 3)}


@pytest.fixture
def asked(site: Callable[..., Built]) -> Callable[..., RecordingSite]:
    def make(files: dict[str, str] | None = None) -> RecordingSite:
        recording = RecordingSite.open(site({**POSTS, **(files or {})}).report.database)
        assert isinstance(recording, RecordingSite)
        return recording

    return make


def test_every_question_that_a_delta_tells_of_is_one() -> None:
    assert TOLD - {"page", "now", *NOTED} <= set(questions())


def test_what_a_site_tells_as_an_attribute_is_noted_or_the_same_for_all(
    site: Callable[..., Built],
) -> None:
    told = {name for name in vars(site({}).site) if not name.startswith("_")}
    assert told == {"settings", "setups", "texts", *NOTED}


def test_ids_are_told_as_paths(asked: Callable[..., RecordingSite]) -> None:
    site = asked()
    page = site.page_at("/blog/2/")
    assert page
    site.before(page, page.parent_id or 0)
    site.terms_of(page.id)
    site.body(page.id)
    assert site.take() == {
        ("page", "/blog/2/"), ("before", "/blog/2/", "/blog/"), ("page", "/blog/3/"),
        ("terms_of", "/blog/2/"), ("body", "/blog/2/"),
    }  # fmt: skip
    assert site.take() == set()


def test_an_id_is_the_same_question_as_a_path(asked: Callable[..., RecordingSite]) -> None:
    site = asked()
    page = Site.page_at(site, "/blog/1/")
    assert page
    site.page_by_id(page.id)
    assert site.take() == {("page", "/blog/1/")}


def test_a_page_that_is_not_there_is_a_question_too(asked: Callable[..., RecordingSite]) -> None:
    site = asked()
    assert site.page_at("/nowhere/") is None
    assert site.take() == {("page", "/nowhere/")}


def test_values_by_name_are_told_in_their_order(asked: Callable[..., RecordingSite]) -> None:
    site = asked()
    site.terms("tags", by_count=True)
    assert parameters("terms")[:2] == ("taxonomy", "by_count")
    assert site.take() == {("terms", "tags", True)}


def test_rows_of_a_long_list_are_one_question(asked: Callable[..., RecordingSite]) -> None:
    site = asked({f"content/more/{n}.md": "" for n in range(LONG + 1)})
    site.pages()
    assert site.take() == {("pages",), ("rows", "pages")}
    site.pages(0, 1)
    assert len(site.take()) == 2


def test_what_a_memo_was_found_with_is_asked_by_whoever_is_given_it(
    asked: Callable[..., RecordingSite],
) -> None:
    site, memo = asked(), dict[str, int]()

    def find() -> int:
        return site.remember(inner, "b", lambda: len(site.data_names()))

    inner: dict[str, int] = {}
    for _ in range(2):
        site.data("other")
        assert site.remember(memo, "a", find) == 0
        assert site.take() == {("data", "other"), ("data_names",)}
    site.forget(memo)
    site.remember(memo, "a", find)
    assert site.take() == {("data_names",)}


def test_a_memo_that_fails_is_asked_all_the_same(asked: Callable[..., RecordingSite]) -> None:
    site = asked()

    def fail() -> int:
        site.data("x")
        raise ValueError

    with pytest.raises(ValueError):
        site.remember({}, "a", fail)
    assert site.take() == {("data", "x")}


def test_a_template_is_noted_at_each_use(site: Callable[..., Built]) -> None:
    files = {
        "templates/page.html": "{% import 'm.html' as m %}{{ m.one() }}",
        "templates/m.html": "{% set n = site.pages|length %}{% macro one() %}{{ n }}{% endmacro %}",
        "content/a.md": "",
        "content/b.md": "",
    }
    recorder = Recorder(site(files).report.database)
    for path in ("/a/", "/b/"):
        page = recorder.site.page_at(path)
        assert page
        recorder.render(page)
    renders = recorder.taken()
    assert renders.asked.keys() == {COMMON, "/a/", "/b/"}
    assert len(renders.asked["/a/"]) == len(renders.asked["/b/"])
    assert {("template", "m.html", 0), ("count_pages", "")} <= set(renders.questions.values())


@pytest.mark.parametrize(("words", "reads"), [("{{ now }}", True), ("{{ known }}", False)])
def test_a_template_that_says_now_reads_the_clock(
    asked: Callable[..., RecordingSite], words: str, reads: bool
) -> None:
    site = asked({"templates/x.html": words})
    site.uses("x.html", 0)
    assert (("now",) in site.take()) is reads


def test_a_path_is_known_without_having_been_answered(
    tmp_path: Path, site: Callable[..., Built]
) -> None:
    recording = RecordingSite.open(site(POSTS).report.database)
    page = recording.page_from("blog/1.md")
    assert page and isinstance(recording, RecordingSite)
    other = RecordingSite.open(tmp_path / ".ssg" / "site.db")
    other.assets(page.id)
    assert isinstance(other, RecordingSite) and other.take() == {("assets", "/blog/1/")}
