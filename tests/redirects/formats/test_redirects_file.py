"""Reading a `_redirects` file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.errors import Location
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.rule import RedirectRule, RuleConditions


def only(text: str) -> RedirectRule:
    """The only rule of a file without problems."""
    parsed = parse_redirects(text)
    assert parsed.problems == ()
    (rule,) = parsed.rules
    return rule


def problems(text: str) -> list[str]:
    """The problems of a text, as they are printed."""
    return [str(problem) for problem in parse_redirects(text).problems]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("/a /b", RedirectRule("/a", "/b")),
        ("  /a\t /b  ", RedirectRule("/a", "/b")),
        ("/a /b # why", RedirectRule("/a", "/b")),
        ("/a /b #why not", RedirectRule("/a", "/b")),
        ("/a /b#part", RedirectRule("/a", "/b#part")),
        ("/a /b 302", RedirectRule("/a", "/b", 302)),
        ("/a /b 200!", RedirectRule("/a", "/b", 200, force=True)),
        ("/a/* 200", RedirectRule("/a/*", "/a/:splat", 200)),
        ("/* 200!", RedirectRule("/*", "/:splat", 200, force=True)),
        ("/a* 204", None),
        ("/a id=:id x=1 /b/:id", RedirectRule("/a", "/b/:id", query=(("id", ":id"), ("x", "1")))),
        ("/a id= /b", RedirectRule("/a", "/b", query=(("id", ""),))),
        ("/a https://b.example/c", RedirectRule("/a", "https://b.example/c")),
        ("http://A.example/b /c", RedirectRule("/b", "/c", origin="http://a.example")),
        ("https://a.example /c", RedirectRule("/", "/c", origin="https://a.example")),
        ("/a /b 302 Sign=KEY", RedirectRule("/a", "/b", 302, signed="KEY")),
        (
            "/a /b 302 Country=us,ca Language=en Role=admin Cookie=x,y",
            RedirectRule(
                "/a",
                "/b",
                302,
                conditions=RuleConditions(("us", "ca"), ("en",), ("admin",), ("x", "y")),
            ),
        ),
        ("/a /b 302 country=us", RedirectRule("/a", "/b", 302, conditions=RuleConditions(("us",)))),
        ("/.well-known/x /y", RedirectRule("/.well-known/x", "/y")),
    ],
)
def test_a_line(line: str, rule: RedirectRule | None) -> None:
    assert parse_redirects(line).rules == ((rule,) if rule else ())


def test_comments_and_empty_lines_are_ignored() -> None:
    parsed = parse_redirects("\ufeff# a\n\n   \n  # b\r\n/a /b\r\n")
    assert parsed.rules == (RedirectRule("/a", "/b"),)
    assert parsed.problems == ()


def test_a_rule_knows_its_place() -> None:
    rules = parse_redirects("# first\n\n  /a /b\n/c /d", "static/_redirects").rules
    assert [rule.where for rule in rules] == [
        Location("static/_redirects", 3, 3),
        Location("static/_redirects", 4, 1),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "/a",
            '_redirects:1:1: "/a" has no destination. Write the destination after it: /old /new',
        ),
        (
            "/a b 302",
            '_redirects:1:4: no destination follows "/a". '
            "A destination begins with /, http:// or https://",
        ),
        (
            "a /b",
            '_redirects:1:1: "a" is not a path. Begin the path with /',
        ),
        (
            "http:// /b",
            '_redirects:1:1: "http://" is not a URL. Write it as https://example.com/path',
        ),
        ("/a http://", '_redirects:1:4: "http://" is not a URL'),
        (
            "/a /b abc",
            '_redirects:1:7: "abc" is not a status. A status follows the destination, '
            "then conditions: /from /to 302 Country=us",
        ),
        (
            "/a /b Country=us",
            '_redirects:1:7: "Country=us" is not a status. A status follows the destination, '
            "then conditions: /from /to 302 Country=us",
        ),
        (
            "/a /b 999",
            "_redirects:1:7: a rule cannot have the status 999. Use 301, 302, 303, 307 or 308 to "
            "redirect, 200 to rewrite, 404 or others to refuse",
        ),
        (
            "/a 200",
            "_redirects:1:1: the destination is missing. "
            "Write it after the path. Only rules such as `/path/* 200` need none",
        ),
        (
            "/a/* 301",
            "_redirects:1:1: the destination is missing. "
            "Write it after the path. Only rules such as `/path/* 200` need none",
        ),
        (
            "/.netlify/x /y",
            '_redirects:1:1: a rule cannot begin with "/.netlify". Netlify reserves these paths',
        ),
        (
            "/a/*/b /c",
            '_redirects:1:1: a splat "*" can only end a path. '
            "Use placeholders for other parts: /news/:year/*",
        ),
        (
            "/a?id=1 /c",
            '_redirects:1:1: "/a?id=1" contains more than a path. '
            "Write query parameters after the path: /store id=:id /blog/:id",
        ),
        ("/a id /c", '_redirects:1:4: "id" is not a query parameter. Write it as id=:id'),
        ("/a i=a=b /c", '_redirects:1:4: "i=a=b" is not a query parameter. Write it as id=:id'),
        ("/a i=1 i=2 /c", '_redirects:1:8: the query parameter "i" occurs twice'),
        (
            "/a /b 301 Contry=us",
            '_redirects:1:11: there is no condition "Contry". Did you mean "Country"?',
        ),
        (
            "/a /b 301 cookie=x",
            '_redirects:1:11: there is no condition "cookie". Did you mean "Cookie"?',
        ),
        ("/a /b 301 Role=", '_redirects:1:11: the condition "Role" has an empty value'),
        ("/a /b 301 Role=a,,b", '_redirects:1:11: the condition "Role" has an empty value'),
        ("/a /b 301 us", '_redirects:1:11: "us" is not a condition. Write it as Country=us,ca'),
    ],
)
def test_what_is_wrong_with_a_line(line: str, message: str) -> None:
    assert problems(line) == [message]
    assert parse_redirects(line).rules == ()


def test_every_problem_is_reported_and_valid_rules_are_kept() -> None:
    text = "/a\n/b /c\nd/*/e x /f 999 Nope=1\n/g /h"
    parsed = parse_redirects(text)
    assert [rule.from_path for rule in parsed.rules] == ["/b", "/g"]
    places = [str(problem.where) for problem in parsed.problems]
    assert places == ["_redirects:1:1"] + [f"_redirects:3:{n}" for n in (1, 1, 7, 12, 16)]


@given(st.text())
def test_any_text_gives_rules_or_problems(text: str) -> None:
    parsed = parse_redirects(text)
    assert all(rule.from_path.startswith("/") for rule in parsed.rules)


WORDS = st.sampled_from(
    [
        "/a",
        "/b/*",
        "/:x",
        "*",
        "id=:id",
        "x",
        "200",
        "301!",
        "http://x",
        "Country=",
        "=",
        "#",
        "/.netlify",
    ]
)


@given(st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=4).map("\n".join))
def test_each_line_gives_a_rule_or_a_problem(text: str) -> None:
    parsed = parse_redirects(text)
    told = {rule.where.line for rule in parsed.rules if rule.where}
    told |= {problem.where.line for problem in parsed.problems if problem.where}
    lines = enumerate(text.split("\n"), start=1)
    assert told == {n for n, line in lines if line.strip() and not line.strip().startswith("#")}
