"""The same with a server of ssg behind: `ssg start --front`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from ssg.edge.host_headers import UNSHARED
from ssg.render.dependencies.tags import page_tag
from ssg.runtime.dialects import REVALIDATED
from ssg.targets.fronts.varnish import VarnishPurger
from ssg.targets.purge.signed_purger import SignedPurger
from tests.fronts.client import Client, Got
from tests.fronts.examples import nginx_conf, vcl
from tests.ports import free_port
from tests.server.started import started
from tests.server_site import SERVER_SITE, build_for_server
from tests.services import HttpService, running_nginx, running_varnish, wait_until

FILES = {
    **SERVER_SITE,
    "static/_redirects": (
        "/x /about/ 302\n/blog/b/ /about/ 302! Language=fr\n/old id=:id /blog/:id/ 301\n"
    ),
}
Front = Callable[[Path, int], AbstractContextManager[HttpService]]

FRONTS: dict[str, Front] = {
    "varnish": lambda folder, port: running_varnish(folder, vcl(port)),
    "nginx": lambda folder, port: running_nginx(folder, nginx_conf(port)),
}


@contextmanager
def served(name: str, root: Path) -> Iterator[tuple[Client, Client]]:
    """A site, the front and the server."""
    build_for_server(root, FILES)
    with (
        started(root, "dist", "--front", name) as server,
        FRONTS[name](root / "front", server.port) as front,
    ):
        yield Client(front.url), Client(server.url)


@pytest.fixture(
    params=[
        pytest.param("varnish", marks=pytest.mark.varnish),
        pytest.param("nginx", marks=pytest.mark.nginx),
    ]
)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Client, Client]]:
    with served(request.param, tmp_path) as clients:
        yield clients


def is_stored(front: Client, path: str, **headers: str) -> bool:
    """Whether a second request gets the answer to the first one: it has the same number."""
    first, second = front.get(path, **headers), front.get(path, **headers)
    return first.headers["server-timing"] == second.headers["server-timing"]


def same(one: Got, other: Got) -> bool:
    return (one.status, one.text) == (other.status, other.text)


def test_pages_are_stored_and_others_are_not(site: tuple[Client, Client]) -> None:
    front, server = site
    for path in ("/blog/a/", "/blog/a/?utm_source=x", "/blog/none/"):
        assert same(front.get(path), server.get(path))
        assert front.get(path).headers["cache-control"] == REVALIDATED
        assert "surrogate-key" not in front.get(path).headers
    assert "surrogate-key" in server.get("/blog/a/").headers
    assert is_stored(front, "/blog/a/")
    for path in ("/about/", "/x", "/healthz"):
        assert same(front.get(path), server.get(path))


def test_what_a_rule_gives_to_some_visitors_is_not_stored(site: tuple[Client, Client]) -> None:
    front, server = site
    assert server.get("/blog/b/").headers["cache-control"] == UNSHARED
    for _ in range(2):
        assert front.get("/blog/b/").status == 200
        assert front.get("/blog/b/", Accept_Language="fr").status == 302
        assert front.get("/old").status == 404
        assert front.get("/old?id=a").headers["location"] == "/blog/a/?id=a"


def test_many_first_visitors_get_one_page(site: tuple[Client, Client]) -> None:
    answers = site[0].at_once("/blog/a/", 20)
    assert {(answer.status, answer.text) for answer in answers} == {
        (200, site[1].get("/blog/a/").text)
    }


@pytest.mark.varnish
def test_after_a_purge_of_varnish_the_server_is_asked(tmp_path: Path) -> None:
    with served("varnish", tmp_path) as (front, _):
        assert is_stored(front, "/blog/a/")
        before = front.get("/blog/a/").headers["server-timing"]
        VarnishPurger({"SSG_VARNISH_URLS": front.url}).purge([page_tag("/blog/other/")])
        assert front.get("/blog/a/").headers["server-timing"] == before
        VarnishPurger({"SSG_VARNISH_URLS": front.url}).purge([page_tag("/blog/a/")])
        assert front.get("/blog/a/").headers["server-timing"] != before


@pytest.mark.varnish
def test_a_purge_of_the_server_purges_varnish_too(tmp_path: Path) -> None:
    secret, port = "x" * 32, free_port()
    build_for_server(tmp_path, FILES)
    variables = {"SSG_PURGE_SECRET": secret, "SSG_VARNISH_URLS": f"http://127.0.0.1:{port}"}
    with (
        started(tmp_path, "dist", "--front", "varnish", **variables) as server,
        running_varnish(tmp_path / "front", vcl(server.port), port=port) as service,
    ):
        front = Client(service.url)
        assert is_stored(front, "/blog/a/")
        before = front.get("/blog/a/").headers["server-timing"]
        purger = SignedPurger(server.url, {"SSG_PURGE_SECRET": secret})
        purger.purge([page_tag("/blog/a/")])
        assert wait_until(lambda: front.get("/blog/a/").headers["server-timing"] != before, 5)
        assert is_stored(front, "/blog/a/")
