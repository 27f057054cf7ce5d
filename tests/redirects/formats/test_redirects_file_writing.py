"""Writing a `_redirects` file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.errors import Location, TargetError
from ssg.redirects.formats.redirects_file import parse_redirects, write_redirects
from ssg.redirects.rule import RedirectRule, RuleConditions
from tests.redirects.strategies import rules


@given(st.lists(rules(), max_size=5))
def test_written_rules_are_read_the_same(written: list[RedirectRule]) -> None:
    parsed = parse_redirects(write_redirects(written))
    assert parsed.problems == ()
    assert list(parsed.rules) == written


def test_one_line_a_rule() -> None:
    rule = RedirectRule(
        "/a", "/b/:id", 302, True, (("id", ":id"),), RuleConditions(countries=("us", "ca"))
    )
    text = write_redirects([rule, RedirectRule("/c/*", "/.netlify/builders/pages", 200)])
    assert text == "/a id=:id /b/:id 302! Country=us,ca\n/c/* /.netlify/builders/pages 200\n"


@pytest.mark.parametrize(
    "rule",
    [
        RedirectRule("/a", "/b", headers=(("X-A", "b"),)),
        RedirectRule("/a b", "/b"),
        RedirectRule("/a", "/b c"),
        RedirectRule("/a", "/b", query=(("x", "a b"),)),
        RedirectRule("/a", "/b", query=(("x", "a=b"),)),
        RedirectRule("/a", "/b", conditions=RuleConditions(roles=("a,b",))),
    ],
)
def test_what_this_format_cannot_express(rule: RedirectRule) -> None:
    with pytest.raises(TargetError, match="cannot express"):
        write_redirects([rule])


def test_every_rule_that_cannot_be_written_is_named() -> None:
    odd = [RedirectRule("/a b", "/c", where=Location("netlify.toml", line)) for line in (3, 9)]
    with pytest.raises(TargetError) as error:
        write_redirects([odd[0], RedirectRule("/x", "/y"), odd[1]])
    assert [str(problem.where) for problem in error.value.problems] == [
        "netlify.toml:3",
        "netlify.toml:9",
    ]
