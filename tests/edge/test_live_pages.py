"""Live pages behind the edge: caching, purges, failing and slow sources, missing pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ssg.edge.storage.disk_store import CacheSizes
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.runtime.http import Request, Response
from tests.edge.live_site import POST, Gate, LiveSite, live_site
from tests.preview.running import Got, until

BROKEN = DataAnswer(0, problem="api took longer than 1 s")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveSite]:
    with live_site(tmp_path) as running:
        yield running


def test_a_page_is_cached_and_its_author_is_asked_once(site: LiveSite) -> None:
    site.api.put(POST, "Hello")
    first, second = site.get("/ana/hello/"), site.get("/ana/hello/")
    assert (first.status, first.body) == (200, b"<body>Hello by ana</body>")
    assert first.headers["cache-status"] == "ssg; fwd=uri-miss; stored"
    assert second.headers["cache-status"].startswith("ssg; hit; ttl=")
    assert len(site.api.asked) == 1


def test_head_and_conditional_requests(site: LiveSite) -> None:
    site.api.put(POST, "Hello")
    head = site.get("/ana/hello/", method="HEAD")
    page = site.get("/ana/hello/")
    same = site.get("/ana/hello/", headers={"If-None-Match": page.headers["etag"]})
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(page.body))
    assert (same.status, same.body) == (304, b"")
    assert len(site.api.asked) == 1
    assert site.get("/ana/hello/", method="POST").status == 405


def test_a_page_that_was_missing_is_there_at_once_when_its_tag_is_purged(site: LiveSite) -> None:
    missing = site.get("/ana/hello/")
    assert (missing.status, missing.body) == (404, b"<body>nothing here</body>")
    site.api.put(POST, "Hello")
    again = site.get("/ana/hello/")
    assert again.status == 404
    assert again.headers["cache-status"].startswith("ssg; hit; ttl=")
    site.purge("post:ana:hello")
    assert site.get("/ana/hello/").body == b"<body>Hello by ana</body>"


def test_a_missing_page_is_asked_for_again_after_a_minute(site: LiveSite) -> None:
    assert site.get("/ana/hello/").status == 404
    site.api.put(POST, "Hello")
    site.clock.ahead = 61
    assert site.get("/ana/hello/").status == 200


@pytest.mark.parametrize("tag", ["source:api", "author:ana", "post:ana:hello"])
def test_tags_of_routes_data_and_sources_purge(site: LiveSite, tag: str) -> None:
    site.api.put(POST, "Hello")
    site.get("/ana/hello/")
    site.api.put(POST, "Changed")
    site.purge(tag)
    assert site.get("/ana/hello/").body == b"<body>Changed by ana</body>"


# -- failing and slow sources ----------------------------------------------------------------------


def test_a_failure_is_not_stored_and_reveals_nothing(site: LiveSite) -> None:
    site.api.answers[POST] = BROKEN
    failed = site.get("/ana/hello/")
    assert failed.status == 500
    assert failed.headers["cache-status"] == "ssg; fwd=uri-miss; detail=status"
    assert b"api" not in failed.body
    assert b"1 s" not in failed.body
    (render,) = site.preview.renders()
    assert render.failure is not None
    assert render.failure.message == "/{user}/{slug}/: api took longer than 1 s"
    site.api.put(POST, "Hello")
    assert site.get("/ana/hello/").status == 200


def test_the_last_good_page_stays_while_its_source_fails(site: LiveSite) -> None:
    site.api.put(POST, "Hello")
    site.get("/ana/hello/")
    site.api.answers[POST] = BROKEN
    for seconds in (61, 90, 119, 121, 100_000):  # also when `ttl` and `stale` are over
        site.clock.ahead = seconds
        got = site.get("/ana/hello/")
        assert (got.status, got.body) == (200, b"<body>Hello by ana</body>")
        assert int(got.headers["age"]) >= seconds
    assert got.headers["cache-status"] == "ssg; fwd=stale; detail=status"
    site.api.put(POST, "Back")
    assert site.get("/ana/hello/").body == b"<body>Back by ana</body>"


def test_a_purged_page_does_not_come_back_when_its_source_fails(site: LiveSite) -> None:
    site.api.put(POST, "Hello")
    site.get("/ana/hello/")
    site.purge("post:ana:hello")
    site.api.answers[POST] = BROKEN
    assert site.get("/ana/hello/").status == 500


def test_a_missing_page_is_not_better_than_a_failure(site: LiveSite) -> None:
    site.get("/ana/hello/")
    site.api.answers[POST] = BROKEN
    site.clock.ahead = 61
    assert site.get("/ana/hello/").status == 500


def test_a_refresh_is_told_to_the_function(site: LiveSite) -> None:
    seen: list[bool] = []
    served = site.preview.edge.served
    assert served is not None
    answer = served.pages._answer

    def noting(request: Request) -> Response:
        seen.append(request.is_refresh)
        return answer(request)

    served.pages._answer = noting
    site.api.put(POST, "Hello")
    site.get("/ana/hello/")
    site.clock.ahead = 61
    assert site.get("/ana/hello/").headers["cache-status"].endswith("detail=stale")
    until(lambda: len(seen) == 2)
    assert seen == [False, True]


def test_many_visitors_of_a_page_ask_its_source_once(site: LiveSite) -> None:
    gate = site.api.on_request = Gate()
    site.api.put(POST, "Hello")
    with ThreadPoolExecutor(20) as visitors:
        pages = [visitors.submit(site.get, "/ana/hello/") for _ in range(20)]
        assert gate.reached.acquire(timeout=10)
        time.sleep(0.2)
        gate.opened.set()
        bodies = {page.result(20).body for page in pages}
    assert bodies == {b"<body>Hello by ana</body>"}
    assert len(site.api.asked) == 1


def test_slow_sources_do_not_block_other_pages(site: LiveSite) -> None:
    """There are four threads for renders, and eight pages wait for the slow source."""
    gate = Gate()
    site.api.on_request = gate.only_of("slow")
    site.api.put(POST, "Hello")
    for number in range(8):
        site.api.put(f"/{number}", "Slow")
    with ThreadPoolExecutor(8) as visitors:
        slow = [visitors.submit(site.get, f"/slow/{number}/") for number in range(8)]
        for _ in range(8):
            assert gate.reached.acquire(timeout=10), "all wait at once"
        assert site.get("/blog/a/").status == 200
        assert site.get("/ana/hello/").status == 200
        gate.opened.set()
        assert [page.result(20).status for page in slow] == [200] * 8


def test_beyond_all_threads_visitors_of_slow_pages_are_refused_and_others_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate()
    with live_site(tmp_path) as site:
        monkeypatch.setattr(site.preview.edge._threads, "_max_threads", 7)
        site.api.on_request = gate.only_of("slow")
        for number in range(4):
            site.api.put(f"/{number}", "Slow")
        with ThreadPoolExecutor(4) as visitors:
            slow = [visitors.submit(site.get, f"/slow/{number}/") for number in range(3)]
            for _ in range(3):
                assert gate.reached.acquire(timeout=10)
            refused = site.get("/slow/3/")
            assert (refused.status, refused.headers["retry-after"]) == (503, "2")
            assert site.get("/blog/a/").status == 200
            gate.opened.set()
            assert [page.result(20).status for page in slow] == [200] * 3
        assert site.get("/slow/3/").status == 200


# -- purges while data is on its way ---------------------------------------------------------------


@pytest.mark.parametrize("tag", ["post:ana:hello", "author:ana", "source:api"])
def test_what_was_read_before_a_purge_is_not_kept(site: LiveSite, tag: str) -> None:
    """The tag `author:` comes from the data itself, which is known only when it has come."""
    gate = Gate()
    site.api.on_request = gate
    site.api.put(POST, "Old")
    results: list[Got] = []
    first = threading.Thread(target=lambda: results.append(site.get("/ana/hello/")))
    first.start()
    assert gate.reached.acquire(timeout=10)
    site.api.put(POST, "New")  # published while the old answer is on its way
    site.purge(tag)
    gate.opened.set()
    first.join(20)
    assert results[0].body == b"<body>Old by ana</body>"
    assert results[0].headers["cache-status"] == "ssg; fwd=uri-miss; detail=purged"
    assert site.get("/ana/hello/").body == b"<body>New by ana</body>"
    assert site.get("/ana/hello/").body == b"<body>New by ana</body>"


def test_a_visitor_after_a_purge_does_not_join_a_render_from_before(site: LiveSite) -> None:
    gate = Gate()
    site.api.on_request = gate
    site.api.put(POST, "Old")
    with ThreadPoolExecutor(2) as visitors:
        before = visitors.submit(site.get, "/ana/hello/")
        assert gate.reached.acquire(timeout=10)
        site.api.put(POST, "New")
        site.purge("post:ana:hello")
        after = visitors.submit(site.get, "/ana/hello/")
        time.sleep(0.2)
        gate.opened.set()
        assert before.result(20).body == b"<body>Old by ana</body>"
        assert after.result(20).body == b"<body>New by ana</body>"


# -- environment -----------------------------------------------------------------------------------


def test_a_variable_that_is_not_set_is_named_in_the_log_and_not_in_the_page(site: LiveSite) -> None:
    site.api.put("/posts/hello", "Hello")
    failed = site.get("/named/hello/")
    assert failed.status == 500
    assert b"SITE_NAME" not in failed.body
    (render,) = site.preview.renders()
    assert render.failure is not None
    assert "SITE_NAME" in render.failure.message


def test_a_variable_that_is_named_is_seen(tmp_path: Path) -> None:
    with live_site(tmp_path, {"SITE_NAME": "Example"}) as site:
        site.api.put("/posts/hello", "Hello")
        assert site.get("/named/hello/").body == b"<body>Hello on Example</body>"


# -- paths that do not exist -----------------------------------------------------------------------


def test_paths_that_do_not_exist_fill_no_cache_without_bound(tmp_path: Path) -> None:
    limit = 400_000
    with live_site(tmp_path, sizes=CacheSizes(missing=limit)) as site:
        site.api.put(POST, "Hello")
        site.get("/ana/hello/")
        long = "x" * 7000
        for number in range(400):
            assert site.get(f"/nobody/{number}-{long}/").status == 404
        (missing,) = tmp_path.rglob("missing/cache.db")
        assert missing.stat().st_size < 2 * limit
        assert site.get("/ana/hello/").headers["cache-status"].startswith("ssg; hit")
        assert len(site.api.asked) == 1, "a value that is too long is asked of nobody"
        assert site.get("/" + "y" * 10_000).status == 414


def test_each_path_is_asked_once_a_minute(site: LiveSite) -> None:
    for _ in range(3):
        assert site.get("/nobody/nothing/").status == 404
    assert site.api.asked == [DataRequest("api", path="/posts/nobody/nothing")]
