"""The routes of Vercel answer what the preview answers: random rules, files, pages and requests."""

from __future__ import annotations

from urllib.parse import quote, unquote

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ssg.model.live.route import Route
from ssg.redirects.matching.destination import PATH_SAFE
from ssg.redirects.matching.match import (
    FunctionCall,
    ProxyCall,
    RedirectTo,
    Resolution,
    ServedFile,
    resolve,
)
from ssg.redirects.matching.request import RedirectRequest
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.matching.static_files import file_finder
from ssg.redirects.proof.cover import covering_rules
from ssg.redirects.proof.prove import prove_routing
from ssg.redirects.rule import RedirectRule, RuleConditions
from ssg.targets.routing.live_rules import live_rules
from ssg.targets.target import HostRules
from ssg.targets.vercel.routes.all_routes import all_routes
from ssg.targets.vercel.routes.lifetimes import Lifetime, Lifetimes, live_lifetimes
from ssg.targets.vercel.routes.page_routes import PATH_PARAMETER
from ssg.targets.vercel.routes.rule_routes import substituted
from ssg.targets.vercel.routes.unsupported import wrong_rules
from tests.examples import examples
from tests.targets.vercel.route_interpreter import Answer, Asked, Deploy

ADDRESS = "/_ssg/functions/ssg-pages"
NAMES = ("a", "b", "ab", "A", "ä", "漢", "c d", "v1.2", "x+y", "p&q", "(r)")
SEGMENTS = st.sampled_from(NAMES)
POOL = st.shared(
    st.lists(
        st.lists(SEGMENTS, max_size=3).map(lambda parts: "".join(f"/{part}" for part in parts)),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
"""The few folders that an example is about."""
FOLDERS = POOL.flatmap(st.sampled_from)
FILES = st.lists(
    st.tuples(FOLDERS, st.sampled_from(["/index.html", ".html", "/f.txt", ""]))
    .map(lambda pair: (pair[0] + pair[1]).lstrip("/"))
    .filter(lambda name: name not in {"", ".html"}),
    max_size=8,
)
PATHS = st.one_of(
    FOLDERS.map(lambda folder: folder or "/"),
    FOLDERS.map(lambda folder: f"{folder}/"),
    FOLDERS.map(lambda folder: f"{folder}/index.html"),
    FOLDERS.map(lambda folder: f"{folder}.html" if folder else "/"),
    FOLDERS.map(lambda folder: f"{folder}/f.txt"),
)
FROM = st.builds(
    lambda folder, middle, end: f"{quote(folder, safe=PATH_SAFE)}{middle}{end}" or "/",
    FOLDERS,
    st.sampled_from(["", "/:one", "/:one/b", "/:one/:two"]),
    st.sampled_from(["", "/", "/*", "/a*"]),
)
TO = st.one_of(
    PATHS.map(lambda path: quote(path, safe=PATH_SAFE)),
    st.sampled_from(
        ["/to/:one", "/to/:splat", "/:splat", "/b/:splat/", "https://b.example/:splat"]
    ),
    st.sampled_from(["https://b.example/", "/to?x=1", "https://b.example/a?b=c"]),
)
COUNTRIES, LANGUAGES, COOKIES = ("PT", "de"), ("en", "pt-BR"), ("one", "two")
CONDITIONS = st.builds(
    RuleConditions,
    countries=st.lists(st.sampled_from(COUNTRIES), max_size=2, unique=True).map(tuple),
    languages=st.lists(st.sampled_from(LANGUAGES), max_size=2, unique=True).map(tuple),
    cookies=st.lists(st.sampled_from(COOKIES), max_size=2, unique=True).map(tuple),
)
RULES = st.lists(
    st.builds(
        RedirectRule,
        FROM,
        TO,
        st.sampled_from([301, 302, 200, 200, 404, 410]),
        st.booleans(),
        query=st.sampled_from([(), (), (("q", "1"),), (("q", "a b"),), (("q", ":id"),)]),
        conditions=st.one_of(st.just(RuleConditions()), CONDITIONS),
        origin=st.sampled_from([None, None, "https://old.example"]),
    ),
    max_size=5,
)
REQUESTS = st.builds(
    RedirectRequest,
    PATHS.map(lambda path: quote(path, safe=PATH_SAFE)),
    st.sampled_from([(), (), (("q", "1"),), (("q", "a b"),), (("z", "é"), ("q", ""))]),
    st.sampled_from([{}, {"one": "1"}, {"two": ""}, {"two": "x"}]),
    st.sampled_from([None, "PT", "DE", "FR"]),
    st.sampled_from([None, "en", "EN-gb", "eng", "pt-br", "pt"]),
    origin=st.sampled_from([None, "https://old.example"]),
)
LIFETIMES = st.sampled_from([Lifetime(None), Lifetime(60), Lifetime(60, 5), Lifetime(3600, 0)])
PAGES = st.dictionaries(
    FOLDERS.map(lambda folder: f"{folder}/").filter(lambda path: path != "/"), LIFETIMES, max_size=6
)


ROUTES = st.lists(
    st.builds(
        lambda path, lifetime: Route(
            1,
            path,
            "page.html",
            ttl_seconds=lifetime.fresh_seconds,
            stale_seconds=lifetime.stale_seconds,
        ),
        st.sampled_from(
            ["/{x}/", "/{x}/{y}/", "/{x}/b/", "/a/{x}.html", "/käse/{x}/", "/a b/{x}/"]
        ),
        LIFETIMES,
    ),
    max_size=3,
)


def _preview(resolution: Resolution, request: RedirectRequest) -> Answer:
    match resolution:
        case ServedFile(name, status, rule):
            if rule is None and f"/{name}" == f"{unquote(request.path)}/index.html":
                return "redirect", f"{request.path}/", "301"
            return "file", name, str(status)
        case RedirectTo(location, status):
            return "redirect", location, str(status)
        case FunctionCall(_, path):
            return "function", path
        case ProxyCall(url):
            return "proxy", url
        case _:
            return ("missing",)


def _asked(request: RedirectRequest) -> Asked:
    headers = {
        "x-vercel-ip-country": request.country,
        "accept-language": request.language and f"{request.language};q=0.9, fr",
    }
    host = (request.origin or "https://example.org").partition("://")[2]
    given = {name: value for name, value in headers.items() if value}
    return Asked(request.path, request.query, request.cookies, given, host)


def _vercel(answer: Answer) -> Answer:
    """A function is told the path; a Prerender function gets it in its URL."""
    if answer[0] != "function":
        return answer
    _, destination, path = answer
    _, _, query = destination.partition("?")
    return "function", query.removeprefix(f"{PATH_PARAMETER}=") if query else path


def _without_query(answer: Answer, request: RedirectRequest) -> Answer:
    """The redirect to a folder has the query, too: it is compared without."""
    return (answer[0], answer[1].partition("?")[0], answer[2]) if request.query else answer


@settings(max_examples=examples(100))
@given(RULES, FILES, PAGES, ROUTES, st.lists(REQUESTS, min_size=5, max_size=15), st.booleans())
def test_each_request_has_the_same_answer(
    rules: list[RedirectRule],
    files: list[str],
    pages: dict[str, Lifetime],
    live_routes: list[Route],
    requests: list[RedirectRequest],
    prerenders: bool,
) -> None:
    rules = [rule for rule in rules if not list(wrong_rules([rule]))]
    assume(not list(wrong_rules(rules)))
    names = frozenset(files)
    # A name is a file or a folder.
    assume(
        not any(f"{other}/" in f"{name}/" and name != other for name in names for other in names)
    )
    covering = covering_rules(sorted(pages), ADDRESS) if pages else ()
    live = live_rules(live_routes, ADDRESS)
    host = HostRules(user=tuple(rules), covering=covering, live=live)
    assume(not prove_routing(host.rules, covering, sorted(pages), names))
    all_lifetimes = Lifetimes(sorted(pages.items()), live_lifetimes(live_routes))
    lifetimes = all_lifetimes if prerenders else None
    routes = all_routes(host, names, ADDRESS, lifetimes)
    assert not list(routes.problems())
    functions = {ADDRESS, *(f"{ADDRESS}/{one.name}" for one in all_lifetimes.all)}
    deploy = Deploy.of(routes.to_json(), names, functions)
    table, find_file = RuleTable.of(host.rules), file_finder(names)
    for request in requests:
        resolution = resolve(table, request, find_file)
        if _is_looked_up(resolution):
            continue
        expected = _preview(resolution, request)
        answer = _vercel(deploy.ask(_asked(request)).answer)
        if expected[0] == "redirect" and expected[1] == f"{request.path}/":
            answer = _without_query(answer, request)
            expected = _without_query(expected, request)
        assert answer == expected, (request, routes.to_json())
    if prerenders:
        _have_their_lifetimes(deploy, host, pages)


def _have_their_lifetimes(deploy: Deploy, host: HostRules, pages: dict[str, Lifetime]) -> None:
    """Deferred pages keep their own, also where a route of live pages matches their paths."""
    for path, lifetime in pages.items():
        answer = deploy.ask(Asked(quote(path, safe=PATH_SAFE))).answer
        if answer[0] == "function" and "?" in answer[1] and not host.user:
            assert answer[1].partition("?")[0] == f"{ADDRESS}/{lifetime.name}", path


def _is_looked_up(resolution: Resolution) -> bool:
    """Whether the file of a rewrite depends on values of the request: see `vercel.md`."""
    rule = getattr(resolution, "rule", None)
    return rule is not None and not rule.redirects and "$" in substituted(rule)
