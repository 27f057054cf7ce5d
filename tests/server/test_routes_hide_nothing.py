"""A route matches paths of the site, too; files, rules and deferred pages answer before it."""

from __future__ import annotations

from pathlib import Path

from ssg.build.inspect.live_routes import route_facts
from tests.build.live.live_site import CONFIG, FILES, build_live
from tests.json_api import json_api
from tests.server.started import started

PAGES = {
    "content/blog/file.md": "the file",
    "content/blog/later.md": "---\ndeferred: true\naliases: [/old/later/]\n---\nthe deferred page",
    "static/blog/asset/index.html": "the asset",
    "static/_redirects": "/rule/one/ /about/ 302\n",
    "templates/page.html": "{{ page.content }}",
    "ssg.toml": CONFIG,
}
OWN = {
    "/blog/file/": (200, b"<p>the file</p>\n"),
    "/blog/later/": (200, b"<p>the deferred page</p>\n"),
    "/blog/asset/": (200, b"the asset"),
    "/rule/one/": (302, b""),
    "/old/later/": (301, b""),
}


def test_what_the_site_has_answers_before_a_route(tmp_path: Path) -> None:
    with json_api(posts=1) as api:
        for path in OWN:
            api.add_post(*path.strip("/").split("/"), title="the route")
        env = {"API_URL": api.url}
        built = build_live(tmp_path, {**FILES, **PAGES}, env, target="server")
        with started(tmp_path, "dist", **env) as server:
            found = {path: server.get(path) for path in OWN}
            assert {path: (one[0], one[2]) for path, one in found.items()} == OWN
            assert api.targets == []  # nobody has asked for data
            assert server.get("/user1/post1/")[2].startswith(b"post1 by user1")
    (facts,) = route_facts(built.site)
    assert (facts.pages, facts.examples) == (2, ["/blog/file/", "/blog/later/"])
