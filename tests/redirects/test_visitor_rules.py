"""Which paths have answers that depend on the visitor."""

from __future__ import annotations

import pytest

from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.rule import RedirectRule, RuleConditions

FOR_ALL = RedirectRule("/*", "/_ssg/functions/pages", 200)


@pytest.mark.parametrize(
    "rule",
    [
        RedirectRule("/a", "/b", query=(("id", ":id"),)),
        RedirectRule("/a", "/b", conditions=RuleConditions(languages=("fr",))),
        RedirectRule("/a", "/b", conditions=RuleConditions(countries=("fr",))),
        RedirectRule("/a", "/b", conditions=RuleConditions(roles=("editor",))),
        RedirectRule("/a", "/b", conditions=RuleConditions(cookies=("beta",))),
    ],
)
def test_a_condition_before_the_rule_for_all_counts(rule: RedirectRule) -> None:
    table = RuleTable.of((rule, FOR_ALL))
    assert table.depends_on_visitor("/a")
    assert table.depends_on_visitor("/a/")
    assert not table.depends_on_visitor("/b")
    assert not RuleTable.of((FOR_ALL, rule)).depends_on_visitor("/a")


def test_a_host_is_no_condition_of_the_visitor() -> None:
    of_host = RedirectRule("/a", "/b", origin="https://old.example")
    assert not RuleTable.of((of_host, FOR_ALL)).depends_on_visitor("/a")
    later = RedirectRule("/a", "/c", query=(("id", "1"),))
    assert RuleTable.of((of_host, later, FOR_ALL)).depends_on_visitor("/a")
    assert not RuleTable.of(()).depends_on_visitor("/a")
