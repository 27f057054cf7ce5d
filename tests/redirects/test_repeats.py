"""Equal rules: the last one counts. `test_netlify_parsers.py` compares with Netlify's parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.matching.match import RedirectTo, resolve
from ssg.redirects.matching.request import read_request
from ssg.redirects.repeats import repeated_rules, without_repeats
from ssg.redirects.rule import RedirectRule
from ssg.targets.target import HostRules

from .strategies import rules


def counted(text: str) -> list[str]:
    return [str(rule) for rule in without_repeats(parse_redirects(text).rules)]


def test_the_last_of_equal_rules_counts() -> None:
    assert counted("/a /b\n/* /c\n/a /b") == ["/* /c 301", "/a /b 301"]
    (first, wide) = without_repeats(parse_redirects("/a /b\n/* /c\n/a /b").rules)
    found = resolve((first, wide), read_request("/a", "", {}), lambda _: None)
    assert isinstance(found, RedirectTo)
    assert found.location == "/c"


@pytest.mark.parametrize(
    "text",
    [
        "/a /b\n/a /b 301",
        "/a /b 301\n/a /b 301!",
        "/a x=1 /b\n/a x=2 /b",
        "/a /b 302\n/a /b 302 Role=x",
    ],
)
def test_rules_that_differ_both_count(text: str) -> None:
    assert len(counted(text)) == len(parse_redirects(text).rules)


def test_a_rule_of_the_site_gives_way_to_an_equal_later_one() -> None:
    rule, wide = RedirectRule("/a", "/b"), RedirectRule("/*", "/c")
    assert HostRules(user=(rule,), aliases=(wide,), later=(rule,)).rules == (wide, rule)


def test_a_rule_that_does_not_count_is_told() -> None:
    parsed = parse_redirects("/a /b\n/* /c\n/a /b\n/a /b")
    assert [str(problem) for problem in repeated_rules(parsed.rules)] == [
        "_redirects:1:1: the rule `/a /b 301` counts only where it is repeated (_redirects:3:1). "
        "Remove one of the two",
        "_redirects:3:1: the rule `/a /b 301` counts only where it is repeated (_redirects:4:1). "
        "Remove one of the two",
    ]


@given(st.lists(rules(), max_size=8))
def test_all_rules_but_repeats_are_kept_in_order(some: list[RedirectRule]) -> None:
    kept = without_repeats([*some, *some])
    assert list(kept) == list(without_repeats(some))
    assert set(kept) == set(some)
    assert len(list(repeated_rules(some))) == len(some) - len(without_repeats(some))
