"""Live pages with Netlify's own CLI: its rules and paths lead to the function, which asks."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.conformance.live import LIVE_SITE, TOKEN, add_posts, expected_answers, variables
from tests.conftest import write
from tests.e2e.netlify import REPOSITORY, ask, netlify_build, netlify_dev
from tests.json_api import json_api

pytestmark = [pytest.mark.node, pytest.mark.netlify, pytest.mark.xdist_group("netlify")]

NETLIFY_TOML = """
[build]
command = "PYTHONPATH={} {} -m ssg build"
publish = "public"
"""
PAGES = (
    "/user1/post1/",
    "/user1/post1",
    "/users/user1/page/2/",
    "/since/user1/after/2/",
    "/users/user1/feed.xml",
    "/blog/post1.html",
    "/fr/blog/post1.html",
    "/user1/moved/",
    "/fault/status/503/",
)
"""Live pages, redirects, and a failure."""
MISSING = ("/user1/nothing/", "/fr/x/")
"""Paths of routes without a page. After a 404 of a function with paths, `netlify dev` asks it for
the path without its slash, which is redirected."""


@pytest.mark.parametrize("kind", ["builder", "function"])
def test_netlify_dev_leads_requests_to_live_pages(tmp_path: Path, kind: str) -> None:
    root = tmp_path / "site"
    target = f'[target]\nname = "netlify"\nkind = "{kind}"\n'
    with json_api(posts=5) as api:
        add_posts(api)
        with expected_answers(root, tmp_path / "whole", api) as expected:
            toml = NETLIFY_TOML.format(REPOSITORY, sys.executable)
            config = str(LIVE_SITE["ssg.toml"]) + target
            write(root, {"ssg.toml": config, "netlify.toml": toml})
            netlify_build(root)
            address = f"/.netlify/{kind}s/ssg-pages/"
            probe = address if kind == "builder" else "/user1/nothing/"
            with netlify_dev(root, probe, **variables(api)) as port:
                for path in (*PAGES, *(MISSING if kind == "builder" else ())):
                    answer, wanted = ask(port, path), expected[path]
                    assert (path, answer.status) == (path, wanted.status)
                    assert answer.body == wanted.body, path
                    assert answer.headers.get("location") == wanted.headers.get("Location")
                assert b"It comes first." in ask(port, "/user1/built/").body
                assert b"Next." in ask(port, "/user1/late/").body
                assert ask(port, "/a/b/c/d/e/").status == 404
        assert {seen.headers["authorization"] for seen in api.seen} == {f"Bearer {TOKEN}"}
    if kind == "function":
        manifest = json.loads((root / ".netlify/functions/manifest.json").read_text("utf-8"))
        (pages,) = (one for one in manifest["functions"] if one["name"] == "ssg-pages")
        patterns = {route["pattern"] for route in pages["routes"]}
        assert {"/:user/:slug", "/:user/:slug/", "/fr/blog/:slug"} <= patterns
