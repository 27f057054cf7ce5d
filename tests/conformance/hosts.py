"""Hosts that answer here, each from its own build of the site.

A host is asked as its visitors ask it. One that has only the function (Netlify's two kinds) gets
what its host would pass on to it.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import unquote

from ssg.edge.app import Edge
from ssg.edge.deployment import Deployment
from ssg.edge.http.http_server import HttpServer
from ssg.edge.http.listener import listening_socket
from ssg.edge.page_function import function_with_sources
from ssg.edge.storage.disk_store import DiskStore
from ssg.model.settings import TargetSettings
from ssg.redirects.rule import OWN_FUNCTIONS
from ssg.runtime.http import Request
from ssg.sources.site_shell import shell_of_database
from ssg.targets.bundles.native.deploy_file import read_deploy_file
from ssg.targets.load_target import purger_for, target_for
from ssg.targets.server.capabilities import SERVER
from tests.conformance.site import build_for
from tests.fronts.examples import nginx_conf, vcl
from tests.lambda_emulator import ARCHITECTURE, PYTHON, asks_bucket, lambda_site
from tests.ports import free_port
from tests.server.started import Started, started
from tests.services import Service, accepts_connections, running, running_nginx, running_varnish

TIMEOUT_SECONDS = 30
VARIABLES = ("API_URL", "API_TOKEN", "SITE_NAME", "DATABASE_URL", "SQLITE_URL")
"""What the sites of live pages name (`tests.conformance.live`, `test_live_sql`)."""
PURGE_SECRET = "a secret of at least thirty-two bytes"  # noqa: S105 of a test


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host has answered. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Ask = Callable[..., Answer]
"""`ask(path, method="GET", headers={})`."""


@dataclass(frozen=True, slots=True)
class Host:
    """A host that runs."""

    ask: Ask
    dialect: str = ""
    """The dialect of its answers; empty if only browsers are told."""
    serves_site: bool = True
    """Whether it answers for files and rules, too, and not for the function alone."""
    purge: Callable[[str], None] | None = None
    """Makes it forget what has a tag."""
    revalidates_files: bool = True
    """Whether a browser that has a file is told so."""


def ask_port(port: int, path: str, method: str = "GET", headers: Mapping[str, str] = {}) -> Answer:
    """Send one request as it is written: clients would mend odd paths."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_SECONDS) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        response = HTTPResponse(connection, method=method)
        response.begin()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())


@contextmanager
def edge(root: Path, place: Path) -> Iterator[Host]:
    """The edge alone, in this process."""
    build_for(root, place, "server")
    deploy = read_deploy_file(place)
    shell = shell_of_database(place / "site.db", os.environ)
    deployment = Deployment(
        deploy.build_id,
        place / "public",
        deploy.redirects,
        function_with_sources(
            place / "site.db", deploy.function, deploy.deferred_headers, TIMEOUT_SECONDS, shell
        ),
        replace(SERVER, dialect="builder"),  # nothing for caches
        OWN_FUNCTIONS + "ssg-pages",
        headers=deploy.headers,
        deferred_headers=deploy.deferred_headers,
    )
    app = Edge(DiskStore(place / "cache", print), lambda _: None)
    app.deploy(deployment)
    ready = threading.Event()
    with listening_socket("127.0.0.1", 0) as listener:
        server = HttpServer(app, ready.set, lambda: None)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        assert ready.wait(TIMEOUT_SECONDS)
        port = listener.getsockname()[1]
        try:
            yield Host(asking(port))
        finally:
            server.should_exit = True
            thread.join(TIMEOUT_SECONDS)


def _node_function(
    root: Path, place: Path, kind: str, dialect: str, target: str = "netlify"
) -> Iterator[Host]:
    """A function in plain Node, called as its host calls it."""
    settings = TargetSettings(name=target, kind=kind)
    keeps = target_for(settings, package=False).capabilities.keeps_over_deploys
    layout = build_for(root, place, target, kind=kind, keep_cache=keeps)
    function = target_for(settings).local_function(layout.hosts_dir, layout.output)
    assert function is not None

    def ask(path: str, method: str = "GET", headers: Mapping[str, str] = {}) -> Answer:
        response = function.answer(Request(method, path))
        found = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, found, response.body)

    with function:
        yield Host(ask, dialect, serves_site=False)


@contextmanager
def builder(root: Path, place: Path) -> Iterator[Host]:
    """Netlify's On-demand Builder."""
    yield from _node_function(root, place, "builder", "builder")


@contextmanager
def function(root: Path, place: Path) -> Iterator[Host]:
    """A Netlify Function."""
    yield from _node_function(root, place, "function", "netlify")


@contextmanager
def vercel_prerender(root: Path, place: Path) -> Iterator[Host]:
    """Prerender functions of Vercel, behind the routes that lead to them."""
    yield from _node_function(root, place, "prerender", "prerender", "vercel")


