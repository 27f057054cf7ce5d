"""The API behind a server, with the shell and the files of the built site, for browsers."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import BrowserContext
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from blog.accounts import sessions
from blog.app import PREFIXES, application
from blog.settings import Settings
from blog.site_shell import PageShell
from tests.platform.client import SECRET, RunningApi, SetClock
from tests.platform.signed_in import SignedIn, author
from tests.platform.site.conftest import SITE
from tests.ports import free_port

START_SECONDS = 20
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ServedApi:
    """A running platform."""

    url: str
    api: RunningApi

    def log_in(self, context: BrowserContext, name: str, *, is_admin: bool = False) -> SignedIn:
        """Log somebody in, in a browser; returns the same session as a client."""
        signed_in = author(self.api, name, account_id=f"id-{name}", is_admin=is_admin)
        token = signed_in.client.cookies[sessions.COOKIE]
        context.add_cookies([{"name": sessions.COOKIE, "value": token, "url": self.url}])
        return signed_in


@contextmanager
def served_api(folder: Path, site: Path) -> Iterator[ServedApi]:
    """Run the API with a new database, and the public folder of a built site beside it."""
    url = f"http://127.0.0.1:{free_port()}"
    policy = _policy()
    shell = (site / "shell/index.html").read_text("utf-8").replace("http://127.0.0.1:8010", url)
    settings = Settings(f"sqlite:///{folder / 'blog.db'}", url, SECRET, SECRET, (url,))
    clock = SetClock(float(int(time.time())))
    api = application(
        settings,
        clock=clock,
        send=lambda *_: None,
        fetch_shell=lambda _: PageShell(shell, {"content-security-policy": policy}),
    )
    with _running(_both(api, StaticFiles(directory=site, html=True)), url):
        yield ServedApi(url, RunningApi(TestClient(api, base_url=url), clock))


def _policy() -> str:
    found = re.search(
        r"Content-Security-Policy: (.*)", (SITE / "static/_headers").read_text("utf-8")
    )
    assert found
    return found[1]


def _both(api: Any, files: Any) -> Any:
    async def app(scope: Message, receive: Receive, send: Send) -> None:
        is_api = scope["type"] == "lifespan" or scope["path"].startswith(PREFIXES)
        await (api if is_api else files)(scope, receive, send)

    return app


@contextmanager
def _running(app: Any, url: str) -> Iterator[None]:
    port = int(url.rpartition(":")[2])
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)
