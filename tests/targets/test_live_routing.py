"""Requests for live pages reach the function of each host, after files, pages and rules."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.live.route import Route
from ssg.model.live.route_pattern import RoutePattern, fill, is_value
from ssg.redirects.matching.match import FunctionCall, Resolution, ServedFile, resolve
from ssg.redirects.matching.pattern import compile_path
from ssg.redirects.matching.request import RedirectRequest
from ssg.redirects.matching.static_files import file_finder
from ssg.targets.netlify.function_paths import function_paths
from ssg.targets.routing.live_rules import live_rules, rule_path
from ssg.targets.vercel.routes.lifetimes import Lifetime, live_lifetimes
from tests.conftest import BARE, Built
from tests.targets.vercel.route_interpreter import Asked, Deploy

ROUTES = """
[sources.api]
url = "https://api.example.org"
[[routes]]
path = "/{user}/{slug}/"
template = "page.html"
except = { user = ["tags", "fr"] }
data.post = { source = "api", path = "/posts/{user}/{slug}" }
page = { title = "post.title" }
ttl = 3600
[[routes]]
path = "/tags/{tag}/"
template = "page.html"
data.tagged = { source = "api", path = "/tags/{tag}" }
ttl = 60
languages = ["en", "fr"]
"""
LANGUAGES = "[languages.en]\n[languages.fr]\n"
SITE = {
    "ssg.toml": BARE["ssg.toml"] + 'default_language = "en"\n' + LANGUAGES + ROUTES,
    "content/a/one.md": "",
    "content/a/two.md": "---\ndeferred: true\nttl: 120\n---\n",
}
ADDRESSES = {
    "netlify": "/.netlify/builders/ssg-pages",
    "server": "/_ssg/functions/ssg-pages",
    "lambda": "/_ssg/functions/ssg-pages",
    "vercel": "/_ssg/functions/ssg-pages",
}


def _asked(built: Built, path: str) -> Resolution:
    find_file = file_finder(built.files)
    return resolve(built.report.routes.rules, RedirectRequest(path), find_file)


@pytest.mark.parametrize("target", ADDRESSES)
def test_files_come_first_then_the_function_then_error_pages(
    site: Callable[..., Built], target: str
) -> None:
    built = site(SITE, target=target)
    address = ADDRESSES[target]
    assert built.report.builder == address
    assert _asked(built, "/a/one/") == ServedFile("a/one/index.html")
    for path in ("/a/two/", "/ana/hello/", "/ana/hello", "/tags/x/", "/fr/tags/x/", "/fr/x/"):
        found = _asked(built, path)
        assert isinstance(found, FunctionCall) and found.address == address, path
    for path, page in {"/fr/x/y/z/": "fr/404.html", "/a/b/c/d/": "404.html"}.items():
        missing = _asked(built, path)
        assert isinstance(missing, ServedFile)
        assert (missing.path, missing.status) == (page, 404)


@pytest.mark.parametrize("target", ADDRESSES)
def test_a_site_with_routes_alone_has_a_function(site: Callable[..., Built], target: str) -> None:
    built = site(
        {"ssg.toml": BARE["ssg.toml"] + ROUTES.replace('["en", "fr"]', '["en"]')}, target=target
    )
    assert built.report.builder == ADDRESSES[target]
    assert built.report.deferred == 0
    assert [str(rule) for rule in built.report.routes.live] == [
        f"/:user/:slug {ADDRESSES[target]} 200"
    ]


def test_a_function_of_netlify_has_the_paths_of_routes(site: Callable[..., Built]) -> None:
    kind = '[target]\nname = "netlify"\nkind = "function"\n'
    files = {**SITE, "ssg.toml": SITE["ssg.toml"] + kind}
    built = site(files, target="netlify")
    assert built.report.routes.function_paths == (
        *("/a/two", "/a/two/", "/:user/:slug", "/:user/:slug/"),
        *("/fr/tags/:tag", "/fr/tags/:tag/"),
    )
    assert "/fr/* /fr/404.html 404" in " ".join(built.read("_redirects").split())
    ruled = site({"static/_redirects": "/old/page /a/one/ 301\n"}, target="netlify")
    assert ruled.report.routes.function_paths == ()
    assert "`/old/page /a/one/ 301`" in ruled.report.routes.routing
    lines = [" ".join(line.split()) for line in ruled.read("_redirects").splitlines()]
    assert "/:user/:slug /.netlify/functions/ssg-pages 200" in lines


def test_vercel_gives_each_page_the_lifetime_of_its_route(site: Callable[..., Built]) -> None:
    built = site(SITE, target="vercel", output_dir=".vercel/output")
    routes = json.loads((built.root / ".vercel/output/config.json").read_text())["routes"]
    address = ADDRESSES["vercel"]
    deploy = Deploy.of(routes, built.files, {address, *(f"{address}/{n}" for n in (60, 120, 3600))})
    asked = {
        path: deploy.ask(Asked(path)).answer[1].removeprefix(address)
        for path in ("/ana/hello/", "/tags/x", "/fr/tags/x/", "/a/two/", "/ana/a%26b/", "/a/b/c/")
    }
    assert asked == {
        "/ana/hello/": "/3600?ssgpath=/ana/hello/",
        "/tags/x": "/60?ssgpath=/tags/x",
        "/fr/tags/x/": "/60?ssgpath=/fr/tags/x/",
        "/a/two/": "/120?ssgpath=/a/two/",
        "/ana/a%26b/": "",  # its characters mean something in a query
        "/a/b/c/": "404.html",
    }
    assert deploy.ask(Asked("/a/one/")).answer[0] == "file"


@pytest.mark.parametrize("target", ADDRESSES)
@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ("/* /404.html 404\n", "`/* /404.html 404` takes all live pages at /:user/:slug"),
        ("/:a/:b /x/ 301\n", "`/:a/:b /x/ 301` takes all live pages at /:user/:slug"),
        ("/fr/* /x/ 301\n", "`/fr/* /x/ 301` takes all live pages at /fr/tags/:tag"),
    ],
)
def test_a_rule_that_takes_all_pages_of_a_route_is_an_error(
    problems: Callable[..., list[str]], target: str, rules: str, found: str
) -> None:
    lines = problems({**SITE, "static/_redirects": rules}, target=target)
    assert any(line.startswith("static/_redirects:1:1: the rule " + found) for line in lines)


@pytest.mark.parametrize(
    "rules", ["/ana/* /about/ 301\n", "/:a/old /x/ 301\n", "/* /x/ 302 Country=de\n"]
)
def test_a_rule_may_take_some_of_them(site: Callable[..., Built], rules: str) -> None:
    built = site({**SITE, "static/_redirects": rules}, target="netlify")
    assert built.report.routes.live


def test_a_role_that_guards_nothing_is_an_error(problems: Callable[..., list[str]]) -> None:
    rule = "/ana/* /.netlify/builders/ssg-pages 200! Role=reader\n"
    (line,) = problems({**SITE, "static/_redirects": rule}, target="netlify")
    assert "guards live pages at /:user/:slug with a role" in line


def test_a_role_guards_where_others_are_sent_away(site: Callable[..., Built]) -> None:
    rule = "/ana/* /.netlify/builders/ssg-pages 200! Role=reader\n/ana/* /login 302!\n"
    assert site({**SITE, "static/_redirects": rule}, target="netlify").report.builder


def test_a_password_in_headers_guards_no_live_page(problems: Callable[..., list[str]]) -> None:
    headers = {"static/_headers": "/ana/*\n  Basic-Auth: a:b\n"}
    (line,) = problems({**SITE, **headers}, target="netlify")
    assert "Basic-Auth for `/ana/*` does not guard live pages at /:user/:slug" in line


# -- rules of patterns -------------------------------------------------------------------------

SEGMENTS = st.sampled_from(["a", "{x}", "{x}.html", "v-{y}", "käse", "a b", "c*", "{y}", ":z"])
VALUES = st.text(max_size=5).filter(is_value)


@given(st.lists(SEGMENTS, min_size=1, max_size=4, unique=True), st.booleans(), VALUES, VALUES)
def test_rules_match_all_that_a_route_matches(
    segments: list[str], ends: bool, one: str, two: str
) -> None:
    names = "".join(segments)
    if names.count("{x}") > 1 or names.count("{y}") > 1:
        return
    pattern = RoutePattern("/" + "/".join(segments) + "/" * ends)
    path = fill(pattern.text, {"x": one, "y": two})
    rules = live_rules([Route(1, pattern.text, "page.html")], "/_ssg/functions/f")
    assert pattern.match(path) is not None
    assert any(compile_path(rule.from_path).matches(path) for rule in rules)


def test_a_route_that_another_covers_needs_no_rule() -> None:
    routes = [Route(1, path, "p.html") for path in ("/{a}/{b}/", "/{c}/x/", "/{d}/{e}/", "/{f}/")]
    assert [rule.from_path for rule in live_rules(routes, "/f")] == ["/:a/:b", "/:f"]


def test_paths_that_rules_cannot_tell_apart_have_the_shortest_lifetime() -> None:
    routes = [
        Route(1, "/{a}/{b}/", "p.html", where={"a": "[0-9]+"}, ttl_seconds=600),
        Route(2, "/{a}/{b}/", "p.html", where={"a": "[a-z]+"}, ttl_seconds=60, stale_seconds=5),
        Route(3, "/x/{b}/", "p.html"),
    ]
    assert list(live_lifetimes(routes).items()) == [
        ("/x/:b", Lifetime(None)),
        ("/:a/:b", Lifetime(60, 5)),
    ]
    assert rule_path(RoutePattern("/c*/{a}.html")) == "/:part1/:a"


def test_a_route_may_be_for_one_path() -> None:
    routes = [Route(1, path, "p.html") for path in ("/", "/latest/", "/feed.xml", "/a/{b}/")]
    rules = live_rules(routes, "/.netlify/functions/f")
    assert [rule.from_path for rule in rules] == ["/", "/a/:b", "/feed.xml", "/latest"]
    assert function_paths(rules) == (
        *("/", "/a/:b", "/a/:b/", "/feed.xml", "/feed.xml/", "/latest", "/latest/"),
    )
