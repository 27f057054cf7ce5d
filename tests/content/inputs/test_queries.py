"""Queries of SQL sources as inputs of a build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.build.tag_table.tag_values import tag_names, tag_table
from ssg.config.load import load
from ssg.content.inputs.query_checks import problems_of
from ssg.fingerprint.input_folders import input_paths
from ssg.model.errors import SsgError
from ssg.model.live.data_source import DataSource
from ssg.model.live.query import Query
from ssg.render.dependencies.tags import Dependency
from tests.conftest import BARE, NOW, Built, write

SQL = {"db": DataSource("db", "sql", "sqlite:///blog.db")}
PAGE = {"content/a.md": "---\ntitle: A\n---\nText.\n"}
POST = "SELECT title FROM post WHERE slug = :slug"


def _build(root: Path, files: Mapping[str, str | bytes]) -> Built:
    """Build a site with a source of SQL."""
    write(root, {**BARE, **PAGE, **files})
    project = load(root, overrides={("target", "name"): "static"}, environment={})
    site = replace(project.settings.site, sources=SQL)
    project = replace(project, settings=replace(project.settings, site=site))
    options = BuildOptions(NOW, package=False)
    return Built(root, build(project, Layout.of(project), options, Silent()))


def test_queries_are_in_the_site_database_by_their_names(tmp_path: Path) -> None:
    text = "SELECT name FROM author WHERE id = :user"
    files = {"queries/post.sql": POST, "queries/users/author.sql": text, "queries/README.md": "x"}
    site = _build(tmp_path, files).site
    assert site.query_names() == ["post", "users/author"]
    assert site.query("post") == Query.parse("post", POST)
    assert site.query("post").parameters == ("slug",)  # type: ignore[union-attr]  # it is there
    assert site.query("none") is None
    assert [*site.queries().values()] == [
        Query.parse("post", POST),
        Query.parse("users/author", text),
    ]


def test_a_site_without_a_database_may_have_such_a_folder(site: Callable[..., Built]) -> None:
    built = site({**PAGE, "queries/001.sql": "CREATE TABLE a (b);\nINSERT INTO a VALUES (1);"})
    assert built.site.queries() == {}


def test_a_changed_query_is_seen_and_renders_no_page_again(tmp_path: Path) -> None:
    first = _build(tmp_path, {"queries/post.sql": POST})
    before = tag_table(first.report.database, "")
    ids = first.report.content_id
    assert _build(tmp_path, {}).report.content_id == ids
    again = _build(tmp_path, {"queries/post.sql": POST + " LIMIT 1"})
    assert again.report.content_id != ids
    assert again.report.rendered == 0
    assert again.site.query("post").text == POST + " LIMIT 1"  # type: ignore[union-attr]  # it is there
    differing = set(tag_table(again.report.database, "").differing(before))
    own = {Dependency("query", "post").tag, Dependency("query", "*").tag}
    assert own <= differing
    assert differing - own == {Dependency("now").tag, Dependency("any").tag}
    assert tag_names(again.report.database)[Dependency("query", "post").tag] == "query post"


def test_a_query_that_is_gone_is_gone(tmp_path: Path) -> None:
    _build(tmp_path, {"queries/post.sql": POST, "queries/other.sql": POST})
    (tmp_path / "queries/other.sql").unlink()
    assert _build(tmp_path, {}).site.query_names() == ["post"]


def test_queries_are_watched_inputs(tmp_path: Path) -> None:
    assert tmp_path / "queries" in input_paths(tmp_path, (), ())


def test_problems_of_all_queries_are_told_at_once(tmp_path: Path) -> None:
    files = {
        "queries/a.sql": "SELECT 1;\nSELECT 2",
        "queries/b/c.sql": b"\xff",
        "queries/d.sql": "",
    }
    with pytest.raises(SsgError) as caught:
        _build(tmp_path, files)
    assert [str(one) for one in caught.value.problems] == [
        "queries/a.sql:2:1: a second statement. Each query has a file of its own",
        "queries/b/c.sql: the query is not UTF-8",
        "queries/d.sql:1:1: there is no statement",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT 1",
        "select 1;",
        " -- a comment\n/* and another */ SELECT 1 ;; -- after it",
        "VALUES (1), (:a)",
        "WITH a AS (SELECT 1) SELECT * FROM a",
        "WITH RECURSIVE a AS NOT MATERIALIZED (VALUES (1)) SELECT * FROM a",
        "(SELECT 1) UNION (SELECT 2)",
        "SELECT 'INSERT INTO a', \"update\", replace(a, 'b', 'c') FROM deleted",
        "SELECT (replace(a, 'b', 'c')), (update), count(delete) FROM a",
        "SELECT substring(a FROM 2 FOR 3) FROM a -- FOR UPDATE",
        "SELECT a[1:n], a[ i:n], b::int, json_object('a':b) FROM c",
        "SELECT $$;$$, ';', a -> 'b' ? 'c' FROM d",
    ],
)
def test_a_statement_that_reads_has_no_problem(text: str) -> None:
    assert problems_of("q", text) == []


BEGINS = "a query begins with SELECT, WITH or VALUES, not with"
READS = "Live pages only read"
SPACE = "Write a space before the colon of a parameter, or after another colon"
NAMES = "Begin with a small letter; small letters, digits and _ may follow, at most 40"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (";", f':1: {BEGINS} ";". {READS}'),
        ("  -- x\n", ":1: there is no statement"),
        ("DELETE FROM a", f':1: {BEGINS} "DELETE". {READS}'),
        ("PRAGMA x", f':1: {BEGINS} "PRAGMA". {READS}'),
        ("SELECT 1; x", ":11: a second statement. Each query has a file of its own"),
        ("SELECT 1; ; DROP a", ":13: a second statement. Each query has a file of its own"),
        ("SELECT a INTO b FROM c", f":10: INTO writes. {READS}"),
        ("WITH a AS (INSERT INTO b VALUES (1)) SELECT 1", f":12: INSERT writes. {READS}"),
        ("WITH a AS (delete FROM b) SELECT 1", f":12: DELETE writes. {READS}"),
        ("WITH a AS (UPDATE b SET c = 1) SELECT 1", f":12: UPDATE writes. {READS}"),
        ('WITH a AS (UPDATE "b" SET c = 1) SELECT 1', f":12: UPDATE writes. {READS}"),
        ("WITH a AS (SELECT 1) DELETE FROM b", f":22: DELETE writes. {READS}"),
        ("WITH a AS (SELECT 1) MERGE INTO b USING c", f":22: MERGE writes. {READS}"),
        ("SELECT a FROM b FOR UPDATE", f":17: FOR UPDATE locks rows. {READS}"),
        ("SELECT a FROM b for no key update", f":17: FOR NO KEY UPDATE locks rows. {READS}"),
        ("SELECT a FROM b FOR KEY SHARE OF c", f":17: FOR KEY SHARE locks rows. {READS}"),
        ("SELECT 'a", ":8: a string that does not end"),
        ("SELECT E'a\\'", ":8: a string that does not end"),
        ("SELECT $a$ b", ":8: a string that does not end"),
        ('SELECT "a', ":8: a quoted name that does not end"),
        ("SELECT `a", ":8: a quoted name that does not end"),
        ("SELECT 1 /* a", ":10: a comment that does not end or contains another one"),
        ("SELECT 1 /* a /* b */ c */", ":10: a comment that does not end or contains another one"),
        ("SELECT '\0'", ":9: the character NUL"),
        ("SELECT $1", ":8: a parameter is written :name"),
        ("SELECT $name", ":8: a parameter is written :name"),
        ("SELECT :Name", f":8: :Name cannot be the name of a parameter. {NAMES}"),
        ("SELECT :_a", f":8: :_a cannot be the name of a parameter. {NAMES}"),
        ("SELECT a LIMIT:count", f":15: LIMIT:count has two meanings. {SPACE}"),
        ("SELECT json_object(a:b)", f":21: a:b has two meanings. {SPACE}"),
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_asked_is_told_with_its_place(text: str, problem: str) -> None:
    assert [str(one) for one in problems_of("q", text)] == [f"queries/q.sql:1{problem}"]


def test_a_place_has_line_and_column() -> None:
    (one,) = problems_of("users/q", "SELECT a,\n  b, :B\n")
    assert str(one.where) == "queries/users/q.sql:2:6"
