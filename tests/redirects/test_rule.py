"""The properties of a redirect rule."""

from __future__ import annotations

import pytest

from ssg.model.errors import Location
from ssg.redirects.rule import RedirectRule, RuleConditions, page_path


@pytest.mark.parametrize(
    ("rule", "address"),
    [
        (RedirectRule("/a", "/.netlify/builders/pages", 200), "/.netlify/builders/pages"),
        (RedirectRule("/a", "/.netlify/builders/pages/:splat", 404), "/.netlify/builders/pages"),
        (RedirectRule("/a", "/.netlify/builders/pages", 301), None),
        (RedirectRule("/a", "/.netlify/builders/", 200), None),
        (RedirectRule("/a", "/.netlify/functions/pages", 200), "/.netlify/functions/pages"),
        (RedirectRule("/a", "https://x.example/.netlify/builders/pages", 200), None),
    ],
)
def test_the_function_that_answers(rule: RedirectRule, address: str | None) -> None:
    assert rule.function == address


def test_rules_in_different_places_are_equal() -> None:
    here, there = (RedirectRule("/a", "/b", where=Location("_redirects", line)) for line in (1, 2))
    assert here == there
    assert hash(here) == hash(there)


def test_a_rule_without_conditions_is_unconditional() -> None:
    assert RedirectRule("/a", "/b").is_unconditional
    assert not RedirectRule("/a", "/b", query=(("x", "1"),)).is_unconditional
    assert not RedirectRule("/a", "/b", conditions=RuleConditions(cookies=("x",))).is_unconditional
    assert not RedirectRule("/a", "/b", origin="https://x.example").is_unconditional


def test_a_rule_as_messages_quote_it() -> None:
    assert str(RedirectRule("/a/*", "/b", 200, force=True, origin="https://x.example")) == (
        "https://x.example/a/* /b 200!"
    )


@pytest.mark.parametrize(
    ("requested", "expected"),
    [
        ("/blog/a/", "/blog/a/"),
        ("/.netlify/builders/pages", "/"),
        ("/.netlify/builders/pages/", "/"),
        ("/.netlify/builders/pages/blog/%C3%A4/", "/blog/%C3%A4/"),
        ("/.netlify/builders/pagesx/blog/", "/.netlify/builders/pagesx/blog/"),
        ("/.netlify/builders/other/blog/", "/.netlify/builders/other/blog/"),
    ],
)
def test_the_page_of_a_function(requested: str, expected: str) -> None:
    assert page_path(requested, "/.netlify/builders/pages") == expected
