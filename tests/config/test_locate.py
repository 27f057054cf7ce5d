"""Where a key stands in a TOML file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.config.locate import locate, syntax_problem

TEXT = """\
title = "x"  # a comment = "no key"
  indented = 1
a.b = 1
"quoted key" = 1
inline = { x = 1, y = 2 }

[feed]
limit = 1

[ spaced . table ]
key = 1

[[rules]]
match = "a"

[[rules]]
ttl = 1
[rules.below]
deep = 1

[taxonomies."a b"]
paginate_by = 1
"""


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        (("title",), "f:1:1"),
        (("indented",), "f:2:3"),
        (("a", "b"), "f:3:1"),
        (("quoted key",), "f:4:1"),
        (("inline", "y"), "f:5:1"),
        (("feed",), "f:7:1"),
        (("feed", "limit"), "f:8:1"),
        (("feed", "nope"), "f:7:1"),
        (("spaced", "table", "key"), "f:11:1"),
        (("rules", 0, "match"), "f:14:1"),
        (("rules", 1, "ttl"), "f:17:1"),
        (("rules", 1), "f:16:1"),
        (("rules", 1, "below", "deep"), "f:19:1"),
        (("taxonomies", "a b", "paginate_by"), "f:22:1"),
        (("taxonomies",), "f:21:1"),
        (("nope",), "f"),
    ],
)
def test_a_key_has_a_place(keys: tuple[str | int, ...], place: str) -> None:
    assert str(locate(TEXT, "f", keys)) == place


def test_a_line_ends_where_toml_ends_it() -> None:
    assert str(locate('a = "\u2028\x85"\nb = 1\n', "f", ("b",))) == "f:2:1"
    assert str(locate("a = 1\r\nb = 1\r\n", "f", ("b",))) == "f:2:1"


@given(st.text(), st.lists(st.text() | st.integers(0, 3), max_size=3))
def test_any_text_can_be_searched(text: str, keys: list[str | int]) -> None:
    assert locate(text, "f", keys).path == "f"


def test_a_syntax_error_says_where() -> None:
    problem = syntax_problem(ValueError("Bad thing (at line 3, column 7)"), "f", lines_above=1)
    assert str(problem) == "f:4:7: TOML: Bad thing"
    assert str(syntax_problem(ValueError("Bad (at end of document)"), "f")) == (
        "f: TOML: Bad (at end of document)"
    )
