"""Live reload: the tag in pages, and the events that drive it."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ssg.edge.drafts.draft_bar import insert_before_body_end
from ssg.edge.http.http_server import ServerLimits
from ssg.model.errors import Location, Problem
from ssg.preview.live_reload import ShownProblem
from ssg.preview.overlay import injected_etag, script_tag
from ssg.runtime.http import Failure, Response
from tests.preview.running import HTML, Preview, always, previewing, until

EVIL = "</script><script>alert(1)</script>\"'&"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Preview]:
    with previewing(tmp_path) as preview:
        (preview.publish_dir / "index.html").write_text("<body>home</body>")
        yield preview


class Events:
    """An open event stream."""

    def __init__(self, preview: Preview) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=5)
        self._connection.request("GET", "/__ssg/events")
        self.response = self._connection.getresponse()
        assert self.line() == "retry: 1000"
        assert self.line() == ""

    def line(self) -> str:
        return self.response.readline().decode().rstrip("\n")

    def next(self) -> dict[str, object]:
        assert self.line() == "event: build"
        data = json.loads(self.line().removeprefix("data: "))
        assert self.line() == ""
        assert isinstance(data, dict)
        return data

    def close(self) -> None:
        self.response.close()
        self._connection.close()


@contextmanager
def listening(preview: Preview) -> Iterator[Events]:
    events = Events(preview)
    try:
        yield events
    finally:
        events.close()


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (b"<body>a</body></html>", b"<body>a#</body></html>"),
        (b"<BODY>a</BODY>", b"<BODY>a#</BODY>"),
        (b"</body> in text </body>", b"</body> in text #</body>"),
        (b"<p>no body tag", b"<p>no body tag#"),
        (b"", b"#"),
    ],
)
def test_the_tag_goes_before_the_end_of_the_body(page: bytes, expected: bytes) -> None:
    assert insert_before_body_end(page, b"#") == expected


def test_problems_in_the_tag_are_escaped() -> None:
    tag = script_tag("b", [ShownProblem(EVIL, EVIL, EVIL)])
    assert tag.count(b"<script") == 1
    assert tag.count(b"</script") == 1
    assert b"&lt;/script&gt;" in tag


def test_the_etag_tells_tags_apart() -> None:
    one = injected_etag('"abc"', script_tag("one"))
    assert one != injected_etag('"abc"', script_tag("two"))
    assert one.startswith('"abc-')
    assert one.endswith('"')


def test_pages_carry_the_tag_and_the_cache_does_not(preview: Preview) -> None:
    tag = b'<script src="/__ssg/live.js" data-build="build-1"></script></body>'
    for path in ("/", "/a/"):
        for _ in range(2):
            assert preview.get(path).body.endswith(tag)
    preview.app.deploy(preview.deployment("build-2"))
    preview.app.deploy(preview.deployment("build-1"))
    assert preview.get("/a/").headers["cache-status"] == "ssg; hit"
    assert preview.get("/a/").body.count(b"/__ssg/live.js") == 1


def test_a_new_build_changes_the_etag_of_a_page(preview: Preview) -> None:
    for path in ("/", "/a/"):
        etag = preview.get(path).headers["etag"]
        assert preview.get(path, {"If-None-Match": etag}).status == 304
        preview.app.deploy(preview.deployment("build-2"))
        assert preview.get(path, {"If-None-Match": etag}).status == 200
        preview.app.deploy(preview.deployment("build-1"))


def test_other_types_are_left_alone(preview: Preview) -> None:
    preview.builder.answer_with = always(
        Response(200, b"</body>", {"Content-Type": "application/xml"})
    )
    assert preview.get("/feed.xml").body == b"</body>"


def test_a_page_that_is_left_out_of_the_site_says_so_and_the_cache_does_not(
    preview: Preview,
) -> None:
    left_out = {"/": "draft", "/é/": EVIL}
    for build_id, marks in (("build-2", left_out), ("build-3", {})):
        preview.app.deploy(preview.deployment(build_id, left_out=marks))
        assert (b'data-mark="draft"' in preview.get("/").body) is bool(marks)
        for _ in range(2):
            body = preview.get("/%C3%A9/").body
            assert (b"data-mark" in body) is bool(marks)
            assert body.count(b"<script") == 1
        assert b"data-mark" not in preview.get("/a/").body


def test_the_script_is_served(preview: Preview) -> None:
    got = preview.get("/__ssg/live.js")
    assert got.headers["content-type"].startswith("text/javascript")
    assert b"EventSource" in got.body
    assert preview.get("/__ssg/other").status == 404
    assert preview.accesses() == []


def test_a_build_is_told_to_open_pages(preview: Preview) -> None:
    with listening(preview) as events:
        assert events.response.getheader("content-type", "").startswith("text/event-stream")
        told = events.next()
        assert told == {"build": "build-1", "stylesSince": None, "problems": []}
        preview.app.deploy(preview.deployment("build-2"))
        assert events.next()["build"] == "build-2"


def test_a_page_that_comes_back_is_told_the_present_state(preview: Preview) -> None:
    with listening(preview) as events:
        events.next()
    preview.app.deploy(preview.deployment("build-2"))
    preview.app.deploy(preview.deployment("build-3"))
    with listening(preview) as events:
        assert events.next()["build"] == "build-3"


def test_a_change_of_styles_alone_says_since_when(preview: Preview) -> None:
    with listening(preview) as events:
        events.next()
        css, both = frozenset({"/app.css"}), frozenset({"/app.css", "/index.html"})
        preview.app.deploy(preview.deployment("build-2", changed_paths=css))
        assert events.next()["stylesSince"] == "build-1"
        preview.app.deploy(preview.deployment("build-3", changed_paths=both))
        assert events.next()["stylesSince"] is None
        preview.app.deploy(preview.deployment("build-4", changed_paths=frozenset()))
        assert events.next()["stylesSince"] is None


def test_a_failed_rebuild_keeps_the_pages_and_shows_its_problems(preview: Preview) -> None:
    problem = Problem(f"bad {EVIL}", Location("content/a.md", 3), "close the quote")
    with listening(preview) as events:
        events.next()
        preview.app.report([problem])
        told = events.next()
        assert told["build"] == "build-1"
        assert told["problems"] == [
            {"message": f"bad {EVIL}", "where": "content/a.md:3", "hint": "close the quote"}
        ]
        assert preview.get("/").status == 200
        preview.app.deploy(preview.deployment("build-1"))
        assert events.next()["problems"] == []


def test_a_page_that_cannot_be_rendered_says_why_to_its_author(preview: Preview) -> None:
    failure = Failure("'pge' is undefined", "templates/page.html", 7)
    preview.builder.answer_with = always(
        Response(500, b"<body>Sorry</body>", HTML, failure=failure)
    )
    body = preview.get("/a/").body
    assert b"&#39;pge&#39; is undefined" in body
    assert b"templates/page.html:7" in body


def test_pings_keep_a_stream_open_and_find_readers_that_left(preview: Preview) -> None:
    preview.app.events._ping_seconds = 0.05
    with listening(preview) as events:
        events.next()
        assert events.line() == ": ping"
        assert len(preview.app.events._listeners) == 1
    until(lambda: not preview.app.events._listeners)


def test_an_open_stream_does_not_hold_the_server(
    tmp_path: Path,
) -> None:
    with previewing(tmp_path, limits=ServerLimits(grace_seconds=20)) as preview:
        events = Events(preview)
        events.next()
        started = time.monotonic()
    assert time.monotonic() - started < 10
    events.close()


def test_announcements_from_many_threads_all_arrive_in_the_end(preview: Preview) -> None:
    with listening(preview) as events:
        events.next()

        def deploy(number: int) -> None:
            preview.app.report([Problem(str(number))])

        threads = [threading.Thread(target=deploy, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        preview.app.deploy(preview.deployment("last"))
        until(lambda: events.next()["build"] == "last")


def test_events_are_not_told_to_a_name_that_only_points_here(preview: Preview) -> None:
    """DNS rebinding: a page of evil.example may not read what the build says of files."""
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=5)
    connection.request("GET", "/__ssg/events", headers={"Host": "evil.example"})
    assert connection.getresponse().status == 421
    connection.close()
