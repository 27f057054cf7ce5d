"""The site's own headers of a function's answers, in Python and in JavaScript."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssg.model.urls import quote_path
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.site_headers import compiled, with_site_headers
from ssg.runtime.caching import NEVER_STORED, Caching
from ssg.runtime.http import Response
from ssg.targets.bundles.pyodide import npm
from ssg.targets.bundles.pyodide.bundle import LIBRARY_FOLDER
from tests.examples import examples

HTML = {"Content-Type": "text/html"}
RULES = (
    HeaderRule("/*", (("x-frame-options", "DENY"), ("content-security-policy", "default-src"))),
    HeaderRule("/blog/*", (("x-frame-options", "SAMEORIGIN"), ("cache-control", "no-cache"))),
    HeaderRule("/blog/*.ics/", (("content-type", "text/calendar"), ("location", "/"))),
)


def sent(path: str, status: int = 200) -> dict[str, str]:
    response = Response(status, b"", HTML, caching=Caching())
    return dict(with_site_headers(response, path, RULES).headers)


def test_all_rules_that_match_count_and_the_last_wins() -> None:
    every = {"x-frame-options": "DENY", "content-security-policy": "default-src"}
    assert sent("/about/") == {**HTML, **every}
    blog = {**every, "x-frame-options": "SAMEORIGIN", "cache-control": "no-cache"}
    assert sent("/BLOG/a/") == {**HTML, **blog}


def test_a_header_is_sent_once_whatever_its_case() -> None:
    headers = sent("/blog/%61.ics/")
    assert "Content-Type" not in headers
    assert headers["content-type"] == "text/calendar"


@pytest.mark.parametrize("status", [301, 404, 500])
def test_other_answers_keep_what_describes_them(status: int) -> None:
    headers = sent("/blog/a.ics/", status)
    assert headers["Content-Type"] == "text/html"
    assert {"content-type", "cache-control", "location"}.isdisjoint(headers)
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_a_page_that_is_never_stored_keeps_what_says_so() -> None:
    response = Response(200, b"", {"Cache-Control": "no-store"}, caching=NEVER_STORED)
    headers = with_site_headers(response, "/blog/a/", RULES).headers
    assert headers["Cache-Control"] == "no-store"
    assert "cache-control" not in headers


def test_rules_for_every_path_apply_where_a_path_cannot_be_decoded() -> None:
    assert sent("/blog/%ff", 404)["x-frame-options"] == "DENY"


def test_without_rules_a_response_stays_the_same() -> None:
    response = Response(200, b"", HTML)
    assert with_site_headers(response, "/", ()) is response


# What the function makes of the same rules ----------------------------------------------------

ASK = """
const [folder] = process.argv.slice(1);
const { SiteHeaders } = require(folder + '/headers.js');
const { decodePath } = require(folder + '/paths.js');
const lines = require('node:readline').createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { rules, response, paths } = JSON.parse(line);
  const site = new SiteHeaders(rules);
  const found = paths.map((path) => site.addTo(response, decodePath(path)).headers);
  process.stdout.write(JSON.stringify(found) + '\\n');
});
"""

Ask = Callable[[list[HeaderRule], Response, list[str]], list[Any]]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """One Node process for all questions."""
    command = [npm.node(), "-e", ASK, str(LIBRARY_FOLDER)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as node:
        stdin, stdout = node.stdin, node.stdout
        assert stdin
        assert stdout

        def answer(rules: list[HeaderRule], response: Response, paths: list[str]) -> list[Any]:
            question = {
                "rules": json.loads(compiled(rules)),
                "response": {
                    "status": response.status,
                    "headers": dict(response.headers),
                    "freshSeconds": response.caching.fresh_seconds,
                },
                "paths": paths,
            }
            stdin.write(json.dumps(question) + "\n")
            stdin.flush()
            found: list[Any] = json.loads(stdout.readline())
            return found

        yield answer
        stdin.close()


LETTERS = "abkKsSiIzZ09_-.~!$&'()+,;=@ ^|[]{}\\?#\"`\n\r\u2028äÄßẞſσςΣİıŉǅéΐ漢😀𞤀𞤢\u0301\u212a"
NAMES = ["x-a", "x-b", "content-type", "cache-control", "__proto__", "constructor", "link"]
text = st.text(LETTERS, max_size=4)
part = st.one_of(
    text,
    text.map(quote_path),
    st.sampled_from(["*", "**", ":name", ":", "", "%2A", "%zz", "%ff", "%"]),
    st.lists(text, min_size=2, max_size=3).map("*".join),
)
pattern = st.lists(part, max_size=5).map(lambda parts: "/" + "/".join(parts))
values = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["1", "2"]), min_size=1)
rule = st.builds(HeaderRule, pattern, values.map(lambda found: tuple(found.items())))
response = st.builds(
    Response,
    st.sampled_from([200, 200, 301, 404, 500]),
    st.just(b""),
    st.sampled_from([{}, HTML, {"content-type": "a", "X-A": "b", "Constructor": "c"}]),
    caching=st.sampled_from([Caching(), Caching(60), NEVER_STORED]),
)


@st.composite
def question(draw: st.DrawFn) -> tuple[list[HeaderRule], Response, list[str]]:
    """Rules, a response, and paths of which many are made of the patterns' own parts."""
    rules = draw(st.lists(rule, max_size=4))
    own = [piece for one in rules for piece in one.for_path.split("/")]
    pieces = st.sampled_from([*own, ""]).map(lambda piece: piece.replace("*", "a"))
    recased = pieces.flatmap(lambda one: st.sampled_from([one, one.upper(), one.lower()]))
    raw = st.one_of(recased, recased.map(quote_path), part)
    path = st.lists(raw, max_size=6).map(lambda parts: "/" + "/".join(parts))
    return rules, draw(response), draw(st.lists(path, min_size=1, max_size=12))


@pytest.mark.node
@settings(max_examples=examples(100))
@example(([HeaderRule("/straße/*k/:x", (("x-a", "1"),))], Response(200, b""), ["/STRAẞE/\u212a/b"]))
@example(([HeaderRule("/:a/*/:b/*x", (("x-a", "1"),))], Response(200, b""), ["/a/b//x", "/%00x"]))
@given(question())
def test_python_and_javascript_add_the_same_headers(
    ask: Ask, asked: tuple[list[HeaderRule], Response, list[str]]
) -> None:
    rules, response, paths = asked
    expected = [dict(with_site_headers(response, path, rules).headers) for path in paths]
    assert ask(rules, response, paths) == expected


@pytest.mark.node
def test_the_sites_of_the_strategy_have_rules_that_match(ask: Ask) -> None:
    """The property would hold if no rule ever matched."""
    rules = [HeaderRule("/K*s/:x", (("x-a", "1"),)), HeaderRule("/*.ÄB", (("x-b", "2"),))]
    paths = ["/\u212abc\u017f/y", "/c/x.%C3%A4b", "/Ks/y/z"]
    assert ask(rules, Response(200, b""), paths) == [{"x-a": "1"}, {"x-b": "2"}, {}]


def test_the_file_of_rules_has_their_expressions(tmp_path: Path) -> None:
    (tmp_path / "headers.json").write_bytes(compiled(RULES[2:]))
    (pair,) = json.loads((tmp_path / "headers.json").read_text("utf-8"))
    assert pair[1] == {"content-type": "text/calendar"}
    assert pair[0][0] == "^/[bB][lL][oO][gG]/"
