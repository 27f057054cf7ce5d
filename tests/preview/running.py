"""A real server on 127.0.0.1 for the tests of the edge, and a client for it."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ssg.edge.app import Edge
from ssg.edge.events import AccessRecord, EdgeRecord, RenderRecord
from ssg.edge.http.http_server import DEFAULT_LIMITS, HttpServer, ServerLimits
from ssg.edge.http.listener import listening_socket
from ssg.edge.storage.disk_store import DEFAULT_SIZES, CacheSizes, DiskStore
from ssg.model.capabilities import Capabilities
from ssg.preview import overlay
from ssg.preview.app import PreviewApp
from ssg.preview.deployment import PreviewDeployment
from ssg.redirects.rule import RedirectRule
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.netlify.capabilities import BUILDER

HTML = {"Content-Type": "text/html; charset=UTF-8"}
CATCH_ALL = RedirectRule("/*", "/.netlify/builders/ssg-pages", 200)


@dataclass(frozen=True)
class Got:
    """A response as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def always(response: Response) -> Callable[[Request], Response]:
    """A builder with one answer."""
    return lambda _: response


@dataclass
class Builder:
    """A builder that counts its calls. `answer_with` may be replaced at any time."""

    answer_with: Callable[[Request], Response] = field(
        default=lambda request: Response(
            200, f"<body>{request.path}</body>".encode(), HTML, caching=Caching()
        )
    )
    requests: list[Request] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        return self.answer_with(request)


@dataclass
class Preview:
    """A preview that serves a folder."""

    app: PreviewApp
    port: int
    records: list[EdgeRecord]
    publish_dir: Path
    builder: Builder
    capabilities: Capabilities = BUILDER

    @property
    def edge(self) -> Edge:
        return self.app.edge

    def deployment(self, build_id: str, **changes: object) -> PreviewDeployment:
        """A build of this folder."""
        values = {
            "publish_dir": self.publish_dir,
            "rules": (CATCH_ALL,),
            "answer": self.builder,
            "capabilities": self.capabilities,
            **changes,
        }
        return PreviewDeployment(build_id, **values)  # type: ignore[arg-type]

    def get(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Got:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        got = Got(
            response.status,
            {name.lower(): value for name, value in response.getheaders()},
            response.read(),
        )
        connection.close()
        return got

    def renders(self) -> list[RenderRecord]:
        """The calls of the builder that were logged."""
        return [record for record in self.records if isinstance(record, RenderRecord)]

    def accesses(self) -> list[AccessRecord]:
        """The requests that were logged."""
        return [record for record in self.records if isinstance(record, AccessRecord)]


@contextmanager
def previewing(
    folder: Path,
    *,
    port: int = 0,
    deploy: bool = True,
    exact: bool = False,
    capabilities: Capabilities = BUILDER,
    limits: ServerLimits = DEFAULT_LIMITS,
    sizes: CacheSizes = DEFAULT_SIZES,
    **options: object,
) -> Iterator[Preview]:
    """Serve `folder/public` from a thread; `exact`: by the edge alone. `options`: of `Edge`."""
    publish_dir = folder / "public"
    publish_dir.mkdir(exist_ok=True)
    records: list[EdgeRecord] = []
    store = DiskStore(folder / "cache", print, sizes)
    if not exact:
        options["decorate"] = overlay.decorate
    edge = Edge(store, records.append, **options)  # type: ignore[arg-type]
    app = PreviewApp(edge)
    ready = threading.Event()
    with listening_socket("127.0.0.1", port) as listener:
        server = HttpServer(edge if exact else app, ready.set, app.events.close, limits=limits)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        assert ready.wait(10)
        port = listener.getsockname()[1]
        preview = Preview(app, port, records, publish_dir, Builder(), capabilities)
        if deploy:
            app.deploy(preview.deployment("build-1"))
        try:
            yield preview
        finally:
            server.should_exit = True
            thread.join(10)
    assert not thread.is_alive()


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something that another thread brings about."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
