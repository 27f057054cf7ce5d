"""Writing a `_redirects` file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.errors import Location, TargetError
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.formats.write import write_redirects
from ssg.redirects.rule import Conditions, Rule
from tests.redirects.strategies import rules


@given(st.lists(rules(), max_size=5))
def test_written_rules_are_read_the_same(written: list[Rule]) -> None:
    parsed = parse_redirects(write_redirects(written))
    assert parsed.problems == ()
    assert list(parsed.rules) == written


def test_one_line_a_rule() -> None:
    rule = Rule("/a", "/b/:id", 302, True, (("id", ":id"),), Conditions(countries=("us", "ca")))
    text = write_redirects([rule, Rule("/c/*", "/.netlify/builders/pages", 200)])
    assert text == "/a id=:id /b/:id 302! Country=us,ca\n/c/* /.netlify/builders/pages 200\n"


@pytest.mark.parametrize(
    "rule",
    [
        Rule("/a", "/b", headers=(("X-A", "b"),)),
        Rule("/a b", "/b"),
        Rule("/a", "/b c"),
        Rule("/a", "/b", query=(("x", "a b"),)),
        Rule("/a", "/b", query=(("x", "a=b"),)),
        Rule("/a", "/b", conditions=Conditions(roles=("a,b",))),
    ],
)
def test_what_this_format_cannot_say(rule: Rule) -> None:
    with pytest.raises(TargetError, match="cannot say"):
        write_redirects([rule])


def test_every_such_rule_is_named() -> None:
    odd = [Rule("/a b", "/c", where=Location("netlify.toml", line)) for line in (3, 9)]
    with pytest.raises(TargetError) as error:
        write_redirects([odd[0], Rule("/x", "/y"), odd[1]])
    assert [str(problem.where) for problem in error.value.problems] == [
        "netlify.toml:3",
        "netlify.toml:9",
    ]
