"""Parameters of queries: found where a database would bind a value, and nowhere else."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.live.query import Query, file_of
from ssg.model.live.sql_tokens import tokens


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT 1", []),
        ("SELECT :a", ["a"]),
        ("SELECT :b, :a, :b", ["b", "a"]),
        ("SELECT * FROM t WHERE x=:x AND y>=:y", ["x", "y"]),
        ("SELECT ':a'", []),
        ("SELECT 'it''s :a', :b", ["b"]),
        (r"SELECT E'\':a', :b", ["b"]),
        (r"SELECT '\', :b", ["b"]),
        ("SELECT 'a' ':b'", []),
        ('SELECT ":a", "x"":b", :c', ["c"]),
        ("SELECT `:a`, :b", ["b"]),
        ("SELECT $$ :a $$, :b", ["b"]),
        ("SELECT $q$ :a $$ :c $q$, :b", ["b"]),
        ("SELECT a$b, c$b, :d", ["d"]),
        ("SELECT 1 -- :a\n, :b", ["b"]),
        ("SELECT 1 /* :a\n ' */, :b", ["b"]),
        ("SELECT a::text, :b::int, '1'::int", ["b"]),
        ("SELECT :b ::int", ["b"]),
        ("SELECT f(x := :a, y:=:b)", ["a", "b"]),
        ("SELECT a[1:2], a[1:n], a[i:n], a[f(i):n], a[:a]", ["a"]),
        ("SELECT json_object('a':b, 'c' : :d)", ["d"]),
        ("SELECT * FROM t LIMIT :limit OFFSET :offset", ["limit", "offset"]),
        ("SELECT x FROM t WHERE (:a)=x", ["a"]),
        ("SELECT 'unfinished :a", ["a"]),
        ("SELECT :größe", ["größe"]),
        ("SELECT ::a, : a", []),
    ],
)
def test_parameters_are_names_after_a_colon_outside_of_texts(text: str, names: list[str]) -> None:
    assert list(Query.parse("q", text).parameters) == names


def test_numbered_parameters_have_one_number_a_name() -> None:
    query = Query.parse("q", "SELECT :b, ':b', :a /* :c */ WHERE x = :b")
    assert query.numbered == "SELECT $1, ':b', $2 /* :c */ WHERE x = $1"


def test_a_query_has_a_file() -> None:
    assert file_of("users/post") == "queries/users/post.sql"


def test_tokens_say_what_and_where() -> None:
    found = list(tokens("SELECT  x.y,:a -- b\n>= 1.5e3"))
    assert [(one.kind, one.text) for one in found] == [
        ("word", "SELECT"), ("word", "x"), ("sign", "."), ("word", "y"), ("sign", ","),
        ("parameter", ":a"), ("sign", ">"), ("sign", "="), ("number", "1.5e3"),
    ]  # fmt: skip
    assert [one.text for one in found if one.is_attached] == [".", "y", ",", ":a", "="]
    assert found[0].upper == "SELECT"
    assert found[5].end == 14


_PIECES = st.sampled_from(
    [*"'\"`;[]()\\|é x1\n\0:", "''", "--", "/*", "*/", ":a", "::", "$$", "$t$", "$1", "E'"]
)


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_tokens_of_any_text_are_in_it_and_in_order(text: str) -> None:
    end = 0
    for one in tokens(text):
        assert one.start >= end
        assert text[one.start : one.end] == one.text
        end = one.end


_FRAGMENTS = st.sampled_from(
    ["'x'", "'it''s'", "':b'", '":a"', "`:b`", "1", "'x' -- :a '\n", '2 /* :a " */', ":a", ":b"]
)


@given(st.lists(_FRAGMENTS, min_size=1, max_size=12))
def test_sqlite_finds_the_same_parameters(fragments: list[str]) -> None:
    text = f"SELECT {', '.join(fragments)} FROM (SELECT 1 AS ':a', 2 AS ':b')"  # noqa: S608 no visitor
    query = Query.parse("q", text)
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(text, dict.fromkeys(query.parameters, 1))
        for name in query.parameters:
            others = dict.fromkeys({*query.parameters} - {name}, 1)
            with pytest.raises(sqlite3.ProgrammingError, match="supply a value"):
                connection.execute(text, others)
