"""A preview with its dashboard on 127.0.0.1 for the tests, and a client that knows its forms."""

from __future__ import annotations

import html
import http.client
import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from ssg.edge.app import Edge
from ssg.edge.http.http_server import HttpServer
from ssg.edge.http.listener import listening_socket
from ssg.edge.page_function import function_in_process
from ssg.edge.storage.disk_store import DiskStore
from ssg.preview import overlay
from ssg.preview.app import PreviewApp
from ssg.preview.dashboard.app import Dashboard
from ssg.preview.debug_tools import DebugTools
from ssg.preview.deployment import BuildInfo, PreviewDeployment
from ssg.targets.netlify.capabilities import BUILDER
from tests.conftest import Built
from tests.preview.running import Got

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Console:
    """A preview, and what one can do to it."""

    app: PreviewApp
    tools: DebugTools
    port: int
    folder: Path

    def deploy(self, built: Built, **changes: object) -> None:
        """Serve a build."""
        report = built.report
        values = {
            "publish_dir": report.output,
            "rules": report.routes.rules,
            "answer": function_in_process(report.database, "/.netlify/builders/ssg-pages"),
            "capabilities": BUILDER,
            "info": BuildInfo(report.database, warnings=report.warnings),
            **changes,
        }
        deployment = PreviewDeployment(report.build_id, **values)  # type: ignore[arg-type]
        self.app.deploy(self.tools.instrument(deployment))

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: str = "",
        host: str | None = None,
    ) -> Got:  # fmt: skip
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host or f"127.0.0.1:{self.port}")
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body.encode() or None)
        response = connection.getresponse()
        got = {name.lower(): value for name, value in response.getheaders()}
        answer = Got(response.status, got, response.read())
        connection.close()
        return answer

    def get(self, path: str = "/__ssg/", **headers: str) -> Got:
        """Read something."""
        return self.ask("GET", path, headers)

    def text(self, query: str = "") -> str:
        """The dashboard as text, without tags."""
        got = self.get(f"/__ssg/?{query}")
        assert got.status == 200, got.body
        return plain(got.body.decode())

    def rows(self, query: str = "") -> dict[str, str]:
        """The listed pages by path, each as text."""
        body = self.get(f"/__ssg/?{query}").body.decode()
        rows = re.findall(r'<tr role="row" id=".*?</tr>', body, re.DOTALL)
        return {re.findall(r"<a id=[^>]*>(.*?)</a>", row)[0]: plain(row) for row in rows}

    @property
    def token(self) -> str:
        """The token in the page's form."""
        found = re.search(r'name="token" value="([^"]+)"', self.get().body.decode())
        assert found
        return found[1]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def post(
        self, fields: Mapping[str, str], *, token: str | None = None, host: str | None = None,
        **headers: str,
    ) -> Got:  # fmt: skip
        """Press a button, with these headers of the browser."""
        body = urlencode({"token": self.token if token is None else token, **fields})
        return self.ask("POST", "/__ssg/do", {**FORM, **headers}, body, host)

    def do(self, **fields: str) -> str:
        """Press a button as the page itself does; returns what it then says."""
        named = {name.replace("_", "-"): value for name, value in fields.items()}
        got = self.post(named, Origin=self.origin)
        assert got.status == 303, got.body
        page = self.get(got.headers["location"]).body.decode()
        told = re.search(r'<p id="result"[^>]*>(.*?)</p>', page, re.DOTALL)
        assert told
        return html.unescape(told[1])


def plain(markup: str) -> str:
    """A page without its tags, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", markup)).split())


@contextmanager
def console(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    allowed_hosts: Iterable[str] = (),
    tools: DebugTools | None = None,
    **options: object,
) -> Iterator[Console]:
    """Serve from a thread; nothing is deployed yet. `options` are those of `Edge`."""
    tools = tools or DebugTools.new()
    store = DiskStore(folder / "cache", print)
    log = tools.log(lambda _: None)
    edge = Edge(
        store,
        log,
        decorate=overlay.decorate,
        now=tools.clock.now,
        **options,  # type: ignore[arg-type]
    )
    app = PreviewApp(edge, allowed_hosts)
    ready = threading.Event()
    with listening_socket(host, 0) as listener:
        server = HttpServer(Dashboard(app, tools), ready.set, app.events.close)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        assert ready.wait(10)
        try:
            yield Console(app, tools, listener.getsockname()[1], folder)
        finally:
            server.should_exit = True
            thread.join(10)
    assert not thread.is_alive()
