"""`lib/paths.js` decides as Python does which paths routes may have, and as fast."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import ssg
from ssg.model.live.route_pattern import MAX_VALUE_LENGTH, RoutePattern

MODULE = Path(ssg.__file__).parent / "targets/bundles/pyodide/lib/paths.js"
ASK = """
const { LivePaths } = require(process.argv[1]);
const { routes, paths } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const found = routes.map((route) => {
  const live = new LivePaths([route]);
  return paths.map((path) => live.matches(path));
});
console.log(JSON.stringify(found));
"""
PATTERNS = (
    RoutePattern("/{user}/{slug}/", {}, {"user": ("tags",)}),
    RoutePattern("/{name}.xml"),
    RoutePattern("/blog/{year}-{month}-{day}-{slug}.html", {"year": "[0-9]{4}"}),
    RoutePattern("/{a}-{b}-{c}-{d}-{e}/"),
    RoutePattern("/x({a})-{b}/", {}, {"a": ("no",)}),
)
LONG = MAX_VALUE_LENGTH
PATHS = (
    "/ana/hello/", "/tags/hello/", "/ana/../", "/feed.xml", "/日本/語/", f"/ana/{'😀' * LONG}/",
    f"/ana/{'x' * (LONG + 1)}/", "/blog/2026-01-02-a-b-c.html", "/blog/2026-01-02.html",
    "/a-b-c-d-e/", "/a-b-c-d/", f"/{'-' * 7000}!/", f"/blog/{'-' * 7000}.htm", "/x(yes)-b/",
    "/x(no)-b/", f"/{'-' * (LONG - 1)}!/", "/", "//a-b/", "/ana/hello",
)  # fmt: skip
EXACT = (0, 1)
"""The patterns that have one placeholder in a segment, and so no split that Python decides."""


def in_node(patterns: Sequence[RoutePattern], paths: Sequence[str]) -> list[list[bool]]:
    routes = [{"path": one.text, "except": one.excluded} for one in patterns]
    given = json.dumps({"routes": routes, "paths": paths})
    done = subprocess.run(
        ["node", "-e", ASK, str(MODULE)], input=given, capture_output=True, text=True, timeout=20,
        check=True,
    )  # fmt: skip
    found: list[list[bool]] = json.loads(done.stdout)
    return found


@pytest.mark.node
def test_what_python_matches_reaches_python() -> None:
    in_javascript = in_node(PATTERNS, PATHS)
    in_python = [[one.match(path) is not None for path in PATHS] for one in PATTERNS]
    assert all(any(one) for one in in_python)
    for number, (here, there) in enumerate(zip(in_python, in_javascript, strict=True)):
        assert all(may for is_there, may in zip(here, there, strict=True) if is_there)
        assert here == there or number not in EXACT
        assert not all(there)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_path_takes_long(pattern: RoutePattern) -> None:
    started = time.process_time()
    for path in PATHS:
        pattern.match(path)
    assert time.process_time() - started < 0.5
