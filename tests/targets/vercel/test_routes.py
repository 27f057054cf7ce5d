"""Rules, headers and pages of a site as routes, and what they cannot do."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.header_rule import HeaderRule, headers_for
from ssg.redirects.proof.cover import covering_rules
from ssg.targets.target import HostRules
from ssg.targets.vercel.capabilities import MAX_CHARACTERS, MAX_ROUTES
from ssg.targets.vercel.routes.all_routes import all_routes
from ssg.targets.vercel.routes.header_routes import header_routes
from ssg.targets.vercel.routes.lifetimes import Lifetime, Lifetimes
from ssg.targets.vercel.routes.unsupported import doubtful_rules, wrong_headers, wrong_rules
from tests.conftest import BARE, Built
from tests.targets.vercel.route_interpreter import Asked, Deploy

ADDRESS = "/_ssg/functions/ssg-pages"
FOREVER, MINUTE, HOUR = Lifetime(None), Lifetime(60, 5), Lifetime(3600)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("/a /b 200! Role=admin", "it knows no roles of visitors"),
        ("/a https://b.example/ 200 Sign=KEY", "it does not sign requests"),
        ("/a /.netlify/functions/x 200", "there is no such function"),
        ("/a /b 300", "status 300 is not one of a redirect"),
        ("/a https://b.example/ 404", "another server sends its own status"),
        ("/a/* /b/:splatter 301", "a letter or a digit follows a placeholder"),
        ("/a id=:id /b/:ids 301", "a letter or a digit follows a placeholder"),
        ("/a my_id=:my_id /b/:my_id 301", '":my_id" has other characters than letters'),
        ("/b /c 301 Country=pt\n/b /d 301!", "`/b /c 301` comes first, for some requests only"),
    ],
)
def test_a_rule_that_vercel_cannot_follow_is_an_error_with_its_place(
    line: str, message: str
) -> None:
    rules = parse_redirects(line, "static/_redirects").rules
    (problem,) = wrong_rules(rules)
    assert str(problem).startswith(f"static/_redirects:{len(rules)}:1: Vercel cannot follow `")
    assert message in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    ("line", "is_doubtful"),
    [
        ("/a/:id /b?id=:id 301", True),
        ("/a id=:id /b/:id 301", True),
        ("/a id=:id /b 301", False),
        ("/a/* /b/:splat 301", False),
        ("/a /b?x=1 301", False),
    ],
)
def test_values_that_may_be_encoded_in_another_way_are_a_warning(
    line: str, is_doubtful: bool
) -> None:
    assert len(list(doubtful_rules(parse_redirects(line).rules))) == is_doubtful


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("/a\n  Basic-Auth: a:b\n", "anyone could read /a"),
        ("/a\n  X-Price: $5\n", 'would replace "$" in the value of "X-Price"'),
    ],
)
def test_headers_with_another_effect_are_errors(text: str, message: str) -> None:
    (problem,) = wrong_headers(parse_headers(text).rules)
    assert message in problem.message


def test_a_build_tells_errors_and_warnings(problems: Callable[..., list[str]]) -> None:
    rules = {"static/_redirects": "/a /b 200! Role=admin\n", "static/_headers": "/a\n  X: $5\n"}
    found = problems(rules, target="vercel")
    assert [line.partition(": ")[0] for line in found] == [
        "static/_headers:1:1",
        "static/_redirects:1:1",
    ]


def test_a_build_writes_the_configuration_beside_the_publish_folder(
    site: Callable[..., Built],
) -> None:
    config = BARE["ssg.toml"] + '[[deferred.rules]]\nmatch = "**"\nttl = 60\n'
    files = {"ssg.toml": config, "content/a.md": "", "static/_redirects": "/x /a/ 302\n"}
    built = site({**BARE, **files}, target="vercel", output_dir=".vercel/output")
    assert built.report.output == built.root / ".vercel/output/static"
    written = json.loads((built.root / ".vercel/output/config.json").read_text())
    assert written["version"] == 3
    deploy = Deploy.of(written["routes"], built.files, {f"{ADDRESS}/60"})
    assert deploy.ask(Asked("/x")).answer == ("redirect", "/a/", "302")
    assert deploy.ask(Asked("/a/")).answer[:2] == ("function", f"{ADDRESS}/60?ssgpath=/a/")
    assert deploy.ask(Asked("/_redirects")).answer == ("file", "404.html", "404")
    assert built.report.builder == ADDRESS


def deploy_of(pages: Sequence[tuple[str, Lifetime]]) -> tuple[Deploy, list[dict[str, Any]]]:
    covering = covering_rules([path for path, _ in pages], ADDRESS)
    routes = all_routes(HostRules(covering=covering), (), ADDRESS, Lifetimes(pages)).to_json()
    functions = {ADDRESS, *(f"{ADDRESS}/{lifetime.name}" for _, lifetime in pages)}
    return Deploy.of(routes, (), functions), routes


def lifetime_of(deploy: Deploy, path: str) -> str:
    _, destination, _ = deploy.ask(Asked(path)).answer
    return destination.removeprefix(f"{ADDRESS}/").partition("?")[0]


def test_each_page_reaches_the_function_of_its_lifetime() -> None:
    pages = [
        *((f"/blog/{number}/", HOUR) for number in range(50)),
        ("/blog/", FOREVER),
        ("/blog/7/new/", MINUTE),
        ("/blog/news/a/", MINUTE),
        ("/blog/news/b/", MINUTE),
        ("/blog/news/c/", FOREVER),
        ("/data.xml", FOREVER),
    ]
    deploy, routes = deploy_of(sorted(pages))
    assert {path: lifetime_of(deploy, path) for path, _ in pages} == {
        path: lifetime.name for path, lifetime in pages
    }
    assert len([route for route in routes if "ssgpath" in route.get("dest", "")]) <= 8


LIFETIMES = st.sampled_from([FOREVER, MINUTE, HOUR])
SEGMENTS = st.lists(st.sampled_from("abc"), min_size=1, max_size=4)


@given(st.dictionaries(SEGMENTS.map(lambda parts: f"/{'/'.join(parts)}/"), LIFETIMES, min_size=1))
def test_so_does_each_page_of_any_site(pages: dict[str, Lifetime]) -> None:
    deploy, _ = deploy_of(sorted(pages.items()))
    for path, lifetime in pages.items():
        assert lifetime_of(deploy, path) == lifetime.name


def test_many_pages_share_few_routes() -> None:
    pages = [(f"/blog/{number}/", HOUR if number % 2 else MINUTE) for number in range(20_000)]
    _, routes = deploy_of(sorted(pages))
    assert len(routes) < 60
    assert max(len(route.get("src", "")) for route in routes) <= MAX_CHARACTERS


def test_more_routes_than_vercel_takes_are_an_error_with_their_number() -> None:
    rules = parse_redirects("".join(f"/{n}/:a /b 301\n" for n in range(MAX_ROUTES))).rules
    routes = all_routes(HostRules(user=rules), (), ADDRESS)
    (problem,) = routes.problems()
    assert problem.message == "the site needs 2,051 routes, but Vercel takes 2,048"


PATTERNS = st.sampled_from(["/*", "/a/*", "/a/:x", "/A/b", "/a*", "/:x/*", "/ä/*", "/", "/f.txt"])
HEADERS = st.lists(
    st.builds(
        HeaderRule,
        PATTERNS,
        st.lists(
            st.tuples(st.sampled_from(["x-one", "x-two"]), st.sampled_from(["1", "2"])),
            min_size=1,
            max_size=2,
            unique_by=lambda pair: pair[0],
        ).map(tuple),
    ),
    max_size=5,
)


@given(
    HEADERS, st.sampled_from(["/", "/a/", "/a/b", "/a/b/c", "/%C3%A4/x", "/f.txt", "/abc", "/x"])
)
def test_each_path_gets_the_headers_of_the_preview(rules: list[HeaderRule], path: str) -> None:
    from urllib.parse import unquote

    routes = [route.to_json() for route in header_routes(rules)]
    found = Deploy.of(routes, ()).ask(Asked(path)).headers
    assert {name.lower(): value for name, value in found.items()} == headers_for(
        rules, unquote(path)
    )
