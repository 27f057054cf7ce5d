"""A page that was purged while it was rendered: who waited gets it, and no cache keeps it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ssg.edge.cache import PageCache
from ssg.edge.host_headers import UNSHARED
from ssg.edge.storage.disk_store import DiskStore
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.targets.server.capabilities import SERVER
from tests.edge.test_machine import print_nothing

CACHING = Caching(600, 60, ("data:x",))


def _run(work: Callable[[], None]) -> None:
    work()


def test_a_cache_in_front_does_not_keep_it(tmp_path: Path) -> None:
    namespace = DiskStore(tmp_path, print_nothing).open("builds")
    purges = iter([True, False])

    def answer(_: Request) -> Response:
        if next(purges):
            namespace.purge_tags(["data:x"])  # while the page is rendered
        return Response(200, b"page", {"Content-Type": "text/html"}, CACHING)

    cache = PageCache(namespace, answer, SERVER, spawn=_run, log=lambda _: None, front="surrogate")
    purged, stored = cache.wait("GET", "/a/"), cache.wait("GET", "/a/")
    assert (purged.entry.status, purged.entry.body) == (200, b"page")
    assert purged.entry.headers["cache-control"] == UNSHARED
    assert "surrogate-key" not in purged.entry.headers
    assert "s-maxage=600" in stored.entry.headers["cache-control"]
    assert stored.entry.headers["surrogate-key"] == "data:x"
