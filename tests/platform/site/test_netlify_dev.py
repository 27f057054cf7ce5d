"""The site with Netlify's own CLI: pages of users from the function, the API behind rules."""

from __future__ import annotations

import json
import runpy
import sys
import time
from pathlib import Path

import pytest

from blog.client_address import client_address
from tests.e2e.netlify import REPOSITORY, ask, netlify_build, netlify_dev
from tests.platform.site.conftest import SITE
from tests.platform.site.fake_api import example_api, fake_api
from tests.platform.test_client_address import SECRET, settings

pytestmark = [
    pytest.mark.node, pytest.mark.netlify, pytest.mark.xdist_group("netlify"),
]  # fmt: skip

NETLIFY_TOML = """
[build]
command = "PYTHONPATH={} {} -m ssg build"
publish = "public"
"""


def test_netlify_dev_serves_the_platform(tmp_path: Path) -> None:
    root = tmp_path / "site"
    with fake_api(example_api()) as api:
        write_site = runpy.run_path(str(SITE / "netlify/site.py"))["write_site"]
        write_site(api.url, root)
        (root / "netlify.toml").write_text(NETLIFY_TOML.format(REPOSITORY, sys.executable))
        netlify_build(root, API_URL=f"{api.url}/api")
        # Rules are signed with variables of the site's settings, or of this file in their place.
        (root / ".env").write_text(f"NETLIFY_PROXY_SECRET={SECRET}\n")
        with netlify_dev(root, "/ben/", API_URL=f"{api.url}/api") as port:
            home = ask(port, "/")
            assert (home.status, b"Mornings at the pier" in home.body) == (200, True)
            post = ask(port, "/ana/the-pier/")
            assert (post.status, b"<em>water is still flat</em>" in post.body) == (200, True)
            assert "script-src 'self'" in post.headers["content-security-policy"]
            assert ask(port, "/ana/posts/page/2/").status == 200
            assert b"<entry>" in ask(port, "/ana/feed.xml").body
            moved = ask(port, "/ana/the-old-pier/")
            assert (moved.status, moved.headers["location"]) == (301, "/ana/the-pier/")
            assert ask(port, "/ana/nothing/").status == 404
            assert b"About" in ask(port, "/about/").body
            told = json.loads(ask(port, "/api/users/ana").body)
            assert told["name"] == "Ana Lima"
            headers = {"x-nf-sign": api.signatures[-1], "x-nf-client-connection-ip": "203.0.113.9"}
            seen = client_address("192.0.2.1", headers, settings(SECRET), time.time())
            assert seen == "203.0.113.9"
            guarded = ask(port, "/write/")
            location = "/account/login?next=/write/"
            assert (guarded.status, guarded.headers["location"]) == (302, location)