@contextmanager
def vercel_function(root: Path, place: Path) -> Iterator[Host]:
    """A Vercel Function."""
    yield from _node_function(root, place, "function", "vercel", "vercel")


@contextmanager
def aws_lambda(root: Path, place: Path) -> Iterator[Host]:
    """AWS Lambda in AWS's emulator, asked as the template lets CloudFront ask. CloudFront itself
    refuses the methods that the function refuses here."""
    build_for(root, place, "lambda", python=PYTHON, architecture=ARCHITECTURE)
    known = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    with lambda_site(place, place / "aws", environment=known) as (emulator, bucket):

        def ask(path: str, method: str = "GET", headers: Mapping[str, str] = {}) -> Answer:
            found = None
            if method in {"GET", "HEAD"} and asks_bucket(place, path):
                found = bucket.object(unquote(path.partition("?")[0]).removeprefix("/"))
            found = found or emulator.ask(path, method, headers)
            return Answer(found.status, found.headers, found.body)

        yield Host(ask, "cloudfront")


def asking(port: int) -> Ask:
    """Ask a server on a port."""

    def ask(path: str, method: str = "GET", headers: Mapping[str, str] = {}) -> Answer:
        return ask_port(port, path, method, headers)

    return ask


@contextmanager
def _started(root: Path, place: Path, front: str = "") -> Iterator[Started]:
    build_for(root, place, "server", keep_cache=True)
    words = ["--front", front] if front else []
    with started(place / "run", str(place), *words, SSG_PURGE_SECRET=PURGE_SECRET) as server:
        yield server


def _purge(*hosts: str, **variables: str) -> Callable[[str], None]:
    """Purges a tag at these hosts, as `ssg purge` does."""

    def purge(tag: str) -> None:
        for host in hosts:
            purger_for(host, {"SSG_PURGE_SECRET": PURGE_SECRET, **variables}).purge([tag])

    return purge


@contextmanager
def start(root: Path, place: Path) -> Iterator[Host]:
    """`ssg start`, with nothing in front of it."""
    with _started(root, place) as server:
        yield Host(asking(server.port), purge=_purge(server.url))


@contextmanager
def start_for_front(root: Path, place: Path) -> Iterator[Host]:
    """`ssg start --front varnish`, as Varnish sees it."""
    with _started(root, place, "varnish") as server:
        yield Host(asking(server.port), "surrogate", purge=_purge(server.url))


@contextmanager
def varnish(root: Path, place: Path) -> Iterator[Host]:
    """Varnish in front of `ssg start`."""
    with (
        _started(root, place, "varnish") as server,
        running_varnish(place / "varnish", vcl(server.port)) as front,
    ):
        purge = _purge(server.url, "varnish", SSG_VARNISH_URLS=front.url)
        yield Host(asking(front.port), purge=purge)


@contextmanager
def nginx(root: Path, place: Path) -> Iterator[Host]:
    """nginx in front of `ssg start`. It has no tags.

    It passes no conditions on where it may cache, and checks them for what it has cached only.
    """
    with (
        _started(root, place, "nginx") as server,
        running_nginx(place / "nginx", nginx_conf(server.port)) as front,
    ):
        yield Host(asking(front.port), revalidates_files=False)


@contextmanager
def _asgi(root: Path, place: Path, *words: str) -> Iterator[Host]:
    """`ssg.asgi:app` in another server; `PORT` in its words is replaced."""
    build_for(root, place, "server", keep_cache=True)
    port = free_port()
    service = Service(
        [sys.executable, "-m", *(word.replace("PORT", str(port)) for word in words)],
        place / "run",
        lambda: accepts_connections(port),
        environment={
            "SSG_DIR": str(place),
            "SSG_CACHE": str(place / "cache"),
            "SSG_PURGE_SECRET": PURGE_SECRET,
        },
    )
    with running(service):
        yield Host(asking(port), purge=_purge(f"http://127.0.0.1:{port}"))


@contextmanager
def uvicorn(root: Path, place: Path) -> Iterator[Host]:
    """The application in uvicorn."""
    with _asgi(root, place, "uvicorn", "ssg.asgi:app", "--port", "PORT") as host:
        yield host


@contextmanager
def granian(root: Path, place: Path) -> Iterator[Host]:
    """The application in granian."""
    words = ("granian", "--interface", "asgi", "--port", "PORT", "ssg.asgi:app")
    with _asgi(root, place, *words) as host:
        yield host


@contextmanager
def hypercorn(root: Path, place: Path) -> Iterator[Host]:
    """The application in hypercorn."""
    with _asgi(root, place, "hypercorn", "ssg.asgi:app", "--bind", "127.0.0.1:PORT") as host:
        yield host
