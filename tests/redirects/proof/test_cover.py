"""The rules that cover deferred pages."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.redirects.formats.redirects_file import parse_redirects, write_redirects
from ssg.redirects.matching.destination import PATH_SAFE
from ssg.redirects.matching.match import FunctionCall, resolve
from ssg.redirects.matching.pattern import compile_path
from ssg.redirects.matching.request import RedirectRequest
from ssg.redirects.matching.static_files import file_finder
from ssg.redirects.proof.cover import MAX_GROUPS, MAX_ROOT_PAGES, covering_rules
from ssg.redirects.proof.prove import prove_routing
from ssg.redirects.rule import RedirectRule

BUILDER = "/.netlify/builders/pages"

SEGMENTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=5
)
NAMES = SEGMENTS.filter(lambda name: name not in {".", ".."})
PATHS = st.lists(NAMES, max_size=3).map(lambda parts: "".join(f"/{part}" for part in parts) + "/")


def forms(*paths: str) -> list[str]:
    """The paths of the rules for these pages."""
    return [rule.from_path for rule in covering_rules(paths, BUILDER)]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([], []),
        (["/docs/api/x/", "/docs/api/y/"], ["/docs/api/*"]),
        (["/docs/api/x/", "/docs/guide/"], ["/docs/*"]),
        (["/docs/", "/docs/api/"], ["/docs/*"]),
        (["/docs/ab/", "/docs/ac/"], ["/docs/*"]),
        (["/docs/api/", "/docs/api/x/"], ["/docs/api/*"]),
        (["/docs/api/x/"], ["/docs/api/x/"]),
        (["/feed.xml"], ["/feed.xml"]),
        (["/"], ["/"]),
        (["/about/", "/blog/1/", "/blog/2/", "/"], ["/", "/about/", "/blog/*"]),
        (["/日本/x/", "/日本/y/"], ["/日本/*", "/%E6%97%A5%E6%9C%AC/*"]),
        (["/日本/x/"], ["/日本/x/", "/%E6%97%A5%E6%9C%AC/x/"]),
        (["/a/b c/x/", "/a/b c/y/"], ["/a/*"]),
        (["/a/100%/"], ["/a/*"]),
        (["/a/:x/"], ["/a/*"]),
        (["/a b/"], ["/*"]),
        (["/a b/x/", "/docs/x/"], ["/*"]),
    ],
)
def test_where_the_rules_redirect_from(paths: list[str], expected: list[str]) -> None:
    assert forms(*paths) == expected


def test_many_folders_make_one_rule() -> None:
    few = [f"/folder-{n}/{page}/" for n in range(MAX_GROUPS) for page in "xy"]
    assert len(forms(*few)) == MAX_GROUPS
    assert forms(*few, "/one-more/x/", "/one-more/y/") == ["/*"]


def test_many_pages_at_the_root_make_one_rule() -> None:
    few = [f"/page-{n}/" for n in range(MAX_ROOT_PAGES)]
    assert len(forms(*few)) == MAX_ROOT_PAGES
    assert forms(*few, "/one-more/") == ["/*"]


@given(st.lists(PATHS, max_size=30, unique=True))
def test_every_deferred_page_reaches_the_builder(paths: list[str]) -> None:
    rules = covering_rules(paths, BUILDER)
    assert len(rules) <= 2 * MAX_GROUPS
    assert prove_routing(rules, rules, paths, ()) == []


@given(st.lists(PATHS, max_size=10, unique=True))
def test_requests_reach_the_builder_after_the_rules_are_written_and_read(paths: list[str]) -> None:
    from urllib.parse import quote

    rules = parse_redirects(write_redirects(covering_rules(paths, BUILDER))).rules
    for path in paths:
        encoded = quote(path, safe=PATH_SAFE)
        assert isinstance(resolve(rules, RedirectRequest(encoded), file_finder(())), FunctionCall)


@given(st.lists(PATHS, max_size=10, unique=True))
def test_both_netlify_and_its_cli_find_a_rule(paths: list[str]) -> None:
    """The CLI compares the text of rules with decoded paths; Netlify expects encoded rules."""
    from urllib.parse import quote

    froms = [rule.from_path for rule in covering_rules(paths, BUILDER)]
    as_they_stand = [compile_path(quote(path, safe="/*")) for path in froms]
    encoded = [compile_path(path) for path in froms if path.isascii()]
    for path in paths:
        assert any(pattern.matches(path) for pattern in as_they_stand)
        assert any(pattern.matches(path) for pattern in encoded)


def test_a_quarter_of_a_million_pages() -> None:
    paths = [f"/section-{n % 12}/2024/page-{n}/" for n in range(250_000)]
    started = time.perf_counter()
    own = covering_rules(paths, BUILDER)
    covered = time.perf_counter()
    user = [RedirectRule(f"/old-{n}", "/new") for n in range(100)] + [
        RedirectRule("/x/:a/*", "/y/:splat")
    ]
    assert prove_routing([*user, *own], own, paths, ()) == []
    assert len(own) == 12
    assert covered - started < 2
    assert time.perf_counter() - covered < 10  # about one second where nothing else runs
