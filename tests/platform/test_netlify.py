"""The site on Netlify's own CLI, with the API at an address of its own behind Netlify's rules.

The API is the real one, so log-in, roles and publishing are those of production. `netlify dev` has
no cache, so nothing here says how long a purge takes.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from tests.e2e.netlify import REPOSITORY, netlify_build, netlify_dev
from tests.platform.cluster import EXAMPLE, SECRET, running_api_of
from tests.ports import free_port

pytestmark = [
    pytest.mark.node, pytest.mark.netlify, pytest.mark.xdist_group("netlify"),
]  # fmt: skip

PASSWORD = "four small boats in fog"  # noqa: S105 of a test
NETLIFY_TOML = """
[build]
command = "PYTHONPATH={} {} -m ssg build"
publish = "public"
[dev]
jwtSecret = "{}"
"""


@contextmanager
def platform_on_netlify(folder: Path) -> Iterator[httpx2.Client]:
    """Build the site, run Netlify's server and the API; yields a browser that follows nothing."""
    root, api_port = folder / "site", free_port()
    write_site = runpy.run_path(str(EXAMPLE / "netlify/site.py"))["write_site"]
    write_site(f"http://127.0.0.1:{api_port}", root)
    toml = NETLIFY_TOML.format(REPOSITORY, sys.executable, SECRET)
    (root / "netlify.toml").write_text(toml)
    variables = {"API_URL": f"http://127.0.0.1:{api_port}/api"}
    with running_api_of(folder / "api", api_port, "http://127.0.0.1:1"):
        netlify_build(root, **variables)
    with (
        netlify_dev(root, "/ana/", **variables) as port,
        running_api_of(folder / "api", api_port, f"http://127.0.0.1:{port}"),
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
    ):
        yield client


def send(client: httpx2.Client, path: str, value: object) -> httpx2.Response:
    token = client.get("/api/session").json()["csrf"]
    headers = {"X-CSRF-Token": token, "Origin": str(client.base_url).rstrip("/")}
    answer = client.post(path, json=value, headers=headers)
    assert answer.is_success, answer.text
    return answer


def test_somebody_writes_on_netlify(tmp_path: Path) -> None:
    with platform_on_netlify(tmp_path) as client:
        guarded = client.get("/write/")
        location = "/account/login?next=/write/"
        assert (guarded.status_code, guarded.headers["location"]) == (302, location)

        account = {"user": "ana", "name": "Ana Lima", "password": PASSWORD}
        signed_up = send(client, "/api/accounts", account)
        assert "HttpOnly" in signed_up.headers["set-cookie"]
        assert client.get("/api/session").json()["user"]["user"] == "ana"
        # The rule reads the role in the cookie that the API has set.
        assert client.get("/write/").status_code == 200
        assert client.get("/account/write").status_code == 200

        draft = {"title": "First post", "text": "The harbour was *still*.", "tags": ["sea"]}
        post = send(client, "/api/me/posts", draft).json()
        assert client.get("/ana/first-post/").status_code == 404
        send(client, f"/api/me/posts/{post['id']}/publish", {"revision": post["revision"]})
        assert "<em>still</em>" in client.get("/ana/first-post/").text
        for path in ("/ana/", "/ana/posts/", "/ana/feed.xml", "/tags/sea/", "/"):
            assert "/ana/first-post/" in client.get(path).text, path

        cookie = client.cookies["nf_jwt"]
        client.cookies.set("nf_jwt", f"{cookie[:-4]}AAAA")
        assert client.get("/write/").status_code == 302
