"""What is written down of the questions of a page."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ssg.build.incremental.dependencies.asked_questions import (
    declaration,
    is_named_by_diff,
)
from ssg.build.incremental.dependencies.recording_renderer import COMMON, RecordingRenderer
from ssg.model.database import open_readonly
from ssg.model.errors import Problem, RenderError
from ssg.model.page import Page
from ssg.model.queries.questions import Argument, Change, Question, questions
from ssg.model.queries.site import Site
from ssg.model.texts import Texts
from ssg.render.dependencies.recorder import (
    LONG_ANSWER_ROWS,
    AskedQuestion,
    QuestionRecorder,
)
from tests.conftest import Built

POSTS = {f"content/blog/{n}.md": f"---\ndate: 2025-01-0{n}\ntags: t\n---\nt" for n in (1, 2, 3)}

NO_QUESTIONS = {
    *("clock", "forget", "loaded", "measure", "remember", "uses"),  # tell the listener themselves
    *("close", "open", "path_of", "term_path_of", "term_paths_of", "find_template", "menus_in"),
    *("description", "front", "slug"),  # told with the row
    *("queries", "schema_code", "wanted"),  # asked by runtimes and shells for themselves
    # asked by builds, runtimes and edges for themselves
    *("find_variant", "picture_paths", "pictures", "pictures_of", "recipes"),
}
"""Public methods of a site that are not questions."""


def _listening(database: Path) -> tuple[Site, Callable[[], set[AskedQuestion]]]:
    recorder = QuestionRecorder()
    return Site(open_readonly(database), Texts.beside(database), recorder), recorder.take


Asked = Callable[..., tuple[Site, Callable[[], set[AskedQuestion]]]]


@pytest.fixture
def asked(site: Callable[..., Built]) -> Asked:
    def make(files: dict[str, str] | None = None) -> tuple[Site, Callable[[], set[AskedQuestion]]]:
        return _listening(site({**POSTS, **(files or {})}).report.database)

    return make


def _methods(kind: type) -> Iterator[str]:
    members = {name: one for base in kind.__mro__ for name, one in vars(base).items()}
    for name, one in members.items():
        is_method = inspect.isfunction(one) or isinstance(one, property | classmethod)
        if is_method and not name.startswith("_"):
            yield name


def test_every_method_of_a_site_is_a_question_or_says_why_not() -> None:
    declared_ones = set(questions(Site))
    assert set(_methods(Site)) - NO_QUESTIONS - declared_ones == set()
    assert declared_ones & NO_QUESTIONS == set()


def test_a_method_that_is_not_declared_is_noticed() -> None:
    class Larger(Site):
        def undeclared(self) -> int:
            return 1

    assert set(_methods(Larger)) - NO_QUESTIONS - set(questions(Larger)) == {"undeclared"}


@pytest.mark.parametrize("name", sorted(questions(Site)))
def test_an_argument_that_is_an_id_or_a_row_says_so(name: str) -> None:
    """What is recorded must be the same in every build: ids are not."""
    question = questions(Site)[name]
    pairs = zip(question.parameters, question.arguments, strict=True)
    for parameter, kind in pairs:
        if parameter.endswith("_id") or parameter in {"page", "term"}:
            assert kind is not Argument.VALUE, parameter


def test_a_question_that_says_nothing_fails() -> None:
    """As one whose parameter has any other name, and is not declared."""

    class Larger(Site):
        def listed(self, whom: int) -> int:
            return whom

    assert "listed" not in questions(Larger)


def test_a_declared_question_is_recorded_whatever_its_parameters_are_called() -> None:
    declared_one = Question(
        "x", (Argument.PAGE_ID,), Change.ANYTHING, ("whom", "limit"), {"limit": 3}
    )
    assert declared_one.in_order((1,), {}) == (1,)
    assert declared_one.in_order((), {"limit": 4, "whom": 2}) == (2, 4)


def test_what_a_site_tells_as_an_attribute_is_recorded_or_the_same_for_all(
    site: Callable[..., Built],
) -> None:
    told = {name for name in vars(site({}).site) if not name.startswith("_")}
    assert told == {"settings", "setups", "texts", "listener"}


@pytest.mark.parametrize("name", ["menus", "build_id", "build_time"])
def test_an_attribute_that_differs_by_build_is_a_question(asked: Asked, name: str) -> None:
    site, take = asked()
    take()
    getattr(site, name)
    assert take() == {(name,)} and is_named_by_diff((name,)) and declaration(name)


def test_ids_are_told_as_paths(asked: Asked) -> None:
    site, take = asked()
    page = site.page_at("/blog/2/")
    assert page
    site.before(page, page.parent_id or 0)
    site.terms_of(page.id)
    site.body(page.id)
    assert take() == {
        ("page", "/blog/2/"), ("before", "/blog/2/", "/blog/"), ("page", "/blog/3/"),
        ("terms_of", "/blog/2/"), ("body", "/blog/2/"),
    }  # fmt: skip
    assert take() == set()


def test_an_id_is_the_same_question_as_a_path(asked: Asked) -> None:
    site, take = asked()
    page = Site.page_at(site, "/blog/1/")
    assert page
    site.page_by_id(page.id)
    assert take() == {("page", "/blog/1/")}


def test_a_page_that_is_not_there_is_a_question_too(asked: Asked) -> None:
    site, take = asked()
    assert site.page_at("/nowhere/") is None
    assert take() == {("page", "/nowhere/")}


def test_values_by_name_are_told_in_their_order(asked: Asked) -> None:
    site, take = asked()
    site.terms("tags", by_count=True)
    assert take() == {("terms", "tags", True)}


def test_rows_of_a_long_list_are_one_question(asked: Asked) -> None:
    site, take = asked({f"content/more/{n}.md": "" for n in range(LONG_ANSWER_ROWS + 1)})
    site.pages()
    assert take() == {("pages",), ("rows", "pages")}
    site.pages(0, 1)
    assert len(take()) == 2


def test_what_a_memo_was_found_with_is_asked_by_whoever_is_given_it(
    asked: Asked,
) -> None:
    (site, take), memo = asked(), dict[str, int]()

    def find() -> int:
        return site.remember(inner, "b", lambda: len(site.data_names()))

    inner: dict[str, int] = {}
    for _ in range(2):
        site.data("other")
        assert site.remember(memo, "a", find) == 0
        assert take() == {("data", "other"), ("data_names",)}
    site.forget(memo)
    site.remember(memo, "a", find)
    assert take() == {("data_names",)}


def test_a_memo_that_fails_is_asked_all_the_same(asked: Asked) -> None:
    site, take = asked()

    def fail() -> int:
        site.data("x")
        raise ValueError

    with pytest.raises(ValueError):
        site.remember({}, "a", fail)
    assert take() == {("data", "x")}


def test_a_template_is_noted_at_each_use(site: Callable[..., Built]) -> None:
    files = {
        "templates/page.html": "{% import 'm.html' as m %}{{ m.one() }}",
        "templates/m.html": "{% set n = site.pages|length %}{% macro one() %}{{ n }}{% endmacro %}",
        "content/a.md": "",
        "content/b.md": "",
    }
    recorder = RecordingRenderer(site(files).report.database)
    for path in ("/a/", "/b/"):
        page = recorder.site.page_at(path)
        assert page
        recorder.render(page)
    renders = recorder.taken()
    assert renders.asked.keys() == {COMMON, "/a/", "/b/"}
    assert len(renders.asked["/a/"]) == len(renders.asked["/b/"])
    assert {("template", "m.html", 0), ("count_pages", "")} <= set(renders.questions.values())


@pytest.mark.parametrize(("words", "reads"), [("{{ now }}", True), ("{{ known }}", False)])
def test_a_template_that_says_now_reads_the_clock(asked: Asked, words: str, reads: bool) -> None:
    site, take = asked({"templates/x.html": words})
    site.uses("x.html", 0)
    assert (("now",) in take()) is reads


def test_a_path_is_known_without_having_been_answered(
    tmp_path: Path, site: Callable[..., Built]
) -> None:
    recording, _ = _listening(site(POSTS).report.database)
    page = recording.page_from("blog/1.md")
    assert page
    other, take = _listening(tmp_path / ".ssg" / "site.db")
    other.assets(page.id)
    assert take() == {("assets", "/blog/1/")}


def test_what_a_failed_render_asked_counts_for_no_page(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    built = site({"content/a.md": "", "content/b.md": ""})
    recorder = RecordingRenderer(built.report.database)

    def fail(page: Page) -> bytes:
        recorder.site.data("team")
        raise RenderError(Problem("bad"))

    with monkeypatch.context() as patched, pytest.raises(RenderError):
        patched.setattr(recorder.renderer, "render", fail)
        recorder.render(built.page("/a/"))
    recorder.render(built.page("/b/"))
    recorded = recorder.taken()
    assert recorded.asked.keys() == {COMMON, "/b/"}
    assert ("data", "team") not in recorded.questions.values()
