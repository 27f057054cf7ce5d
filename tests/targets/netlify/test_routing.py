"""How requests reach a function: by paths of its own, or by redirect rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built

CONFIG = """
theme = ""
base_url = "https://example.org/"
[target]
kind = "function"
[[deferred.rules]]
match = "blog/**"
"""
POSTS = {"content/blog/a.md": "", "content/blog/b.md": "", "content/about.md": ""}
RULE = "/blog/* /.netlify/functions/ssg-pages 200"


def _built(site: Callable[..., Built], files: dict[str, str] | None = None) -> Built:
    return site({"ssg.toml": CONFIG, **POSTS, **(files or {})}, target="netlify")


def _rules(built: Built) -> list[str]:
    if "_redirects" not in built.files:
        return []
    lines = built.read("_redirects").splitlines()
    return [" ".join(line.split()) for line in lines if line and line[0] != "#"]


def test_a_function_has_paths_of_its_own_where_no_rule_is_for_them(
    site: Callable[..., Built],
) -> None:
    built = _built(site, {"static/_redirects": "/old /about/ 301\n"})
    routes = built.report.routes
    assert routes.function_paths == ("/blog/*", "/blog", "/blog/")
    assert routes.routing == "paths of its own: no redirect rule is for any of them"
    assert _rules(built) == ["/old /about/ 301"]
    assert [str(rule) for rule in routes.covering] == [RULE]
    assert built.report.builder == "/.netlify/functions/ssg-pages"


@pytest.mark.parametrize(
    ("files", "place", "before", "after"),
    [
        (
            {"static/_redirects": "/old /about/ 301\n/blog/a /about/ 301! Country=pt\n"},
            "`/blog/a /about/ 301!` (static/_redirects:2:1)",
            ["/old /about/ 301", "/blog/a /about/ 301! Country=pt"],
            [],
        ),
        (
            {"netlify.toml": '[[redirects]]\nfrom = "/bl*"\nto = "/about/"\n'},
            "`/bl* /about/ 301` (netlify.toml:1)",
            [],
            [],
        ),
        (
            {"content/about.md": "---\naliases: [/blog/me/]\n---\n"},
            "`/blog/me/ /about/ 301` (an alias)",
            ["/blog/me/ /about/ 301"],
            [],
        ),
    ],
    ids=["user", "later", "alias"],
)
def test_redirect_rules_lead_to_it_where_a_rule_has_to_come_before(
    site: Callable[..., Built],
    files: dict[str, str],
    place: str,
    before: list[str],
    after: list[str],
) -> None:
    built = _built(site, files)
    routes = built.report.routes
    assert routes.function_paths == ()
    assert routes.routing == f"redirect rules: {place} has to come before it"
    assert _rules(built) == [*before, RULE, *after]


def test_a_guard_leads_members_to_the_function(site: Callable[..., Built]) -> None:
    rules = "/blog/* /.netlify/functions/ssg-pages 200! Role=member\n/blog/* /about/ 302!\n"
    built = _built(site, {"static/_redirects": rules})
    assert _rules(built) == [*rules.splitlines(), RULE]
    (warning,) = built.report.warnings
    assert str(warning).startswith(
        "static/_redirects:1:1: the rule `/blog/* /.netlify/functions/ssg-pages 200!` guards "
        "pages of the function with a role; Netlify does not say whether its cache answers"
    )


def test_a_builder_is_always_reached_by_rules(site: Callable[..., Built]) -> None:
    config = CONFIG.replace('kind = "function"', 'kind = "builder"')
    built = _built(site, {"ssg.toml": config})
    assert (built.report.routes.routing, built.report.routes.function_paths) == ("", ())
    assert _rules(built) == ["/blog/* /.netlify/builders/ssg-pages 200"]


def test_a_site_without_deferred_pages_has_no_function(site: Callable[..., Built]) -> None:
    built = _built(site, {"ssg.toml": CONFIG.partition("[[")[0]})
    assert (built.report.builder, built.report.routes.routing) == (None, "")
