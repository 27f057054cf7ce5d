"""`ssg serve` as a process."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import time
from pathlib import Path

import pytest

from tests.cli.serving import SITE, Served, serving, ssg
from tests.conftest import write
from tests.json_api import json_api


@pytest.mark.parametrize(
    ("options", "shown"), [((), True), (("--no-drafts",), False), (("-D",), True)]
)
def test_drafts_are_shown_and_marked_unless_they_are_not_wanted(
    tmp_path: Path, options: tuple[str, ...], shown: bool
) -> None:
    write(tmp_path, SITE)
    with serving(tmp_path, *options) as served:
        status, _, body = served.get("/blog/draft/")
        assert status == (200 if shown else 404)
        assert ('data-mark="draft"' in body) is shown
        assert "data-mark" not in served.get("/blog/new/")[2]
    stored = [path.read_bytes() for path in (tmp_path / ".ssg/serve").rglob("*") if path.is_file()]
    assert not any(b"data-mark" in data for data in stored)


def test_another_host_reads_drafts_only_if_it_is_allowed(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    with serving(
        tmp_path, "--allow-host", "mine.example", "--allow-host", ".tunnel.example"
    ) as served:
        for host in ("mine.example", "a.tunnel.example"):
            assert served.get("/blog/draft/", {"Host": host})[0] == 200
        status, _, body = served.get("/blog/draft/", {"Host": "evil.example"})
        assert (status, "--allow-host" in body) == (421, True)


def test_an_address_is_not_a_host_name(tmp_path: Path) -> None:
    done = ssg(tmp_path, "serve", "--allow-host", "http://mine.example")
    assert done.returncode == 2
    assert "is not a host name" in done.stderr


def test_a_builder_is_asked_at_its_own_address_too(tmp_path: Path) -> None:
    """`tests/targets/netlify/test_function.py` has the same for the function in Node."""
    write(tmp_path, SITE)
    own = "/.netlify/builders/ssg-pages"
    with serving(tmp_path) as served:
        page = served.get("/blog/old/")
        assert page[0] == 200
        assert served.get(f"{own}/blog/old/")[::2] == page[::2]
        for path in (own, f"{own}x/blog/old/", f"{own}/nothing/"):
            assert served.get(path)[0] in (404, 502)


def test_pages_of_the_future_and_the_past_say_so(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    write(
        tmp_path,
        {
            "content/later.md": "---\ntitle: Later\ndate: 2999-01-01\n---\n",
            "content/past.md": "---\ntitle: Past\nexpiry_date: 2001-01-01\n---\n",
        },
    )
    with serving(tmp_path, "--future", "--expired") as served:
        assert 'data-mark="to be published on 2999-01-01 00:00 UTC"' in served.get("/later/")[2]
        assert 'data-mark="expired on 2001-01-01 00:00 UTC"' in served.get("/past/")[2]


def test_headers_of_files_and_deferred_pages_and_passwords(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    write(tmp_path, {"static/_headers": "/*\n  X-A: b\n/about/*\n  Basic-Auth: me:secret\n"})
    with serving(tmp_path) as served:
        assert served.get("/about/")[0] == 401
        known = {"Authorization": "Basic " + base64.b64encode(b"me:secret").decode()}
        status, headers, _ = served.get("/about/", known)
        assert (status, headers["x-a"]) == (200, "b")
        assert "basic-auth" not in headers
        assert [served.get("/blog/new/")[1]["x-a"] for _ in range(2)] == ["b", "b"]


def test_a_change_of_styles_is_announced_as_one(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    with serving(tmp_path, "--quiet") as served:
        events = Events(served)
        first = events.next()["build"]
        (tmp_path / "static/app.css").write_text("h1 { color: blue }")
        told = events.next()
        assert told["build"] != first
        assert told["stylesSince"] == first
        (tmp_path / "content/about.md").write_text("---\ntitle: New\n---\n")
        assert events.next()["stylesSince"] is None
        (tmp_path / "static/other.txt").write_text("text")
        assert events.next()["stylesSince"] is None
        events.close()


def test_roles_are_proved_with_the_secret_of_the_environment(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    write(tmp_path, {"static/_redirects": "/about/* /about/:splat 200! Role=admin\n"})
    token = signed(
        {"exp": time.time() + 60, "app_metadata": {"authorization": {"roles": ["admin"]}}}
    )
    for variables, status in (({"SSG_JWT_SECRET": "key"}, 200), ({}, 404)):
        with serving(tmp_path, "--quiet", **variables) as served:
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
            connection.request("GET", "/about/", headers={"Cookie": f"nf_jwt={token}"})
            assert connection.getresponse().status == status
            connection.close()
            assert served.get("/about/")[0] == 404


def signed(claims: dict[str, object]) -> str:
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256"}, claims)]
    text = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
    proof = hmac.new(b"key", text.encode(), hashlib.sha256).digest()
    return f"{text}.{base64.urlsafe_b64encode(proof).decode().rstrip('=')}"


class Events:
    """The announcements of a preview."""

    def __init__(self, served: Served) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=15)
        self._connection.request("GET", "/__ssg/events")
        self._response = self._connection.getresponse()

    def next(self) -> dict[str, object]:
        while True:
            line = self._response.readline()
            if line.startswith(b"data: "):
                told: dict[str, object] = json.loads(line[6:])
                return told

    def close(self) -> None:
        self._response.close()
        self._connection.close()


@pytest.mark.node
@pytest.mark.parametrize(
    ("kind", "own"),
    [("builder", "/.netlify/builders/ssg-pages"), ("function", "/.netlify/functions/ssg-pages")],
)
def test_the_function_itself_answers_in_node(tmp_path: Path, kind: str, own: str) -> None:
    config = SITE["ssg.toml"].replace("[[", f'kind = "{kind}"\n[[') + "ttl = 90\n"
    for folder in ("python", "node"):  # without a shared cache
        write(tmp_path / folder, {**SITE, "ssg.toml": config})
    with (
        serving(tmp_path / "python") as python,
        serving(tmp_path / "node", "--runtime", "node") as node,
    ):
        for path in ("/blog/old/", "/blog/new", "/blog/no/", "/about/"):
            (status, headers, body), other = python.get(path), node.get(path)
            own_text = [text.partition("<script")[0] for text in (body, other[2])]
            assert (other[0], own_text[1]) == (status, own_text[0])
            for name in ("content-type", "cache-control", "location"):
                assert other[1].get(name) == headers.get(name)
        for served in (python, node):
            assert "; ttl=" in served.get("/blog/old/")[1]["cache-status"]
            assert served.get(f"{own}/blog/old/")[0] == (200 if kind == "builder" else 404)


LIVE = """
[sources.api]
url = "${API_URL}"
headers = { Authorization = "Bearer ${API_TOKEN}" }
[runtime]
env = ["API_URL"]
[[routes]]
path = "/{user}/{slug}/"
template = "post.html"
data.post = { source = "api", path = "/posts/{user}/{slug}" }
ttl = 60
"""


@pytest.mark.node
def test_the_function_in_node_gets_the_variables_of_files(tmp_path: Path) -> None:
    template = {"templates/post.html": "<body>{{ post.title }}</body>"}
    write(tmp_path, {**SITE, **template, "ssg.toml": SITE["ssg.toml"] + LIVE})
    with json_api(posts=1) as api:
        write(tmp_path, {"dev.env": f"API_URL={api.url}\nAPI_TOKEN=of-a-file\n"})
        with serving(tmp_path, "--runtime", "node", "--env-file", "dev.env") as served:
            status, _, body = served.get("/user1/post1/")
        assert status == 200
        assert body.startswith("<body>post1 by user1<")
        assert api.seen[-1].headers["authorization"] == "Bearer of-a-file"
