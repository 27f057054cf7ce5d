"""The application: health, readiness, the edge, and the lifespan of another ASGI server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ssg.edge.events import EdgeRecord, Notice
from ssg.server.app import ServerApp
from ssg.server.process import application
from ssg.server.settings import ServerSettings
from ssg.server.site import ServedSite
from tests.server.asking import ask
from tests.server_site import SERVER_SITE, build_for_server

Message = dict[str, Any]


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    build_for_server(tmp_path)
    return tmp_path / "dist"


def app_of(dist: Path, log: Callable[[EdgeRecord], None] = lambda _: None) -> ServerApp:
    settings = ServerSettings(dist, cache=str(dist.parent / "cache"))
    return ServerApp(lambda: ServedSite(settings, {}, log))


def get(app: ServerApp, path: str) -> tuple[int, Mapping[str, str], bytes]:
    answer = ask(app, path)
    return answer.status, answer.headers, answer.body


async def live(app: ServerApp) -> list[str]:
    """Start and stop an application; returns what it says."""
    said: list[str] = []
    asked = iter(["startup", "shutdown"])

    async def receive() -> Message:
        return {"type": f"lifespan.{next(asked)}"}

    async def send(message: Any) -> None:
        said.append(f"{message['type']} {message.get('message', '')}".strip())

    await app({"type": "lifespan"}, receive, send)
    return said


def test_health_and_readiness(dist: Path) -> None:
    app = app_of(dist)
    assert get(app, "/healthz")[0] == 200
    assert get(app, "/readyz")[0] == 503
    assert get(app, "/about/")[0] == 503
    site = app.start()
    status, headers, body = get(app, "/readyz")
    assert (status, headers["cache-control"], body) == (200, "no-store", b"ready\n")
    site.stop()
    assert get(app, "/readyz")[0] == 503
    assert get(app, "/about/")[0] == 200, "requests that come nevertheless are answered"


def test_the_edge_answers_everything_else(dist: Path) -> None:
    app = app_of(dist)
    app.start()
    assert get(app, "/about/")[2] == b"About|<p>About</p>\n"
    status, headers, body = get(app, "/blog/a/")
    assert (status, body) == (200, b"A|<p>Text of <em>A</em></p>\n")
    assert headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert headers["cache-status"] == "ssg; fwd=uri-miss; stored"
    assert get(app, "/blog/a/")[1]["cache-status"] == "ssg; hit"
    assert get(app, "/old-b/")[1]["location"] == "/blog/b/"
    assert get(app, "/_ssg/functions/pages/blog/a/")[0] == 404


def test_the_lifespan_starts_and_stops_the_site(dist: Path) -> None:
    environment = {"SSG_DIR": str(dist), "SSG_CACHE": str(dist.parent / "cache")}
    app = application(environment)
    assert asyncio.run(live(app)) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


@pytest.mark.parametrize(
    ("environment", "reason"),
    [({"SSG_DIR": "/nowhere"}, "not a build for a server"), ({"SSG_WORKERS": "x"}, "SSG_WORKERS")],
)
def test_a_start_that_fails_says_why(environment: dict[str, str], reason: str) -> None:
    (said,) = asyncio.run(live(application(environment)))
    assert said.startswith("lifespan.startup.failed")
    assert reason in said


def test_a_cache_that_cannot_be_written_fails_no_request(dist: Path) -> None:
    (dist.parent / "cache").write_text("a file")
    notices: list[EdgeRecord] = []
    app = app_of(dist, notices.append)
    app.start()
    assert get(app, "/blog/a/")[0] == 200
    assert any(isinstance(record, Notice) for record in notices)


def test_headers_for_safety_are_there_where_the_site_says_nothing(tmp_path: Path) -> None:
    own = {"static/_headers": "/about/\n  Referrer-Policy: no-referrer\n"}
    build_for_server(tmp_path, {**SERVER_SITE, **own})
    app = app_of(tmp_path / "dist")
    app.start()
    assert get(app, "/about/")[1]["referrer-policy"] == "no-referrer"
    for path in ("/", "/blog/a/", "/x", "/nope/"):
        headers = get(app, path)[1]
        assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert headers["x-content-type-options"] == "nosniff"
