"""`ssg start` with live pages, whose data an API has: environment, processes, secrets, metrics."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ssg.model.errors import ConfigError
from ssg.server.release import deployment_of, find_release
from ssg.server.settings import full_environment, read_settings
from tests.cli.serving import ssg
from tests.conftest import Files
from tests.json_api import JsonApi, json_api
from tests.ports import free_port
from tests.server.started import Started, started
from tests.server.test_follow import until
from tests.server.test_metrics import can_read, numbers
from tests.server_site import SERVER_SITE, build_for_server

CANARY = "canary-6f1c22"
ROUTES = """
[runtime]
env = ["SITE_NAME"]

[sources.api]
url = "http://127.0.0.1:{port}/"
headers = {{ Authorization = "Bearer ${{API_TOKEN}}" }}
timeout = 1

[[routes]]
path = "/u/{{user}}/{{slug}}/"
template = "post.html"
data.post = {{ source = "api", path = "/posts/{{user}}/{{slug}}" }}
page = {{ title = "post.title", body = "post.markdown" }}
ttl = 60
tags = ["post:{{user}}/{{slug}}"]

[[routes]]
path = "/slow/{{name}}/"
template = "post.html"
data.post = {{ source = "api", path = "/fault/slow/{{name}}" }}

[[routes]]
path = "/fault/{{kind}}/"
template = "post.html"
data.post = {{ source = "api", path = "/fault/{{kind}}" }}
page = {{ title = "post.headers.Authorization" }}

