"""The index of rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.redirects.matching.pattern import compile_path
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.rule import RedirectRule, RuleConditions

FROM = st.sampled_from(["/", "/a", "/a/", "/a/b", "/a/*", "/:x", "/:x/b", "/*", "/a*", "/b"])
PATHS = st.sampled_from(["/", "/a", "/a/", "/a/b", "/a/b/", "/ab", "/b", "/c/b", "//", "/c"])


@given(st.lists(FROM, max_size=8), PATHS)
def test_the_index_finds_every_rule_that_matches(froms: list[str], path: str) -> None:
    rules = [RedirectRule(from_path, f"/{number}") for number, from_path in enumerate(froms)]
    expected = [rule for rule in rules if compile_path(rule.from_path).matches(path)]
    assert list(RuleTable.of(rules).for_path(path)) == expected


def test_a_table_is_read_like_its_rules() -> None:
    rules = (RedirectRule("/a", "/b"), RedirectRule("/c/*", "/d"))
    table = RuleTable.of(rules)
    assert tuple(table) == rules
    assert len(table) == 2
    assert RuleTable.of(table) is table


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (RedirectRule("/a", "/b", 301), False),
        (RedirectRule("/a", "/b", 301, query=(("id", ":id"),)), False),
        (RedirectRule("/a", "/b", 301, conditions=RuleConditions(languages=("de",))), True),
        (RedirectRule("/a", "/b", 301, conditions=RuleConditions(roles=("admin",))), True),
        (RedirectRule("/a", "/b", 301, origin="https://example.org"), True),
    ],
)
def test_a_table_knows_whether_headers_matter(rule: RedirectRule, expected: bool) -> None:
    assert RuleTable.of([rule]).has_conditions is expected
