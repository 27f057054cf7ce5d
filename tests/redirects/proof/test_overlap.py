"""Rules for paths that a function takes itself."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.errors import Location
from ssg.redirects.matching.pattern import compile_path
from ssg.redirects.proof.cover import covering_rules
from ssg.redirects.proof.overlap import overlapping
from ssg.redirects.rule import RedirectRule, RuleConditions
from tests.growth import LINEAR, growth

FUNCTION = "/.netlify/functions/pages"
WORDS = ("a", "ab", "b")
PATHS = [
    "/" + "/".join(parts) for count in range(5) for parts in product((*WORDS, ""), repeat=count)
]
"""Every path that tells two of the patterns below apart: they have four folders at most."""

RULE_PATHS = st.tuples(
    st.lists(st.sampled_from([*WORDS, "A", "%61", "a%2Fb", ":x"]), max_size=3),
    st.sampled_from(["", "/", "/*", "/a*", "/B*"]),
).map(lambda parts: "".join(f"/{one}" for one in parts[0]) + parts[1] or "/")
RULE_PATHS = RULE_PATHS.filter(lambda path: path.replace("%2F", "/").count("/") <= 4)
DEFERRED = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=3).map(lambda parts: "/".join(["", *parts, ""])),
    min_size=1,
    max_size=3,
)


@given(st.lists(RULE_PATHS, max_size=3), DEFERRED)
def test_a_rule_is_found_exactly_if_some_path_is_for_both(
    rule_paths: list[str], deferred: list[str]
) -> None:
    rules = [RedirectRule(path, "/x") for path in rule_paths]
    covering = covering_rules(deferred, FUNCTION)
    covered = [
        path
        for path in PATHS
        if any(compile_path(rule.from_path).matches(path) for rule in covering)
    ]
    expected = [rule for rule in rules if any(map(_matches(rule), covered))]
    assert list(overlapping(rules, covering)) == expected


def _matches(rule: RedirectRule) -> Callable[[str], bool]:
    """Whether a path is the rule's, without regard to case."""
    return compile_path(rule.from_path.replace("A", "a").replace("B", "b")).matches


@pytest.mark.parametrize(
    ("from_path", "overlaps"),
    [
        ("/blog/*", True),
        ("/blog/old/", True),
        ("/blog", True),
        ("/blog/", True),
        ("/bl*", True),
        ("/blog*", True),
        ("/:x/y", True),
        ("/*", True),
        ("/BLOG/x", True),
        ("/%62log/x", True),
        ("/blog%2Fx", True),
        ("/blogs/*", False),
        ("/blogs", False),
        ("/blogx*", False),
        ("/:x", True),
        ("/docs/:x", False),
        ("/", False),
    ],
)
def test_rules_beside_the_blog(from_path: str, overlaps: bool) -> None:
    covering = covering_rules(["/blog/a/", "/blog/b/"], FUNCTION)
    rule = RedirectRule(from_path, "/x", where=Location("static/_redirects", 1))
    assert list(overlapping([rule], covering)) == [rule] * overlaps


def test_conditions_do_not_count() -> None:
    covering = covering_rules(["/members/a/"], FUNCTION)
    guard = RedirectRule("/members/*", "/login", conditions=RuleConditions(roles=("member",)))
    host = RedirectRule("/*", "https://b.example/:splat", origin="https://a.example", force=True)
    assert list(overlapping([guard, host], covering)) == [guard, host]


def test_many_rules_for_single_paths_are_compared_with_few_patterns() -> None:
    covering = covering_rules([f"/blog{number}/a/" for number in range(20)], FUNCTION)

    def search(count: int) -> Callable[[], object]:
        rules = [RedirectRule(f"/old/{number}", "/x") for number in range(count)]
        return lambda: list(overlapping(rules, covering))

    assert growth(search, 500) < LINEAR