[[routes]]
path = "/fault/{{kind}}/{{value}}/"
template = "post.html"
data.post = {{ source = "api", path = "/fault/{{kind}}/{{value}}" }}
"""


def live_files(api: JsonApi) -> Files:
    """A site whose pages below `/u/` come from an API."""
    port = api.url.rpartition(":")[2]
    return {
        **SERVER_SITE,
        "ssg.toml": str(SERVER_SITE["ssg.toml"]) + ROUTES.format(port=port),
        "templates/post.html": "<body>{{ page.title }} on {{ env.SITE_NAME }}</body>",
        "templates/404.html": "<body>nothing here</body>",
    }


@pytest.fixture(scope="module")
def api() -> Iterator[JsonApi]:
    with json_api(posts=6, users=2) as running:
        yield running


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory, api: JsonApi) -> Path:
    root = tmp_path_factory.mktemp("live")
    build_for_server(root, live_files(api))
    return root / "dist"


def test_variables_come_from_the_environment_and_from_a_file(
    dist: Path, tmp_path: Path, api: JsonApi
) -> None:
    file = tmp_path / "production.env"
    file.write_text(f"SITE_NAME=hidden\nAPI_TOKEN='{CANARY}'\n")
    api.forget()
    with started(tmp_path, str(dist), "--env-file", str(file), SITE_NAME="Example") as server:
        assert server.get("/u/user1/post1/")[2] == b"<body>post1 by user1 on Example</body>"
    assert [one.headers["authorization"] for one in api.seen] == [f"Bearer {CANARY}"]


@pytest.mark.parametrize("name", ["SITE_NAME", "API_TOKEN"])
def test_a_variable_that_is_missing_is_named_in_the_log_only(
    dist: Path, tmp_path: Path, name: str
) -> None:
    variables = {"SITE_NAME": "Example", "API_TOKEN": CANARY}
    del variables[name]
    with started(tmp_path, str(dist), **variables) as server:
        status, _, body = server.get("/u/user1/post1/")
        assert status == 500
        assert name.encode() not in body
        until(lambda: name in server.err.read_text())
        assert server.get("/blog/a/")[0] == 200


def test_an_environment_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        full_environment({"SSG_ENV_FILE": str(tmp_path / "none.env")})
    (tmp_path / "bad.env").write_text(f"A={CANARY}\nthis is {CANARY}\n")
    with pytest.raises(ConfigError, match=r"bad.env:2.*NAME=value") as caught:
        full_environment({}, str(tmp_path / "bad.env"))
    assert CANARY not in str(caught.value)


def test_each_worker_asks_for_itself(dist: Path, tmp_path: Path, api: JsonApi) -> None:
    api.forget()
    variables = {"SITE_NAME": "Example", "API_TOKEN": CANARY}
    with started(tmp_path, str(dist), "--workers", "2", **variables) as server:
        paths = [f"/u/user{n % 2 + 1}/post{n + 1}/" for n in range(6)] * 10
        with ThreadPoolExecutor(8) as visitors:
            answers = list(visitors.map(server.get, paths))
    assert [status for status, _, _ in answers] == [200] * 60
    assert len(api.seen) == 6, "a page is asked for once, by either of them"


def test_a_secret_is_in_nothing_that_a_server_says(dist: Path, tmp_path: Path) -> None:
    port = free_port()
    words = [str(dist), "--access-log", "json", "--metrics-port", str(port)]
    said: list[bytes] = []
    with started(tmp_path, *words, SITE_NAME="Example", API_TOKEN=CANARY) as server:
        for kind in ("echo", "status/401", "redirect/x", "html", "break-head", "slow"):
            _, headers, body = server.get(f"/fault/{kind}/")
            said += [repr(headers).encode(), body]
        until(lambda: can_read(port))
        said.append(repr(numbers(port)).encode())
        _, headers, body = server.get("/u/user1/post1/")
        said += [repr(headers).encode(), body]
    said += [server.out.read_bytes(), server.err.read_bytes()]
    assert b"<body>Bearer [secret] on Example" in said[1]
    for failure in ("answered 401", "answered 302", "not JSON", "broke off", "no answer within"):
        assert failure in server.err.read_text(), "the failures are told"
    assert all(CANARY.encode() not in one for one in said)


@pytest.mark.parametrize("path", ["/slow/same/", "/slow/{}/"])
def test_a_source_that_is_down_costs_no_more_than_its_timeout(
    dist: Path, tmp_path: Path, path: str
) -> None:
    with started(tmp_path, str(dist), SITE_NAME="Example", API_TOKEN=CANARY) as server:
        assert server.get("/u/user1/post1/")[0] == 200
        with ThreadPoolExecutor(41) as visitors:
            slow = [visitors.submit(_seconds, server, path.format(n)) for n in range(40)]
            time.sleep(0.5)
            assert server.get("/blog/a/")[0] == 200
            assert not slow[0].done(), "another page did not wait for it"
            assert max(one.result() for one in slow) < 3, "the limit is 1 s"


def _seconds(server: Started, path: str) -> float:
    before = time.monotonic()
    assert server.get(path)[0] == 500
    return time.monotonic() - before


def test_requests_to_sources_are_counted(dist: Path, tmp_path: Path) -> None:
    port = free_port()
    words = [str(dist), "--metrics-port", str(port)]
    with started(tmp_path, *words, SITE_NAME="Example", API_TOKEN=CANARY) as server:
        assert server.get("/u/user1/post1/")[0] == 200
        assert server.get("/u/user1/nothing/")[0] == 404
        assert server.get("/fault/break-head/")[0] == 500
        until(lambda: can_read(port))
        found = numbers(port)
    for outcome in ("ok", "missing", "failed"):
        name = f'ssg_source_seconds_count{{outcome="{outcome}",source="api"}}'
        assert found[name] == 1, outcome


def test_a_link_shows_the_draft_until_the_author_leaves(tmp_path: Path, api: JsonApi) -> None:
    files = live_files(api)
    config = str(files["ssg.toml"]).replace("[runtime]\n", "[runtime]\ndrafts = true\n")
    build_for_server(tmp_path / "site", {**files, "ssg.toml": config})
    api.add_post("user1", "new", title="Not yet", is_draft=True)
    secret = tmp_path / "secret"
    secret.write_text("a secret of at least thirty-two bytes\n")
    words = [str(tmp_path / "site/dist"), "--draft-secret-file", str(secret)]
    path, variables = "/u/user1/new/", {"SITE_NAME": "Example", "API_TOKEN": CANARY}
    with started(tmp_path / "run", *words, **variables) as server:
        assert server.get(path)[0] == 404
        printed = ssg(
            tmp_path / "site", "draft", path, "--draft-secret-file", str(secret),
            "--base-url", server.url,
        )  # fmt: skip
        link = printed.stdout.strip()
        assert link.startswith(f"{server.url}/_ssg/draft?path=%2Fu%2Fuser1%2Fnew%2F&token=")
        status, headers, _ = server.get(link.removeprefix(server.url))
        assert (status, headers["location"]) == (303, f"..{path}")
        cookie = {"Cookie": headers["set-cookie"].partition(";")[0]}
        status, headers, body = server.get(path, cookie)
        assert status == 200
        assert b"Not yet on Example" in body
        assert headers["cache-control"] == "private, no-store"
        assert server.get(path)[0] == 404
        assert server.get(f"/_ssg/draft?leave={path}")[1]["location"] == f"..{path}"


def test_a_secret_for_drafts_that_is_too_short_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    for variables in ({"SSG_DRAFT_SECRET": "short"}, {"SSG_DRAFT_SECRET_FILE": "no/such"},
                      {"SSG_DRAFT_SECRET_FILE": str(tmp_path / "secret")}):  # fmt: skip
        with pytest.raises(ConfigError, match=r"fewer than 32|cannot be read"):
            read_settings(variables)


def test_cached_pages_are_of_the_variables_that_they_may_show(dist: Path) -> None:
    def name(values: str) -> str:
        variables = dict(pair.split("=") for pair in values.split())
        return deployment_of(find_release(dist), variables=variables).cache_name

    shown = name("SITE_NAME=One API_TOKEN=a")
    assert name("SITE_NAME=Two API_TOKEN=a") != shown
    assert name("API_TOKEN=a") != shown
    assert name("SITE_NAME=One API_TOKEN=b OTHER=c") == shown, "no page shows a secret"
