"""Reading `_headers`, and finding the headers of a path."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssg.model.errors import Location
from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.header_rule import HeaderRule, headers_for
from ssg.redirects.proof.basic_auth import uncached, unguarded
from tests.growth import LINEAR, Work, growth

FILE = """\
# a comment
/*
  X-Frame-Options: DENY
  cache-control: max-age=0
  Cache-Control: must-revalidate

/blog/:year/*
\tX-Robots-Tag: noindex
  X-Frame-Options: SAMEORIGIN

/über/*.css
  Link: </a.css>; rel=preload, </b.css>; rel=preload
"""


def said(text: str) -> list[str]:
    """The problems of a text, as they are printed."""
    return [str(problem) for problem in parse_headers(text, "static/_headers").problems]


def hints(text: str) -> list[str]:
    return [str(problem) for problem in parse_headers(text, "static/_headers").warnings]


def test_every_part() -> None:
    parsed = parse_headers(FILE, "static/_headers")
    assert (parsed.problems, parsed.warnings) == ((), ())
    assert parsed.rules == (
        HeaderRule(
            "/*", (("x-frame-options", "DENY"), ("cache-control", "max-age=0, must-revalidate"))
        ),
        HeaderRule(
            "/blog/:year/*", (("x-robots-tag", "noindex"), ("x-frame-options", "SAMEORIGIN"))
        ),
        HeaderRule("/über/*.css", (("link", "</a.css>; rel=preload, </b.css>; rel=preload"),)),
    )
    assert [rule.where for rule in parsed.rules] == [
        Location("static/_headers", 2, 1),
        Location("static/_headers", 7, 1),
        Location("static/_headers", 11, 1),
    ]


def test_every_rule_that_matches_counts_and_the_later_wins() -> None:
    rules = parse_headers(FILE).rules
    assert headers_for(rules, "/")["x-frame-options"] == "DENY"
    assert headers_for(rules, "/blog/2026/a/") == {
        "x-frame-options": "SAMEORIGIN",
        "cache-control": "max-age=0, must-revalidate",
        "x-robots-tag": "noindex",
    }
    assert "link" in headers_for(rules, "/über/x.css")
    assert "link" not in headers_for(rules, "/über/x.js")


def test_a_rule_that_moves_in_its_file_is_the_same() -> None:
    """Caches keep pages by what rules say, also as text."""
    one, other = (parse_headers(f"{lines}/a\n X-A: b").rules for lines in ("", "\n\n"))
    assert one[0].where != other[0].where
    assert (one, repr(one)) == (other, repr(other))


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/", "/", True),
        ("/", "/a", False),
        ("/a", "/a/", True),
        ("/a/", "/a", True),
        ("/A", "/a", True),
        ("/a/*", "/a", True),
        ("/a/*", "/a/b/c", True),
        ("/a/*", "/b/a", False),
        ("/*.css", "/deep/x.css", True),
        ("/*.css", "/xcss", False),
        ("/a*z/end", "/a/b/z/end", True),
        ("/:x/b", "/a/b", True),
        ("/:x/b", "/a/c/b", False),
        ("/a%20b", "/a b", True),
        ("/a+(b)/*", "/a+(b)/c", True),
    ],
)
def test_patterns(pattern: str, path: str, expected: bool) -> None:
    assert HeaderRule(pattern, ()).matches(path) is expected


@example("/:a/*/:b/*x", "/a/b//x")
@given(
    st.lists(st.sampled_from(["a", "b", "*", ":p", "a*", "*b", "a*b*", ""]), max_size=6),
    st.text("ab/", max_size=9),
)
def test_a_pattern_matches_as_in_netlifys_parser(parts: list[str], path: str) -> None:
    pattern, path = "/" + "/".join(parts), "/" + path
    words = {"*": "?.*", ":p": "[^/]+"}
    written = "/".join(words.get(part, part.replace("*", ".*")) for part in parts if part)
    netlifys = re.compile(f"/{written}/?")
    assert HeaderRule(pattern, ()).matches(path) is bool(netlifys.fullmatch(path))


@pytest.mark.parametrize("piece", ["/*", "/*/a", "*a", "/:a/*", "/*/:a"])
def test_time_grows_with_the_length_of_the_pattern(piece: str) -> None:
    def work(size: int) -> Work:
        rule, path = HeaderRule(f"{piece * size}/x", ()), "/a/a" * size + "/"
        rule.matches(path)
        return lambda: [rule.matches(path) for _ in range(20)]

    assert growth(work, 40) < LINEAR


@pytest.mark.parametrize("pattern", ["/*/*/*/*/x", "/*/:a/*/:b/*/x", "/*a*a*a*b"])
def test_time_grows_with_the_length_of_the_path(pattern: str) -> None:
    rule = HeaderRule(pattern, ())
    assert growth(lambda size: lambda: rule.matches("/a" * size), 2000) < LINEAR


