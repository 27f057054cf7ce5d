"""Reading the `[[headers]]` of a netlify.toml."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.errors import Location
from ssg.redirects.formats.netlify_toml_headers import parse_toml_headers
from ssg.redirects.header_rule import HeaderRule, headers_for

FULL = """
[build]
publish = "public"

[[headers]]
for = "/*"
[headers.values]
X-Frame-Options = "DENY"
Cache-Control = '''
max-age=0,
must-revalidate'''

[[headers]]
for = "/fonts/:name"
values = { Link = ["</a.woff2>; rel=preload", "</b.woff2>; rel=preload"], X-Frame-Options = "X" }
"""


def problems(text: str) -> list[str]:
    """The problems of a text, as they are printed."""
    return [str(problem) for problem in parse_toml_headers(text).problems]


def test_every_form_of_a_value() -> None:
    parsed = parse_toml_headers(FULL)
    assert (parsed.problems, parsed.warnings) == ((), ())
    assert parsed.rules == (
        HeaderRule(
            "/*", (("x-frame-options", "DENY"), ("cache-control", "max-age=0, must-revalidate"))
        ),
        HeaderRule(
            "/fonts/:name",
            (
                ("link", "</a.woff2>; rel=preload, </b.woff2>; rel=preload"),
                ("x-frame-options", "X"),
            ),
        ),
    )
    assert [rule.where for rule in parsed.rules] == [
        Location("netlify.toml", 5),
        Location("netlify.toml", 13),
    ]


def test_of_two_rules_the_later_one_wins() -> None:
    found = headers_for(parse_toml_headers(FULL).rules, "/fonts/a.woff2")
    assert found["x-frame-options"] == "X"
    assert found["cache-control"] == "max-age=0, must-revalidate"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("headers = 1", "netlify.toml: `headers` is not a list of tables"),
        ("headers = [1]", "netlify.toml:1: an entry of `headers` is not a table"),
        ("[[headers]]", 'netlify.toml:1: a header rule needs "for", its path'),
        (
            '[[headers]]\nfor = "/"\nvalue = {}',
            'netlify.toml:1: a header rule has no "value". Did you mean "values"?',
        ),
        (
            '[[headers]]\nfor = "/"\nvalues = "x"',
            'netlify.toml:1: "values" of a header rule is not a table',
        ),
        (
            '[[headers]]\nfor = "/"\nvalues = { A = 1 }',
            'netlify.toml:1: the header "A" is neither a text nor a list of texts',
        ),
        (
            '[[headers]]\nfor = "/"\nvalues = { "A B" = "x" }',
            'netlify.toml:1: "A B" is not the name of a header',
        ),
    ],
)
def test_what_is_wrong(text: str, said: str) -> None:
    assert problems(text) == [said]


def test_all_problems_are_reported_at_once() -> None:
    assert len(problems("[[headers]]\nvalues = 1\n[[headers]]\nfor = 2")) == 3


def test_a_file_without_headers_has_none() -> None:
    assert parse_toml_headers("[build]\n").rules == ()
    assert problems("[") != []


@given(st.text())
def test_no_text_makes_it_fail(text: str) -> None:
    parse_toml_headers(text)
