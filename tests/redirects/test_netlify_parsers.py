"""Netlify's own parsers and redirect engine read the same rules.

`STRICTER` are texts that ssg refuses, on purpose: they are mistakes that Netlify reads in some
way. `content/docs/netlify.md` names their kinds.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.formats.netlify_toml import parse_netlify_toml
from ssg.redirects.formats.netlify_toml_headers import parse_toml_headers
from ssg.redirects.formats.raw_rule import CONDITION_FIELDS
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.matching.destination import fill_destination
from ssg.redirects.matching.match import first_match
from ssg.redirects.matching.request import read_request
from ssg.redirects.matching.rule_table import RuleTable
from ssg.redirects.repeats import without_repeats
from ssg.redirects.rule import RedirectRule

MODULES = Path(__file__).parents[1] / "e2e" / "node_modules"
SCRIPT = Path(__file__).with_name("netlify_parsers.mjs")

pytestmark = [
    pytest.mark.netlify,
    pytest.mark.skipif(
        not (MODULES / "netlify-redirector").is_dir(), reason="Netlify's CLI is not installed"
    ),
]

EQUAL = """
/a /b
/a\t/b\t302  # comment
  /a   /b
/a /b #comment
#/a /b
/a /b 302!
/a /b 404
/a /b Country=us
/a /b 200 Country=us
/a /b 200 country=us,de
/a /b 200 Language=en Role=a,b
/a /b 302 Sign=KEY
/a /b 302 signed=KEY
/a /b 302 Sign=A signed=B
/a x=1 /b
/a x=:x y=:y /b/:x
/a x= /b
/a/* 200
/a/* 200!
/a/* /b/:splat
/a/* 301
/a 200
/a* 200
/a
/a b
/a /b x
/a http://x.example/b
/a https://x.example
/a HTTPS://x.example/
https://x.example/a /b
https://x.example/* /b/:splat 301!
https://x.example/* 200
/.netlify/x /b
https://x.example/.netlify/a /b
/:x /y/:x
/a /b /c
/a 301 /b
/a/* 301 /b
/a//b /c
/ /b
/a //b
/ä /ö
/a%20b /c
/a /b?x=:y
/a /b !301
""".strip("\n").split("\n")

STRICTER = """
a /b
/a x=1 x=2 /b
/a x=1=2 /b
/a x /b
/a /b 302x
/a /b 1e3
/a /b 200.5
/a /b 301!!
/a /b 0
/a /b 99
/a /b 304
/a /b 600
/a /b 302 Country=
/a /b 302 Country=us,,de
/a /b 302 Planet=mars
/a /b 200 Role=a Role=b
/a /b 200 role=a Role=b
/a /b 301 302
/a /b 301 /c
/a?x=1 /b
/a#x /b
/a/*/b /c
/a https://
""".strip("\n").split("\n")

TOML_EQUAL = [
    'from = "/a"\nto = "/b"',
    'origin = "/a"\ndestination = "/b"',
    'from = "/a"\nto = "/b"\nstatus = "302"\nforce = true',
    'from = "/a"\nto = "/b"\nparams = {x = ":x"}',
    'from = "/a"\nto = "/b"\nparameters = {x = ":x"}\nquery = {y = "1"}',
    'from = "/a"\nto = "/b"\nsigning = "A"\nsign = "B"',
    'from = "/a"\nto = "/b"\nconditions = {role = "a, b", Country = ["us"], language = "en"}',
    'from = "/a"\nto = "https://x.example/"\nstatus = 200\nheaders = {X-A = "b"}',
    'from = "/a/*"\nstatus = 200',
    'from = "/a/*"',
    'from = "/a"',
    'to = "/a"',
    'from = "/.netlify/a"\nto = "/b"',
    'from = "/a"\nto = "/b"\nstatus = "x"',
    'from = "/a"\nto = "/b"\nheaders = "x"',
]
TOML_STRICTER = [
    'from = "a"\nto = "/b"',
    'from = "/a"\nto = "b"',
    'from = "/a"\nto = "/b"\nstatus = 2000',
    'from = "/a"\nto = "/b"\nstatus = -200',
    'from = "/a"\nto = "/b"\nstatus = "302x"',
    'from = "/a"\nto = "/b"\ntypo = 1',
]

HEADERS_EQUAL = [
    "/a\n  X-A: b",
    "/a\nX-A: b\nX-A: c",
    "/a\n  X-A:  b , c,d \n",
    "/a\n\n# comment\n  X-A: b: c\n/b\n  X-B: d",
    " /a \n X-A : b",
    "/a",
    "/a\n/b\n  X-A: b",
    "/a\n  : b",
    "/a\n  X-A:",
    "X-A: b\n/a\n  X-A: b",
]
HEADERS_STRICTER = ["/a\n  X-A = b", "/a\n  X A: b", "/a\n  X-A: ☃", "/:a*\n  X-A: b"]

Question = dict[str, Any]


def ask(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """What Netlify's packages answer."""
    done = subprocess.run(
        ["node", SCRIPT, MODULES],
        input=json.dumps(questions), capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def fields(rule: RedirectRule) -> dict[str, Any]:
    """A rule as Netlify's parser writes it."""
    found = {name: list(getattr(rule.conditions, f)) for name, f in CONDITION_FIELDS.items()}
    written = {"status": rule.status} if rule.has_status else {}
    signed = {} if rule.signed is None else {"signed": rule.signed}
    return {
        "from": (rule.origin or "") + rule.from_path,
        "to": rule.to,
        "force": rule.force,
        "query": dict(rule.query),
        "conditions": {name: values for name, values in found.items() if values},
        "headers": dict(rule.headers),
        **written,
        **signed,
    }


def without_url(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule of Netlify's parser without what it derives from the others."""
    derived = {"scheme", "host", "path", "proxy"}
    return {name: value for name, value in rule.items() if name not in derived}


def test_redirects_files_are_read_as_netlify_reads_them() -> None:
    answers = ask([{"redirects": text} for text in EQUAL])
    for text, answer in zip(EQUAL, answers, strict=True):
        parsed = parse_redirects(text)
        assert bool(parsed.problems) is bool(answer["redirect_errors"]), text
        assert [fields(rule) for rule in parsed.rules] == list(
            map(without_url, answer["redirects"])
        ), text


def test_tables_of_redirects_are_read_as_netlify_reads_them() -> None:
    texts = [f"[[redirects]]\n{text}\n" for text in TOML_EQUAL]
    for text, answer in zip(texts, ask([{"toml": text} for text in texts]), strict=True):
        parsed = parse_netlify_toml(text)
        assert bool(parsed.problems) is bool(answer["redirect_errors"]), text
        assert [fields(rule) for rule in parsed.rules] == list(
            map(without_url, answer["redirects"])
        ), text


def test_headers_are_read_as_netlify_reads_them() -> None:
    answers = ask([{"headers": text} for text in HEADERS_EQUAL])
    for text, answer in zip(HEADERS_EQUAL, answers, strict=True):
        parsed = parse_headers(text)
        assert bool(parsed.problems) is bool(answer["header_errors"]), text
        rules = [{"for": rule.for_path, "values": dict(rule.values)} for rule in parsed.rules]
        for rule in answer["headers"]:
            rule["values"] = {name.lower(): value for name, value in rule["values"].items()}
        assert rules == answer["headers"], text


def test_what_is_refused_on_purpose_netlify_reads() -> None:
    tables = [f"[[redirects]]\n{text}\n" for text in TOML_STRICTER]
    no_path = '[[headers]]\nfor = "a"\nvalues = {X-A = "b"}\n'
    refused = [
        *(({"redirects": text}, parse_redirects(text).problems) for text in STRICTER),
        *(({"toml": text}, parse_netlify_toml(text).problems) for text in tables),
        *(({"headers": text}, parse_headers(text).problems) for text in HEADERS_STRICTER),
        ({"toml": no_path}, parse_toml_headers(no_path).problems),
    ]
    answers = ask([question for question, _ in refused])
    for (question, problems), answer in zip(refused, answers, strict=True):
        assert problems, question
        assert (answer["redirect_errors"], answer["header_errors"]) == (0, 0), question


@pytest.mark.parametrize(
    ("redirects", "toml"),
    [
        ("/a /b\n/* /c\n/a /b\n", ""),
        ("/a /b\n/a /b 301\n", ""),
        ("/a /b 301\n/a /b 301!\n/a /b 301\n", ""),
        ("/a /b\n/* /c\n", 'from = "/a"\nto = "/b"'),
        ("/a /b\n/* /c\n", 'from = "/a"\nto = "/b"\nstatus = 301'),
        ("/a x=1 y=2 /b\n/* /c\n/a y=2 x=1 /b\n", ""),
        ("/a /b 302 Country=us,de\n/* /c\n/a /b 302 country=us,de\n", ""),
        ("/a /b 302 Country=us,de\n/* /c\n/a /b 302 Country=de,us\n", ""),
        ("/a/* 200\n/* /c\n/a/* /a/:splat 200\n", ""),
        ("/a /b 302 Sign=K\n/* /c\n/a /b 302 signed=K\n", ""),
    ],
)
def test_the_last_of_equal_rules_is_kept(redirects: str, toml: str) -> None:
    table = f"[[redirects]]\n{toml}\n" if toml else ""
    ours = without_repeats((*parse_redirects(redirects).rules, *parse_netlify_toml(table).rules))
    (answer,) = ask([{"redirects": redirects, "toml": table}])
    assert [fields(rule) for rule in ours] == list(map(without_url, answer["redirects"]))


@pytest.mark.parametrize("seed", range(3))
def test_the_engine_finds_the_same_destination(seed: int) -> None:
    """But for slashes at its beginning: two of them would name a host."""
    chance = random.Random(seed)  # noqa: S311 not for secrets
    questions = [_question(chance) for _ in range(600)]
    compared = 0
    for question, answer in zip(questions, ask(questions), strict=True):
        parsed = parse_redirects(question["redirects"])
        if parsed.problems or answer["redirect_errors"]:
            continue
        table = RuleTable.of(without_repeats(parsed.rules))
        for request, match in zip(question["requests"], answer["matches"], strict=True):
            theirs = match and [f"/{match[0].lstrip('/')}", match[1]]
            assert _destination(table, request) == theirs, (question["redirects"], request)
            compared += 1
    assert compared > 2000


def _destination(table: RuleTable, request: str) -> list[str | int] | None:
    path, _, query = request.partition("?")
    match = first_match(table, read_request(path, query, {}))
    return (
        [fill_destination(match.rule.to, match.values), match.rule.status] if match.rule else None
    )


def _question(chance: random.Random) -> Question:
    rules = [_rule(chance) for _ in range(chance.randint(1, 4))]
    rules += [chance.choice(rules)] if chance.random() < 0.4 else []
    return {"redirects": "\n".join(rules), "requests": [_request(chance) for _ in range(8)]}


def _rule(chance: random.Random) -> str:
    names = chance.sample("pqr", chance.choice([0, 0, 0, 1, 2]))
    query = "".join(f" {name}={chance.choice([':x', ':y', ':z', '1'])}" for name in names)
    folders = chance.choices(["a", "b", "c", ":x", ":y", "ab", "a:x"], k=chance.randint(0, 3))
    end = chance.choice(["", "", "", "/", "/*", "/*", "*"])
    parts = chance.choices(["t", "u", ":x", ":y", ":splat", ":z", "t:x"], k=chance.randint(1, 3))
    to = "/".join(parts) + chance.choice(["", "", "?q=:x", "#f", "/"])
    path = ("/" + "/".join(folders) + end).replace("//", "/")
    return f"{path}{query} /{to}{chance.choice([' 301', ' 302', '', ' 200'])}"


def _request(chance: random.Random) -> str:
    folders = chance.choices(["a", "b", "c", "ab", "z"], k=chance.randint(0, 4))
    count = chance.choice([0, 0, 1, 2, 3])
    query = "&".join(f"{chance.choice('pqrs')}={chance.choice('12')}" for _ in range(count))
    path = ("/" + "/".join(folders) + chance.choice(["", "/"])).replace("//", "/")
    return f"{path}?{query}" if query else path
