"""The dashboard of a site with live pages: calls of sources, faults on purpose, pages seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ssg.edge.page_function import function_with_sources
from ssg.preview.debug_tools import DebugTools
from ssg.preview.deployment import BuildInfo
from ssg.preview.sources import source_faults
from ssg.preview.sources.preview_sources import PreviewSources
from ssg.runtime.live.route_table import RouteTable
from ssg.targets.server.capabilities import SERVER
from tests.conftest import Built
from tests.json_api import JsonApi, json_api
from tests.preview.dashboard_page import Console, console, plain

CANARY = "canary-93b1ff"
CONFIG = """
theme = ""
base_url = "https://example.org/"
[target]
name = "server"
[sources.api]
url = "http://127.0.0.1:{port}/"
headers = {{ Authorization = "Bearer ${{API_TOKEN}}" }}
timeout = {timeout}
[[routes]]
path = "/u/{{user}}/{{slug}}/"
template = "post.html"
data.post = {{ source = "api", path = "/posts/{{user}}/{{slug}}" }}
page = {{ title = "post.title" }}
ttl = 60
stale = 60
tags = ["post:{{user}}/{{slug}}"]
[[routes]]
path = "/fault/{{kind}}/"
template = "post.html"
data.post = {{ source = "api", path = "/fault/{{kind}}" }}
"""
PAGE = "/u/user1/post1/"
Make = Callable[..., "LivePreview"]


@dataclass
class LivePreview:
    """A preview of a site with live pages."""

    console: Console
    api: JsonApi

    def section(self) -> str:
        """What the dashboard says of live pages."""
        body = self.console.get().body.decode()
        return plain(body.partition('<section id="live"')[2].partition("</section>")[0])

    def page(self, path: str = PAGE) -> tuple[int, str]:
        got = self.console.get(path)
        return got.status, got.body.decode()


@pytest.fixture
def api() -> Iterator[JsonApi]:
    with json_api(posts=4, users=2) as running:
        yield running


@pytest.fixture
def live(api: JsonApi, site: Callable[..., Built], tmp_path: Path) -> Iterator[Make]:
    stack = []

    def make(timeout: int = 5, **options: Path) -> LivePreview:
        port = api.url.rpartition(":")[2]
        files = {
            "ssg.toml": CONFIG.format(port=port, timeout=timeout),
            "content/about.md": "---\ntitle: About\n---\n",
            "templates/post.html": "<body>{{ page.title }}</body>",
        }
        built = site(files, target="server")
        tools = DebugTools.new()
        tools.source_faults._sleep = lambda _: None
        log = tools.log(lambda _: None)
        variables = {"API_TOKEN": CANARY}
        sources = PreviewSources(variables, faults=tools.source_faults, log=log, **options)
        shell = sources.shell(built.report.database)
        running = console(tmp_path, tools=tools)
        preview = running.__enter__()
        stack.append(running)
        answer = function_with_sources(
            built.report.database, built.report.builder or "", (), 30, shell, sources.bring(shell)
        )
        preview.deploy(
            built,
            answer=answer,
            capabilities=SERVER,
            function=built.report.builder,
            has_paths=True,
            rules=built.report.routes.rules,
            routes=RouteTable.of(shell.settings.routes),
            info=BuildInfo(built.report.database, sources=tuple(shell.settings.sources)),
        )
        return LivePreview(preview, api)

    yield make
    for running in stack:
        running.__exit__(None, None, None)


def test_requests_to_sources_are_shown(live: Make) -> None:
    preview = live()
    assert preview.page()[0] == 200
    assert preview.page("/u/user1/nothing/")[0] == 404
    shown = preview.section()
    assert "The last 2 requests to sources" in shown
    assert "api /posts/user1/post1 200" in shown
    assert "api /posts/user1/nothing 404" in shown
    assert "ms" in shown


def test_live_pages_that_were_seen_are_listed_with_route_tags_and_ttl(live: Make) -> None:
    preview = live()
    assert preview.page()[0] == 200
    shown = preview.section()
    assert f"{PAGE} post.html live · /u/{{user}}/{{slug}}/ · ttl 60 s · stale 60 s" in shown
    assert "post:user1:post1" in shown
    assert "source:api" in shown
    assert "fresh until" in shown
    preview.api.posts["user1", "post1"]["title"] = "Changed"
    assert preview.console.do(purge_tag="post:user1/post1").startswith("Purged ")
    assert "Changed" in preview.page()[1]
    preview.api.posts["user1", "post1"]["title"] = "Again"
    assert preview.console.do(render=PAGE).startswith(f"Rendered {PAGE}")
    assert "Again" in preview.page()[1]
    assert preview.console.do(purge=PAGE) == f"Purged {PAGE}."
    assert preview.console.do(render="/no/such/page/at/all/").startswith("There is no deferred")


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [("down", 500, "api is down"), ("slow", 200, "200"), ("missing", 404, "404")],
)
def test_a_source_can_be_made_to_fail(live: Make, fault: str, status: int, said: str) -> None:
    preview = live()
    assert preview.console.do(source=f"api:{fault}").startswith("The source api is ")
    assert preview.page()[0] == status
    assert said in preview.section()
    asked_before = len(preview.api.seen)
    assert asked_before == (1 if fault == "slow" else 0)
    assert preview.console.do(source="api:usual") == "The source api is asked as usual."
    preview.console.do(purge_all="1")
    assert preview.page()[0] == 200


def test_a_slow_source_fails_if_its_limit_is_shorter(live: Make) -> None:
    preview = live(timeout=1)
    assert source_faults.SLOW_SECONDS > 1
    preview.console.do(source="api:slow")
    assert preview.page()[0] == 500
    assert "api took longer than 1 s" in preview.section()
    assert preview.api.seen == []


def test_an_unknown_fault_is_no_action(live: Make) -> None:
    preview = live()
    assert preview.console.do(source="api:broken") == "There is no such action."


def test_the_author_is_told_why_a_page_failed_and_visitors_are_not(live: Make) -> None:
    preview = live()
    preview.console.do(source="api:down")
    status, body = preview.page()
    assert status == 500
    page, _, script = body.partition("<script")
    assert "api" not in page
    assert "/u/{user}/{slug}/: api is down" in script
    assert "post.html" in script


def test_recorded_answers_are_replayed_without_the_source(live: Make, tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    assert live(record=folder).page()[0] == 200
    (file,) = folder.rglob("*.json")
    assert json.loads(file.read_text())["json"]["slug"] == "post1"
    replayed = live(replay=folder)
    replayed.api.forget()
    replayed.console.do(purge_all="1")
    assert replayed.page()[0] == 200
    assert replayed.api.seen == []
    assert "from the recording" in replayed.section()
    status, _ = replayed.page("/u/user2/post2/")
    assert status == 500
    assert "there is no recording" in replayed.section()


def test_no_secret_is_on_the_dashboard(live: Make) -> None:
    preview = live(timeout=1)
    said = []
    for kind in ("echo", "status%2F401", "break-head", "html"):
        got = preview.console.get(f"/fault/{kind}/")
        said += [repr(got.headers).encode(), got.body]
    assert any(one.headers.get("authorization") == f"Bearer {CANARY}" for one in preview.api.seen)
    said += [preview.console.get(path).body for path in ("/__ssg/", "/__ssg/pulse")]
    said.append(repr(preview.console.tools.source_calls.newest()).encode())
    assert all(CANARY.encode() not in one for one in said)
