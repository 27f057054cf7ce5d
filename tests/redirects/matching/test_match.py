"""What answers a request: the cases of tests/cases/redirects, and what is true for all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.redirects.formats.raw_rule import CONDITION_FIELDS
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.matching.match import (
    FunctionCall,
    NotFound,
    ProxyCall,
    RedirectTo,
    ServedFile,
    match_query,
    resolve,
)
from ssg.redirects.matching.request import RedirectRequest, read_request
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.matching.static_files import candidate_files, file_finder
from ssg.redirects.rule import RedirectRule
from tests.redirects.cases import Case, CaseSet, in_words, read_sets

SETS = read_sets()
CASES = [(one, case) for one in SETS for case in one.cases]
BUILDER = "/.netlify/builders/pages"


@pytest.mark.parametrize(("one", "case"), CASES, ids=[case.name for _, case in CASES])
def test_case(one: CaseSet, case: Case) -> None:
    assert in_words(resolve(one.rules, case.request, file_finder(one.files))) == case.expected


@pytest.mark.parametrize("one", SETS, ids=[one.name for one in SETS])
def test_a_table_answers_as_the_rules_do_one_by_one(one: CaseSet) -> None:
    table = RuleTable.of(one.rules)
    for case in one.cases:
        find_file = file_finder(one.files)
        assert resolve(table, case.request, find_file) == resolve(
            one.rules, case.request, find_file
        )


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


def test_outcomes_name_their_rule() -> None:
    rules = parse_redirects(
        f"/a /b\n/c /d.html 200\n/e/* {BUILDER} 200\n/f https://f.example 200\n/g /h 200 Role=x"
    ).rules
    find_file = file_finder({"d.html"})
    outcomes = [
        resolve(rules, RedirectRequest(path), find_file) for path in ("/a", "/c", "/e/", "/f", "/g")
    ]
    assert outcomes == [
        RedirectTo("/b", 301, rules[0]),
        ServedFile("d.html", 200, rules[1]),
        FunctionCall("/.netlify/builders/pages", "/e/", rules[2]),
        ProxyCall("https://f.example", 200, rules[3]),
        NotFound(rules[4]),
    ]


@pytest.mark.parametrize("name", CONDITION_FIELDS)
def test_a_rule_with_a_condition_does_not_match_every_request(name: str) -> None:
    rules = parse_redirects(f"/a /b 302 {name}=us").rules
    assert resolve(rules, RedirectRequest("/a"), file_finder({})) in (
        NotFound(),
        NotFound(rules[0]),
    )


def test_a_builder_gets_the_requested_path() -> None:
    rules = (RedirectRule("/docs/:page", BUILDER + "/:page", 200),)
    outcome = resolve(rules, RedirectRequest("/docs/caf%C3%A9/"), file_finder(()))
    assert outcome == FunctionCall("/.netlify/builders/pages", "/docs/caf%C3%A9/", rules[0])


@pytest.mark.parametrize(
    "path", ["/..", "/../secret", "/a/../b", "/a/./b", "/a\0b", "/a\\..\\b", "/x/.."]
)
def test_no_file_outside_of_the_publish_folder_is_asked_for(path: str) -> None:
    assert candidate_files(path) == ()


@pytest.mark.parametrize("splat", ["/evil.example", "//evil.example", "%2Fevil.example"])
def test_a_requested_path_cannot_become_a_host(splat: str) -> None:
    outcome = resolve(
        [RedirectRule("/x/*", "/:splat")], RedirectRequest(f"/x/{splat}"), file_finder(())
    )
    assert isinstance(outcome, RedirectTo)
    assert outcome.location == "/evil.example"


def test_a_requested_path_cannot_break_a_header() -> None:
    request = RedirectRequest("/x/a%0D%0ASet-Cookie:%20b")
    outcome = resolve([RedirectRule("/x/*", "/y/:splat")], request, file_finder(()))
    assert isinstance(outcome, RedirectTo)
    assert outcome.location == "/y/a%0D%0ASet-Cookie:%20b"


def test_placeholders_in_values_are_not_replaced() -> None:
    outcome = resolve(
        [RedirectRule("/:a/:b", "/y/:a/:b")], RedirectRequest("/:b/2"), file_finder(())
    )
    assert isinstance(outcome, RedirectTo)
    assert outcome.location == "/y/:b/2"


@given(st.text(max_size=40), st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5))))
def test_any_request_has_an_answer(path: str, query: list[tuple[str, str]]) -> None:
    rules = [rule for one in SETS for rule in one.rules]
    encodable = path.encode("utf-8", "replace").decode()
    pairs = tuple((k.encode("utf-8", "replace").decode(), v) for k, v in query)
    outcome = resolve(rules, RedirectRequest("/" + encodable, pairs), file_finder({"404.html"}))
    assert isinstance(outcome, ServedFile | RedirectTo | FunctionCall | ProxyCall)


def test_a_placeholder_of_two_parameters_gets_the_first_by_name() -> None:
    rule = RedirectRule("/s", "/t/:x", query=(("b", ":x"), ("a", ":x")))
    assert match_query(rule, (("b", "2"), ("a", "1"))) == {"x": "1"}


def test_a_placeholder_of_the_path_and_a_parameter_gets_the_path() -> None:
    rule = RedirectRule("/c/:x", "/d/:x", query=(("q", ":x"),))
    found = resolve((rule,), read_request("/c/1", "q=2", {}), lambda _: None)
    assert isinstance(found, RedirectTo)
    assert found.location.startswith("/d/1")
