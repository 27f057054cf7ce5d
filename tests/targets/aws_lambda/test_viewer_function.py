"""The function of CloudFront, in Node, compared with what the rules of a site do with a query."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.redirects.matching.match import resolve
from ssg.redirects.matching.request import read_request
from ssg.redirects.matching.static_files import file_finder
from ssg.targets.aws_lambda.viewer_function import MAX_BYTES, viewer_function

RULES = """
/old /new/ 301
/käse/* /new/:splat 302
/search q=:q /found/:q/ 302
/shop/:year/* /blog/:year/:splat 301
/doc* /docs/ 301
/blog/* /_ssg/functions/ssg-pages 200
/plain /new/ 200
"""
FILES = ["new/index.html", "v1.css/index.html", "style.css", "404.html"]


def called(tmp_path: Path, code: str, requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the function makes of requests."""
    script = tmp_path / "call.js"
    script.write_text(f"{code}\nconst all = {json.dumps(requests)};\nconsole.log(JSON.stringify("
                      "all.map(request => handler({request}))));\n")  # fmt: skip
    done = subprocess.run(["node", str(script)], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def request(uri: str, language: str = "") -> dict[str, Any]:
    headers = {"accept-language": {"value": language}} if language else {}
    return {"uri": uri, "querystring": {"x": {"value": "1"}}, "headers": headers}


@pytest.mark.node
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_a_query_is_removed_only_where_no_answer_depends_on_it(tmp_path: Path) -> None:
    rules = parse_redirects(RULES, "_redirects").rules
    code = viewer_function(rules, FILES, [".css"])
    paths = ["/old", "/old/", "/k%C3%A4se/a/", "/k%c3%a4se", "/search", "/shop/2024/x/", "/shop/",
             "/doc", "/docs/", "/blog/a/", "/blog/a", "/plain/", "/new", "/new/", "/style.css",
             "/v1.css", "/nothing/", "/", "/%ff/"]  # fmt: skip
    answers = called(tmp_path, code, [request(path) for path in paths])
    kept = {path for path, one in zip(paths, answers, strict=True) if one["querystring"]}
    find = file_finder(FILES)
    for path in paths:
        with_query, without = (
            resolve(rules, read_request(path, query, {}), find) for query in ("x=1", "")
        )
        assert path in kept or with_query == without, path
    assert kept.isdisjoint({"/blog/a/", "/plain/", "/new/", "/style.css", "/nothing/", "/"})
    assert {"/old", "/old/", "/new", "/v1.css", "/search", "/%ff/"} <= kept


@pytest.mark.node
@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_only_the_first_language_is_kept(tmp_path: Path) -> None:
    sent = [request("/", "de-AT, de;q=0.9"), request("/", "en;q=0.8"), request("/")]
    answers = called(tmp_path, viewer_function((), (), ()), sent)
    found = [one["headers"].get("accept-language", {}).get("value") for one in answers]
    assert found == ["de-AT", "en", None]


def test_too_many_rules_keep_every_query() -> None:
    text = "".join(f"/a-rather-long-path-{number}/ /new/ 301\n" for number in range(500))
    code = viewer_function(parse_redirects(text, "_redirects").rules, FILES, [".css"])
    assert len(code.encode()) <= MAX_BYTES and 'prefixes = ["/"]' in code
