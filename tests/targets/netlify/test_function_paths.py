"""The paths of a function match what the covering rules match."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest

from ssg.model.live.route import Route
from ssg.model.urls import quote_path
from ssg.redirects.matching.pattern import compile_path
from ssg.redirects.proof.cover import covering_rules
from ssg.redirects.rule import RedirectRule
from ssg.targets.netlify.function_paths import function_paths, path_config
from ssg.targets.routing.live_rules import live_rules
from tests.e2e.netlify import cli

ADDRESS = "/.netlify/functions/ssg-pages"
MATCHER = Path(__file__).parent / "match_paths.mjs"
PLAIN = ("a", "ab", "blog", "x.xml", "b-c", "1~2", "_d")
SPECIAL = ("c++", "f(x)", "[y]", "a+b", "it's", "x=1;y,z", "$@!", "a&b")
FOREIGN = ("käse", "漢字", "Über", "Blog", "ÉTÉ")


def _paths(deferred: list[str]) -> tuple[str, ...]:
    return function_paths(covering_rules(deferred, ADDRESS))


@pytest.mark.parametrize(
    ("deferred", "expected"),
    [
        (["/blog/a/", "/blog/b/"], ["/blog/*", "/blog", "/blog/"]),
        (["/blog/a/"], ["/blog/a", "/blog/a/"]),
        (["/feed.xml"], ["/feed.xml", "/feed.xml/"]),
        (["/"], ["/"]),
        ([f"/{number}/" for number in range(9)], ["/*", "/"]),
        (
            ["/käse/a/", "/käse/b/"],
            [
                *["/k%C3%A4se/*", "/k%C3%A4se", "/k%C3%A4se/"],
                *["/k%c3%a4se/*", "/k%c3%a4se", "/k%c3%a4se/"],
            ],
        ),
        (["/Blog/a/"], ["/Blog/a", "/Blog/a/", "/blog/a", "/blog/a/"]),
        (["/c++/a/", "/c++/b/"], ["/c{\\+}{\\+}/*", "/c{\\+}{\\+}", "/c{\\+}{\\+}/"]),
        (["/f(x)/"], ["/f{\\(}x{\\)}", "/f{\\(}x{\\)}/"]),
    ],
)
def test_the_paths_of_covering_rules(deferred: list[str], expected: list[str]) -> None:
    assert list(_paths(deferred)) == expected


def test_a_function_for_every_path_spares_netlifys_own_addresses() -> None:
    assert path_config(()) == {}
    assert path_config(["/*"]) == {
        "path": ["/*"],
        "excludedPath": ["/.netlify/*"],
        "preferStatic": True,
        "method": ["GET", "HEAD"],
    }
    assert "excludedPath" not in path_config(["/blog/*"])


@pytest.mark.node
@pytest.mark.netlify
@pytest.mark.parametrize("words", [PLAIN, PLAIN + SPECIAL, PLAIN + SPECIAL + FOREIGN])
def test_netlifys_cli_and_url_patterns_match_what_the_rules_match(words: tuple[str, ...]) -> None:
    chance = random.Random(len(words))  # noqa: S311 the same in each run
    sites = [_deferred(chance, words) for _ in range(300)]
    cases = [
        {
            "paths": _paths(deferred),
            "requests": [quote_path(path) for path in (*deferred, *_others(chance, words))],
        }
        for deferred in sites
    ]
    matched = 0
    for deferred, case, found in zip(sites, cases, _netlify(cases), strict=True):
        rules = covering_rules(deferred, ADDRESS)
        requests = [*deferred, *(unquote(path) for path in case["requests"][len(deferred) :])]
        for path, by_cli, by_pattern in zip(requests, found["cli"], found["pattern"], strict=True):
            expected = any(_matches(rule, path) for rule in rules)
            in_lower_case = any(_matches(rule, path, lower=True) for rule in rules)
            assert by_cli == in_lower_case, (case["paths"], path)
            assert by_pattern or not expected, (case["paths"], path)
            assert in_lower_case or not by_pattern, (case["paths"], path)
            matched += by_cli
    assert matched > 300


@pytest.mark.node
@pytest.mark.netlify
def test_netlifys_cli_and_url_patterns_match_the_paths_of_routes() -> None:
    texts = ("/{user}/{slug}/", "/{user}/page/{number}/", "/käse/{a}.html", "/c++/{x}/f(x)/")
    rules = live_rules([Route(1, text, "page.html") for text in texts], ADDRESS)
    requests = {
        "/ana/hello": True, "/ana/hello/": True, "/Ana/H%C3%BC/": True, "/ana/a%2Fb/": True,
        "/ana/a:b+c/": True, "/ana/page/2/": True, "/ana/page/2": True, "/k%C3%A4se/x.html": True,
        "/c++/1/f(x)/": True, "/c++/1/f(x)": True, "/ana/": False, "/": False, "/a/b/c/": False,
        "/a//b/": False, "/ana/hello/index.html": False,
    }  # fmt: skip
    (found,) = _netlify([{"paths": function_paths(rules), "requests": [*requests]}])
    assert dict(zip(requests, found["cli"], strict=True)) == requests
    assert dict(zip(requests, found["pattern"], strict=True)) == requests
    assert path_config(function_paths(rules))["excludedPath"] == ["/.netlify/*"]


def _matches(rule: RedirectRule, path: str, *, lower: bool = False) -> bool:
    """Whether a rule matches a decoded path; with `lower`, without regard to the case of ASCII."""
    from_path = quote(unquote(rule.from_path), safe="/*")
    if lower:
        from_path, path = from_path.lower(), unquote(quote(path).lower())
    return compile_path(from_path).matches(path)


def _deferred(chance: random.Random, words: tuple[str, ...]) -> list[str]:
    return [
        "/" + "".join(f"{chance.choice(words)}/" for _ in range(chance.randint(0, 3)))
        for _ in range(chance.randint(1, 3))
    ]


def _others(chance: random.Random, words: tuple[str, ...]) -> list[str]:
    """Paths that may be near those of a site, with and without a slash at their end."""
    folders = [chance.choice(words) for _ in range(chance.randint(0, 4))]
    path = "".join(f"/{one}" for one in folders)
    return [path or "/", f"{path}/", f"{path}x", f"{path}/index.html"]


def _netlify(cases: list[dict[str, Any]]) -> list[dict[str, list[bool]]]:
    modules = Path(cli()).parents[1]
    done = subprocess.run(
        ["node", MATCHER, modules], input=json.dumps(cases), capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: list[dict[str, list[bool]]] = json.loads(done.stdout)
    return found
