"""A server with too much to do, and the names of requests."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest

from ssg.edge.app import Edge
from ssg.edge.deployment import Deployment
from ssg.edge.events import AccessRecord, EdgeRecord
from ssg.edge.storage.disk_store import DiskStore
from ssg.redirects.rule import OWN_FUNCTIONS, RedirectRule
from ssg.runtime.caching import Caching
from ssg.runtime.http import Request, Response
from ssg.server.app import request_id
from ssg.targets.server.capabilities import SERVER
from tests.server.asking import Asked, ask
from tests.server.test_follow import until


class Busy:
    """An edge with one thread for renders, and none that may wait."""

    def __init__(self, root: Path) -> None:
        self.gate = threading.Event()
        self.log: list[EdgeRecord] = []
        self.now = 1000.0
        (root / "public").mkdir()
        store = DiskStore(root / "cache", print)
        self.edge = Edge(
            store, self.log.append, render_threads=1, render_queue=0, now=lambda: self.now
        )
        function = f"{OWN_FUNCTIONS}ssg-pages"
        rules = (RedirectRule("/*", function, 200),)
        self.edge.deploy(Deployment("1", root / "public", rules, self.render, SERVER, function))

    def render(self, request: Request) -> Response:
        if "slow" in request.path:
            assert self.gate.wait(20)
        return Response(200, request.path.encode(), {}, Caching(60, 600))

    def ask_in_background(self, path: str) -> tuple[threading.Thread, list[Asked]]:
        answers: list[Asked] = []
        thread = threading.Thread(target=lambda: answers.append(ask(self.edge, path)), daemon=True)
        thread.start()
        return thread, answers


def test_too_many_renders_are_refused_and_hits_and_stale_pages_are_not(tmp_path: Path) -> None:
    busy = Busy(tmp_path)
    assert ask(busy.edge, "/kept/").status == 200
    until(lambda: not busy.edge._threads._excess() >= 0)
    thread, answers = busy.ask_in_background("/slow/")
    until(lambda: busy.edge._threads._excess() == 0)
    refused = ask(busy.edge, "/other/")
    assert (refused.status, refused.headers["retry-after"]) == (503, "2")
    assert refused.headers["cache-control"] == "no-store"
    assert "overloaded" in refused.headers["cache-status"]
    assert "ssg; hit" in ask(busy.edge, "/kept/").headers["cache-status"]
    busy.now += 61
    assert "stale" in ask(busy.edge, "/kept/").headers["cache-status"]
    busy.gate.set()
    thread.join(20)
    assert [answer.status for answer in answers] == [200]
    until(lambda: busy.edge._threads._excess() < 0)
    assert ask(busy.edge, "/other/").status == 200, "the refusal was not stored"
    assert "stale" in ask(busy.edge, "/kept/").headers["cache-status"]
    until(lambda: "stale" not in ask(busy.edge, "/kept/").headers["cache-status"])
    records = [record for record in busy.log if isinstance(record, AccessRecord)]
    assert [record.path for record in records if record.source == "overloaded"] == ["/other/"]


@pytest.mark.parametrize("given", [b"a-1_B.c:/+=@", b"x" * 128])
def test_a_name_of_a_request_is_kept(given: bytes) -> None:
    assert request_id([(b"host", b"x"), (b"x-request-id", given)]) == given.decode()


@pytest.mark.parametrize("given", [[b""], [b"x" * 129], [b"a b"], [b"a\nb"], [b"a", b"b"], []])
def test_a_name_that_is_not_well_formed_is_replaced(given: list[bytes]) -> None:
    made = {request_id([(b"x-request-id", value) for value in given]) for _ in range(2)}
    assert len(made) == 2
    assert all(re.fullmatch(r"[0-9a-f]{32}", name) for name in made)