@pytest.mark.parametrize("text", ["X-A: a{}b", "X-A: {}", "/{}", "Basic-Auth: a:b{}c:d"])
def test_time_grows_with_the_length_of_a_line(text: str) -> None:
    def work(size: int) -> Work:
        return lambda: parse_headers(f"/a\n{text.format(' ' * size)}\n")

    assert growth(work, 20_000) < LINEAR


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "X-A: b\n/a\n X-A: b",
            "static/_headers:1:1: a header has no path. Write the path on a line before it",
        ),
        (
            "/a\n  nonsense",
            'static/_headers:2:3: "nonsense" is neither a path nor a header. '
            "Begin a path with /, and write a header as `Name: value`",
        ),
        ("/a\n  : x", 'static/_headers:2:3: "" is not the name of a header'),
        ("/a\n X Y: x", 'static/_headers:2:2: "X Y" is not the name of a header'),
        ("/a\n X-A:", 'static/_headers:2:2: the header "X-A" has no value'),
        (
            "/a\n X-A: ☃",
            'static/_headers:2:2: the value of "X-A" cannot be sent. '
            "Percent-encode letters beyond Latin-1",
        ),
        (
            "/a\n Basic-Auth: me",
            'static/_headers:2:2: "Basic-Auth" has a user without a password. '
            "Write `Basic-Auth: name:password other:password`",
        ),
        (
            "https://a.example/\n X-A: b",
            'static/_headers:1:1: "https://a.example/" is a URL; headers apply to paths. '
            "Write the path alone: /blog/*",
        ),
        (
            "/:a*\n X-A: b",
            'static/_headers:1:1: "/:a*" has a placeholder and a wildcard in one part of the path',
        ),
    ],
)
def test_problems(text: str, expected: str) -> None:
    assert said(text) == [expected]


def test_all_problems_are_reported_and_valid_blocks_are_kept() -> None:
    text = "/a\n bad\n :x\n/b\n X-A: b\nhttp://c\n worse"
    assert len(said(text)) == 4
    assert [rule.for_path for rule in parse_headers(text).rules] == ["/b"]


def test_what_has_no_effect_is_a_warning() -> None:
    assert hints("/empty\n/a\n Location: /b\n Date: now\n X-A: b") == [
        'static/_headers:1:1: the path "/empty" has no headers',
        'static/_headers:3:2: Netlify sets "Location" itself and ignores it here. '
        "Use a redirect rule",
        'static/_headers:4:2: Netlify sets "Date" itself and ignores it here',
    ]
    assert headers_for(parse_headers("/a\n Location: /b\n X-A: b").rules, "/a") == {"x-a": "b"}


def test_a_password_is_never_sent_and_does_not_guard_deferred_pages() -> None:
    rules = parse_headers("/x/*\n Basic-Auth: a:b\n Basic-Auth: c:d\n X-A: b", "_headers").rules
    assert rules[0].values == (("basic-auth", "a:b c:d"), ("x-a", "b"))
    assert rules[0].asks_password
    assert headers_for(rules, "/x/") == {"x-a": "b"}
    (problem,) = unguarded(rules, ["/", "/x/one/", "/x/two/"])
    assert problem.where == Location("_headers", 1, 1)
    assert "deferred page /x/one/ (and 1 more)" in problem.message
    assert unguarded(rules, ["/y/"]) == []


def test_a_password_anywhere_switches_the_cache_off() -> None:
    text = "/a\n X-A: b\n/x/*\n Basic-Auth: a:b\n/y\n Basic-Auth: a:b"
    (warning,) = uncached(parse_headers(text, "_headers").rules)
    assert warning.where == Location("_headers", 3, 1)
    assert "`/x/*` switches the cache of Netlify off" in warning.message
    assert uncached(parse_headers("/a\n X-A: b").rules) == []


@given(st.text())
def test_any_text_is_rules_or_problems(text: str) -> None:
    parsed = parse_headers(text)
    for rule in parsed.rules:
        rule.matches("/")
        for name, value in rule.sent:
            name.encode("ascii")
            value.encode("latin-1")


# What Netlify's own parser makes of the same files --------------------------------------------

COMPARED = [
    FILE.replace("über", "ueber").lower(),
    "/*\n X-A: 1\n X-A: 2\n/a/*\n X-A: 3\n/A/:b\n X-B: 4\n",
    "/a\n\n X-A: 1 , 2\n # no\n/empty\n/b/\n X-C: x:y\n",
    "/STRAßE/k\n X-A: 1\n/*ſ\n X-B: 1\n/İ\n X-C: 1\n",
    "/a*b/*\n X-A: 1\n/*/c\n X-B: 1\n/:x/:y\n X-C: 1\n",
]
PATHS = ["/", "/a", "/a/", "/a/b", "/A/b/", "/ab", "/abc", "/b", "/b/c", "/blog/2026/x", "/x/c/d"]
PATHS += ["/straẞe/\u212a", "/strasse/k", "/xS", "/i", "/İ"]

SCRIPT = """\
import { parseAllHeaders } from "@netlify/headers-parser";
const [file, ...paths] = process.argv.slice(2);
const { headers, errors } = await parseAllHeaders({ headersFiles: [file], minimal: false });
const found = paths.map((path) => {
  const matching = headers.filter(({ forRegExp }) => forRegExp.test(path));
  const low = (values) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.assign({}, ...matching.map(({ values }) => low(values)));
});
console.log(JSON.stringify({ found, errors: errors.length }));
"""


@pytest.fixture(scope="module")
def script() -> Path:
    named = os.environ.get("NETLIFY_CLI") and shutil.which(os.environ["NETLIFY_CLI"])
    local = Path(__file__).parents[2] / "e2e/node_modules/.bin/netlify"
    command = Path(named) if named else local
    modules = command.parent.parent
    if not (modules / "@netlify/headers-parser").is_dir():
        pytest.skip("Netlify's CLI is not installed; NETLIFY_CLI may name its path")
    return modules


@pytest.mark.node
@pytest.mark.parametrize("text", COMPARED)
def test_netlify_reads_the_same(script: Path, text: str, tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(script)
    (tmp_path / "ask.mjs").write_text(SCRIPT)
    (tmp_path / "_headers").write_text(text)
    done = subprocess.run(
        ["node", "ask.mjs", "_headers", *PATHS],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    theirs = json.loads(done.stdout)
    parsed = parse_headers(text)
    assert theirs == {"found": [headers_for(parsed.rules, path) for path in PATHS], "errors": 0}
