"""Checks of routes at the build: queries and their parameters, schemas, templates."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.model.errors import ContentError
from tests.build.live.live_site import build_live
from tests.conftest import BARE

CONFIG = """
theme = ""
[sources.db]
kind = "sql"
url = "sqlite:///blog.db"
[collections.posts.fields.title]
type = "text"
[[routes]]
path = "/{user}/"
template = "page.html"
data.post = { source = "db", query = "post", schema = "posts" }
"""
PATHS = 'paths = { source = "db", query = "popular", params = { user = "user" } }\n'


def _problems(root: Path, config: str, queries: dict[str, str]) -> list[str]:
    files = {f"queries/{name}.sql": text for name, text in queries.items()}
    with pytest.raises(ContentError) as caught:
        build_live(root, {**BARE, **files, "ssg.toml": config}, target="server")
    return [str(problem) for problem in caught.value.problems]


def test_a_query_that_does_not_exist(tmp_path: Path) -> None:
    assert _problems(tmp_path, CONFIG, {}) == [
        'ssg.toml:11:1: there is no query "post". Write the file queries/post.sql'
    ]
    assert _problems(tmp_path, CONFIG, {"posts": "SELECT 1"}) == [
        'ssg.toml:11:1: there is no query "post". Did you mean "posts"?'
    ]


def test_a_parameter_that_nothing_gives(tmp_path: Path) -> None:
    query = "SELECT * FROM post WHERE name = :usr AND part = :number AND day = :zzzz AND :draft"
    assert _problems(tmp_path, CONFIG, {"post": query}) == [
        'ssg.toml:11:1: nothing gives the parameter ":usr" of queries/post.sql. Did you mean '
        '"user"?',
        'ssg.toml:11:1: nothing gives the parameter ":zzzz" of queries/post.sql. There are '
        "cursor, draft, language, limit, number, offset, user",
    ]


def test_a_query_for_paths_knows_no_placeholder(tmp_path: Path) -> None:
    queries = {"post": "SELECT :user", "popular": "SELECT :author, :language"}
    assert _problems(tmp_path, CONFIG + PATHS, queries) == [
        'ssg.toml:12:1: nothing gives the parameter ":author" of queries/popular.sql. There are '
        "cursor, draft, language, number"
    ]


def test_a_schema_is_a_collection_or_a_file(tmp_path: Path) -> None:
    config = CONFIG.replace('schema = "posts"', 'schema = "post"')
    assert _problems(tmp_path, config, {"post": "SELECT 1"}) == [
        'ssg.toml:11:1: there is no collection "post". Did you mean "posts"?'
    ]
    config = CONFIG.replace('schema = "posts"', 'schema = "schemas/post.json"')
    assert _problems(tmp_path, config, {"post": "SELECT 1"}) == [
        'ssg.toml:11:1: there is no file "schemas/post.json"'
    ]


def test_a_table_of_several_languages_is_checked_once(tmp_path: Path) -> None:
    languages = 'languages = ["en", "fr"]\n[languages.en]\n[languages.fr]\n'
    config = CONFIG.replace("page.html", "pag.html") + languages
    assert _problems(tmp_path, config, {"post": "SELECT 1"}) == [
        'ssg.toml:10:1: template "pag.html" not found. Did you mean "page.html"?'
    ]
