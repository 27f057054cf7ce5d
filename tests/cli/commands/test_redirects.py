"""`ssg redirects`."""

from __future__ import annotations

import json
from pathlib import Path

from ssg.redirects.formats.netlify_toml import parse_netlify_toml
from ssg.redirects.formats.redirects_file import parse_redirects
from tests.cli.serving import SITE, ssg
from tests.conftest import write

RULES = {
    "static/_redirects": "# own\n/api/* https://api.example/:splat 200\n/de / 302 Language=de\n",
    "netlify.toml": '[[redirects]]\nfrom = "/last"\nto = "/about/"\n',
    "content/about.md": "---\ntitle: About\naliases: [/we/]\n---\nabout",
}


def test_every_rule_is_listed_in_order_with_its_origin(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, **RULES})
    done = ssg(tmp_path, "redirects")
    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    assert [(row[0], " ".join(row[3:])) for row in rows] == [
        ("/api/*", "static/_redirects:2:1"),
        ("/de", "Language=de static/_redirects:3:1"),
        ("/we/", "alias in content/about.md"),
        ("/blog/*", "deferred pages"),
        ("/last", "netlify.toml:1"),
    ]
    listed = json.loads(ssg(tmp_path, "redirects", "--json").stdout)["rules"]
    assert [rule["from"] for rule in listed] == [row[0] for row in rows]
    assert listed[1]["conditions"]["languages"] == ["de"]
    assert listed[0]["where"] == {"path": "static/_redirects", "line": 2, "column": 1}


LIVE = """
[sources.api]
url = "https://api.example.org"
[[routes]]
path = "/{user}/{slug}/"
template = "page.html"
data.post = { source = "api", path = "/posts/{user}/{slug}" }
ttl = 60
"""


def test_rules_of_live_pages_are_listed_after_those_of_deferred_pages(tmp_path: Path) -> None:
    """And one that takes all of them is a problem."""
    write(tmp_path, {**SITE, **RULES, "ssg.toml": str(SITE["ssg.toml"]) + LIVE})
    done = ssg(tmp_path, "redirects")
    rows = [line.split() for line in done.stdout.splitlines()[1:]]
    assert [(row[0], " ".join(row[3:])) for row in rows][-3:] == [
        ("/blog/*", "deferred pages"),
        ("/:user/:slug", "live pages"),
        ("/last", "netlify.toml:1"),
    ]
    assert ssg(tmp_path, "redirects", "--check").returncode == 0
    write(tmp_path, {"static/_redirects": "/:a/:b /about/ 302\n"})
    checked = ssg(tmp_path, "redirects", "--check")
    assert checked.returncode == 1
    assert "takes all live pages at /:user/:slug" in checked.stdout + checked.stderr


def test_rules_are_converted(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, **RULES})
    lines = parse_redirects(ssg(tmp_path, "redirects", "--format", "netlify").stdout)
    tables = parse_netlify_toml(ssg(tmp_path, "redirects", "--format", "toml").stdout)
    assert lines.problems == tables.problems == ()
    assert lines.rules == tables.rules
    assert len(lines.rules) == 5


def test_check_reports_suspicious_rules_and_fails(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, **RULES})
    assert ssg(tmp_path, "redirects", "--check").returncode == 0
    rules = "/a/* /b\n/a/c /d\n/about/* / 301!\n/x /x/\n/blog/new/ / 301!\n"
    write(tmp_path, {"static/_redirects": rules, "static/_headers": "nonsense\n"})
    done = ssg(tmp_path, "redirects", "--check", "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)["problems"]
    said = [(p["where"]["path"][7:], p["where"]["line"]) for p in found if p["where"]]
    assert sorted(said) == [
        ("_headers", 1), ("_redirects", 2), ("_redirects", 3), ("_redirects", 4), ("_redirects", 5)
    ]  # fmt: skip
    for line in (
        "static/_redirects:2:1: warning: the rule `/a/c /d 301` never applies",
        "static/_redirects:3:1: warning: the forced rule `/about/* / 301!` hides the file /about/",
        "static/_redirects:4:1: warning: the rule `/x /x/ 301` leads back to itself",
    ):
        assert line in done.stderr
    assert ssg(tmp_path, "redirects").returncode == 0


def test_a_host_without_rules_has_none(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, **RULES})
    done = ssg(tmp_path, "redirects", "--target", "static", "--check")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no redirect rules for the target static" in done.stderr


def test_paths_of_a_function_are_told_and_are_not_rules(tmp_path: Path) -> None:
    config = SITE["ssg.toml"].replace('name = "netlify"', 'name = "netlify"\nkind = "function"')
    write(tmp_path, {**SITE, "ssg.toml": config})
    told = ssg(tmp_path, "redirects")
    assert told.stdout.splitlines()[-1] == "its paths: /blog/* /blog /blog/"
    assert ssg(tmp_path, "redirects", "--format", "netlify").stdout == ""
    listed = json.loads(ssg(tmp_path, "redirects", "--json").stdout)
    assert (listed["rules"], listed["routing"]["paths"]) == ([], ["/blog/*", "/blog", "/blog/"])
    write(tmp_path, {"static/_redirects": "/blog/x /about/ 302\n"})
    rules = ssg(tmp_path, "redirects", "--format", "netlify").stdout
    assert "/blog/* /.netlify/functions/ssg-pages 200" in rules
    assert "(static/_redirects:1:1) has to come before it" in ssg(tmp_path, "redirects").stdout
