"""The proof finds every way in which a rule can keep a page from its visitors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.redirects.formats.netlify_toml import parse_netlify_toml
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.matching.match import FunctionCall, resolve
from ssg.redirects.matching.request import RedirectRequest
from ssg.redirects.matching.static_files import file_finder
from ssg.redirects.proof.cover import covering_rules
from ssg.redirects.proof.prove import prove_routing, rules_hidden_by
from ssg.redirects.rule import RedirectRule

BUILDER = "/.netlify/builders/pages"
DEFERRED = ["/docs/a/", "/docs/b/", "/docs/c/d/"]
OWN = covering_rules(DEFERRED, BUILDER)


def proof(user: str, files: tuple[str, ...] = ()) -> list[str]:
    """The problems of these rules of a user."""
    rules = parse_redirects(user, "static/_redirects").rules
    return [str(problem) for problem in prove_routing([*rules, *OWN], OWN, DEFERRED, files)]


@pytest.mark.parametrize(
    "user",
    [
        "",
        "/old/* /docs/:splat",
        "/docs/x /y",
        "/docs/* /de/:splat 302 Country=de",
        "/docs/* v=:v /v/:v 302",
        "https://other.example/* https://new.example/:splat",
        f"/docs/a {BUILDER} 200",
        f"/* {BUILDER} 200",
        f"/docs/* {BUILDER} 200! Role=reader\n/docs/* /login 302!",
    ],
)
def test_rules_that_leave_deferred_pages_alone(user: str) -> None:
    assert proof(user, ("docs/index.html", "index.html")) == []


def test_a_rule_that_takes_pages_is_named_once() -> None:
    assert proof("# mine\n/docs/* /index.html 200") == [
        "static/_redirects:2:1: the rule `/docs/* /index.html 200` takes the deferred page "
        "/docs/a/ (and 2 more) from the function. "
        "Make the rule narrower, or render these pages in the build: deferred = false"
    ]


def test_each_rule_that_takes_pages_is_named() -> None:
    messages = proof("/docs/a /x\n/docs/:any /y 302\n/:all/* /z 200")
    assert [message.split(": ")[0] for message in messages] == [
        "static/_redirects:1:1",
        "static/_redirects:2:1",
        "static/_redirects:3:1",
    ]


def test_another_builder_is_not_ours() -> None:
    assert len(proof("/docs/a /.netlify/builders/other 200")) == 1


def test_visitors_without_the_role_would_get_a_guarded_page() -> None:
    (message,) = proof("/docs/* 200! Role=reader")
    assert "guards the deferred page /docs/a/ (and 2 more) with a role" in message
    assert message.startswith("static/_redirects:1:1: ")


def test_a_guard_that_sends_its_visitors_elsewhere_takes_the_page() -> None:
    (message,) = proof("/docs/* 200! Role=reader\n/docs/* /login 302!")
    assert "`/docs/* /login 302!` takes the deferred page" in message


def test_a_file_in_place_of_a_deferred_page() -> None:
    assert proof("", ("docs/a/index.html", "docs/b.html", "docs/e/index.html")) == [
        "a file in the publish folder answers in place of the deferred page /docs/a/ (and 1 more). "
        "Remove the file, or move the page"
    ]


def test_a_page_that_no_rule_sends_to_the_builder() -> None:
    own = (RedirectRule("/docs/*", BUILDER, 200),)
    (problem,) = prove_routing(own, own, ["/docs/a/", "/blog/b/"], ())
    assert str(problem) == "no rule sends the deferred page /blog/b/ to the function"


@pytest.mark.parametrize(
    "name", ["docs/index.html", "docs/x/index.html", "docs/y.html", "docs/z.css"]
)
def test_a_forced_rule_of_ours_would_hide_files(name: str) -> None:
    own = (RedirectRule("/docs/*", BUILDER, 200, force=True),)
    (problem,) = prove_routing(own, own, [], {name, "other.html"})
    assert str(problem).startswith(f"the rule `/docs/* {BUILDER} 200!` hides the built file /docs/")


PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map(
    lambda parts: "".join(f"/{part}" for part in parts) + "/"
)
HIJACKS = st.sampled_from(["/a", "/a/*", "/:x/b", "/*", "/c/:y/*", "/b/c/", "/a*"])


@given(st.lists(PATHS, min_size=1, max_size=8, unique=True), st.lists(HIJACKS, max_size=3))
def test_the_proof_says_what_visitors_see(paths: list[str], planted: list[str]) -> None:
    own = covering_rules(paths, BUILDER)
    rules = [*(RedirectRule(path, "/elsewhere") for path in planted), *own]
    seen = [resolve(rules, RedirectRequest(path), file_finder(())) for path in paths]
    lost = {outcome.rule for outcome in seen if not isinstance(outcome, FunctionCall)}
    named = prove_routing(rules, own, paths, ())
    assert len(named) == len(lost)
    assert bool(named) == bool(lost)


def test_rules_of_netlify_toml_that_never_apply() -> None:
    text = """
[[redirects]]
from = "/docs/old"
to = "/docs/new"

[[redirects]]
from = "/other/*"
to = "/docs/:splat"

[[redirects]]
from = "/*"
to = "/index.html"
status = 200

[[redirects]]
from = "/*"
to = "https://new.example/:splat"
status = 301
force = true

[[redirects]]
from = "/*"
to = "/:splat"
status = 200
conditions = { Role = ["reader"] }
"""
    later = parse_netlify_toml(text).rules
    assert [str(problem) for problem in rules_hidden_by(OWN, later)] == [
        f"netlify.toml:{line}: the rule `{rule}` never applies: `/docs/* {BUILDER} 200` in "
        "_redirects is read before it. Move it to static/_redirects"
        for line, rule in [
            (2, "/docs/old /docs/new 301"),
            (15, "/* https://new.example/:splat 301!"),
            (21, "/* /:splat 200"),
        ]
    ]
