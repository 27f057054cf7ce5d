"""Cache tags: what each question depends on, and how many tags become fewer."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.cache_options import TAG_KINDS, TAG_NAMES
from ssg.model.queries.questions import questions
from ssg.model.queries.site import Site
from ssg.render.dependencies.recorder import AskedQuestion
from ssg.render.dependencies.tags import (
    _ANYTHING,
    _RULES,
    ANY,
    KINDS,
    MAX_TAGS,
    Dependency,
    bucket_of,
    dependencies_of,
    folder_of,
    page_tag,
    tags_of,
)

GRAMMAR = re.compile(r"[a-z0-9:._-]{1,128}")

ANYTHING = {
    *("critical_pages", "deferred_paths", "deferred_pages", "deferrals", "newest_deferred"),
    *("left_out_pages", "list_kinds", "block_of", "offloaded_block", "pages_with_text"),
    *("section_titles", "known_paths", "critical_live_pages", "count_live_paths"),
    "live_alternates",
}
"""Questions that no page asks: on purpose, they depend on everything."""


def test_every_question_depends_on_something_on_purpose() -> None:
    names = {one.name for one in questions(Site).values()}
    assert set(_RULES) - {"rows", "now"} == names
    assert {name for name in names if _RULES[name] is _ANYTHING} == ANYTHING
    assert dependencies_of([("list_kinds",)]) == {ANY}


def test_no_author_can_write_a_tag_that_is_made() -> None:
    assert {*KINDS, "build"} == TAG_KINDS | TAG_NAMES


def test_a_question_that_is_unknown_depends_on_everything() -> None:
    assert tags_of([("not_a_question", 1)], "/", "x") == ("any", "build:x", page_tag("/"), "site")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("page", "/a/"), {"row /a/"}),
        (("term", "/tags/x/"), {"row /tags/x/"}),
        (("body", "/a/"), {"page /a/"}),
        (("before", "/a/", "/"), {"page /a/"}),
        (("related", "/a/", (("tags", 1),), 3), {"page /a/"}),
        (("pages", 0, 5), {"first pages/"}),
        (("pages", 0, 50, "fr"), {"first pages/fr"}),
        (("pages", 1, 50), {"list pages/"}),
        (("pages",), {"list pages/"}),
        (("pages_in", "/blog/", 10, 10), {"first pages_in//blog/"}),
        (("pages_in", "/blog/", 0, -1), {"list pages_in//blog/"}),
        (("pages_with", "/tags/x/", 100, 10), {"list pages_with//tags/x/"}),
        (("rows", "pages_in", "/b/", 20, 20), {"part pages_in//b//0", "part pages_in//b//1"}),
        (("rows", "pages_in", "/b/", 25, 25), {"part pages_in//b//1"}),
        (("rows", "pages", 0, 900, "fr"), {"list pages/fr", "shown pages/fr"}),
        (("rows", "pages_with", "/t/"), {"list pages_with//t/", "shown pages_with//t/"}),
        (
            ("rows", "pages_between", 1, 2, 0, 9),
            {"list pages_between//1/2", "shown pages_between//1/2"},
        ),
        (("rows", "all_pages"), {"rows *"}),
        (("rows", "terms", "tags"), set()),
        (("pages_between", -9, -5, 0, -1, "fr"), {"list pages_between/fr/-9/-5"}),
        (("count_in", "/b/"), {"count pages_in//b/"}),
        (("count_pages", "fr"), {"count pages/fr"}),
        (("page_count", "/t/"), {"count pages_with//t/"}),
        (("newest", 10), {"newest pages/"}),
        (("newest", 10, None, "fr"), {"newest pages/fr"}),
        (("newest", 60, "/b/"), {"list pages_in//b/"}),
        (("newest_with", "/t/", 10), {"newest pages_with//t/"}),
        (("terms", "tags"), {"list terms/tags/"}),
        (("terms", "tags", True, "fr"), {"list terms_by_count/tags/fr"}),
        (("addresses", 100, 100), {"list addresses"}),
        (("template", "a.html"), {"template a.html@0"}),
        (("template", "a.html", 2), {"template a.html@2"}),
        (("template_names",), {"template *"}),
        (("message", "en", "hello"), {"messages en"}),
        (("published", "/a.css"), {f"published {bucket_of('/a.css')}"}),
        (("page_from", "a.md"), {f"source {bucket_of('a.md')}"}),
        (("module", "hooks"), {"site "}),
        (("now",), {"now "}),
        (("build_id",), {"now "}),
        (("menus",), {"menus "}),
    ],
    ids=lambda value: ", ".join(sorted(value)) if isinstance(value, set) else str(value),
)
def test_what_a_question_depends_on(asked: AskedQuestion, expected: set[str]) -> None:
    assert {f"{one.kind} {one.name}" for one in dependencies_of([asked])} == expected


def test_a_tag_is_the_hash_of_a_name() -> None:
    digits = hashlib.sha256(b"/a/").hexdigest()[:10]
    assert page_tag("/a/") == f"page:{digits}"
    assert Dependency("menus").tag == "menus"


@pytest.mark.parametrize(
    ("path", "folder"),
    [("/", "/"), ("/blog/", "/"), ("/blog/a/", "/blog/"), ("/blog/a.html", "/blog/")],
)
def test_the_folder_of_a_page(path: str, folder: str) -> None:
    assert folder_of(path) == folder


def test_the_own_row_is_a_part_of_the_page() -> None:
    assert tags_of([("page", "/a/"), ("body", "/a/")], "/a/", "x", ["own"]) == (
        "build:x", "own", page_tag("/a/"), "site",
    )  # fmt: skip


def _rows(count: int, folder: str = "/blog/") -> list[AskedQuestion]:
    return [("page", f"{folder}{number}/") for number in range(count)]


def test_many_rows_fold_into_their_folders() -> None:
    asked = [*_rows(60), *_rows(10, "/docs/"), ("body", "/x/y/"), ("menus",)]
    folded = {Dependency("rows", "/blog/"), Dependency("rows", "/docs/"), Dependency("menus")}
    tags = {one.tag for one in folded | {Dependency("pages", "/x/")}}
    base = {page_tag("/a/"), "site", "build:x"}
    assert set(tags_of(asked, "/a/", "x")) == tags | base


def test_rows_of_many_folders_fold_into_the_site() -> None:
    asked = [*(("page", f"/{number}/a/") for number in range(60)), ("data", "team")]
    tags = {Dependency("rows", "*").tag, Dependency("data", "team").tag}
    assert set(tags_of(asked, "/a/", "x")) == tags | {page_tag("/a/"), "site", "build:x"}


def test_too_many_others_fold_by_kind_and_then_into_everything() -> None:
    asked = [*(("data", str(number)) for number in range(60)), ("menus",)]
    base = {page_tag("/a/"), "site", "build:x"}
    assert set(tags_of(asked, "/a/", "x")) == {Dependency("data", "*").tag, "menus"} | base
    own = [f"own-{number}" for number in range(46)]
    assert set(tags_of(asked, "/a/", "x", own)) == {"any"} | {*own} | base


QUESTIONS = st.sampled_from(
    [
        *_rows(70), *_rows(9, "/docs/"), *(("body", f"/x/{n}/") for n in range(9)), ("menus",),
        *(("data", str(n)) for n in range(40)), ("now",), ("template", "a.html", 0), ("unknown",),
        *(("page", f"/{n}/p/") for n in range(60)), ("rows", "pages", 0, 60), ("module_names",),
    ]
)  # fmt: skip


@given(st.lists(QUESTIONS, max_size=200))
def test_tags_are_few_sorted_and_plain(asked: list[AskedQuestion]) -> None:
    tags = tags_of(asked, "/a/", "0af", ["own"])
    assert len(tags) <= MAX_TAGS
    assert list(tags) == sorted(set(tags))
    assert all(map(GRAMMAR.fullmatch, tags))
    assert {tag.partition(":")[0] for tag in tags} <= {*KINDS, "build", "own"}
    assert {page_tag("/a/"), "site", "build:0af", "own"} <= set(tags)
    assert tags == tags_of(reversed(asked), "/a/", "0af", ["own"])
