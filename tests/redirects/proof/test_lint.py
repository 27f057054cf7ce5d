"""Rules that are valid but suspicious."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.redirects.formats.raw_rule import CONDITION_FIELDS
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.proof.lint import lint_rules
from ssg.redirects.rule import RedirectRule
from tests.redirects.strategies import rules


def lines(text: str, *files: str) -> list[str]:
    """The findings, as they are printed."""
    return [str(problem) for problem in lint_rules(parse_redirects(text).rules, files)]


@pytest.mark.parametrize(
    "text",
    [
        "/a /b\n/b /c\n/a/* /d/:splat",
        "/a /de 302 Country=de\n/a /b 302",
        "/a x=:x /b/:x\n/a /b",
        "https://old.example/* /x\n/* /y 200",
        "/* /index.html 200",
        "/news/:year/:slug /n/:year-:slug.html 200",
        "/a https://a.example:8080/b",
        "/a/* /a/:splat 200!",
    ],
)
def test_rules_that_are_fine(text: str) -> None:
    assert lines(text, "index.html", "x/index.html") == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("/a /b", "/a/ /c"),
        ("/* /b 200", "/a /c"),
        ("/a/* /b 200", "/a/:x /c"),
        ("/:x /b/c", "/a /c"),
        ("/a /b 302 Country=de", "/a /c 302 Country=de"),
        ("/a /b", "/a /c 302 Country=de"),
        ("/a /b", "https://x.example/a /c"),
        ("/:x/a /b", "/:y/a /c"),
    ],
)
def test_a_rule_that_never_applies(first: str, second: str) -> None:
    (message,) = lines(f"{first}\n{second}")
    assert message.startswith("_redirects:2:1: the rule ")
    assert "never applies" in message
    assert "(_redirects:1:1) takes all its paths first" in message


def test_a_forced_rule_that_hides_files() -> None:
    assert lines("/a/* /x 200!\n/b/* /y 200\n/c 200!", "a/1.css", "a/index.html", "b/1.css") == [
        "_redirects:1:1: the forced rule `/a/* /x 200!` hides the file /a/1.css and 1 more. "
        "Remove the `!`, so that files answer first"
    ]


def test_a_forced_rule_hides_no_file_that_a_rule_before_it_shows_to_some() -> None:
    shown = "/a/* /a/:splat 200! Role=author\n"
    assert lines(f"{shown}/a/* /login/ 302!", "a/index.html") == []
    for before in ("/a/* /x 200! Role=author\n", "/a/* /a/:splat 200 Role=author\n"):
        (found,) = lines(f"{before}/a/* /login/ 302!", "a/index.html")
        assert "hides the file /a/" in found


@pytest.mark.parametrize(
    "text",
    [
        "/a /a",
        "/a /a/",
        "/a /b\n/b /a",
        "/a /b\n/b /c\n/c /b",
        "/a/* /a/:splat 302",
        "/x/:a /x/:a?b=c 302",
        *(f"/a /a 302 {name}=de" for name in CONDITION_FIELDS),
    ],
)
def test_a_loop(text: str) -> None:
    messages = lines(text)
    assert messages
    assert all("leads back to itself" in message for message in messages)


def test_a_redirect_that_never_ends() -> None:
    (message,) = lines("/a/* /a/b/:splat 302")
    assert message == "_redirects:1:1: the rule `/a/* /a/b/:splat 302` redirects and never ends"


def test_a_file_ends_a_loop() -> None:
    assert lines("/a /a/", "a/index.html") == []


def test_a_name_without_a_value() -> None:
    assert lines("/a/:year /b/:yeer 302\n/b q=:q /c?x=:q&y=:z") == [
        '_redirects:1:1: the rule `/a/:year /b/:yeer 302` has no value for ":yeer"',
        '_redirects:2:1: the rule `/b /c?x=:q&y=:z 301` has no value for ":z"',
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/go/:h https://:h.example.org/", "h"),
        ("/go/:h https://:h/", "h"),
        ("/go/:h https://:h", "h"),
        ("/go/:u https://:u@example.org/", "u"),
        ("/go/:port https://example.org:port/", "port"),
        ("/go/:port/* https://example.org:port/:splat 200", "port"),
        ("/go/* https://example.org:splat", "splat"),
        ("/go/* https://:splat", "splat"),
        ("/go/* //:splat", "splat"),
        ("/go/:a //:a/x", "a"),
        ("/go to=:to https://:to/", "to"),
        ("/go to=:to //:to", "to"),
    ],
)
def test_a_request_that_chooses_the_host(text: str, name: str) -> None:
    (message,) = lines(text)
    assert f'lets a request choose the host: ":{name}" is part of it' in message


@pytest.mark.parametrize("to", ["/:splat", "/:splat/x", "/:splat?a=b"])
def test_a_splat_that_may_begin_with_a_slash(to: str) -> None:
    (message,) = lines(f"/old/* {to}")
    assert "lets a request choose the host: //evil.example is one" in message
    assert message.endswith("Write the host of this site: https://www.example.org/:splat")


def test_a_path_with_two_slashes() -> None:
    (message,) = lines("/old //cdn.example.org/x")
    assert "leads to another host" in message


@pytest.mark.parametrize(
    "text",
    [
        "/old/* /new/:splat",
        "/old/* /:splat 200",
        "/old/:a /:a",
        "/old/:a/* /:a/:splat",
        "/old/* https://example.org/:splat",
        "/old/* https://example.org/?to=:splat",
        "/old/* https://example.org#:splat",
        "/old/:a https://example.org:8443/:a",
        "/old to=:to /x?to=:to",
    ],
)
def test_a_request_that_cannot_choose_the_host(text: str) -> None:
    assert lines(text) == []


@given(st.lists(rules(), max_size=6))
def test_any_rules_can_be_checked(some: list[RedirectRule]) -> None:
    assert all(problem.message for problem in lint_rules(some, {"a.html", "index.html"}))


def test_ten_thousand_rules() -> None:
    many = [RedirectRule(f"/old/{n}", f"/new/{n}") for n in range(10_000)]
    many += [RedirectRule(f"/folder-{n}/*", f"/new/{n}/:splat") for n in range(100)]
    started = time.perf_counter()
    assert lint_rules(many) == []
    assert time.perf_counter() - started < 10
