"""What the headers of our dialect mean to Varnish and to nginx, with the example configurations."""

from __future__ import annotations

import gzip
import socket
import time
from dataclasses import replace

import pytest

from ssg.edge.answer import LASTING
from ssg.runtime.caching import NEVER_STORED, Caching
from ssg.runtime.dialects import REVALIDATED
from tests.fronts.client import Client
from tests.fronts.origin import Origin, OriginPage, running_origin

UNTIL_PURGED = OriginPage(Caching(None, None, ("site", "page:1")))
SHORT = OriginPage(Caching(1, 30, ("site",)))
EXPIRED_SECONDS = 2.1
"""nginx counts whole seconds."""


def test_a_fresh_page_is_not_asked_for_again(origin: Origin, front: Client) -> None:
    origin.pages["/"] = UNTIL_PURGED
    answers = [front.get(path) for path in ("/", "/", "/?utm_source=x", "/?a=1&b=2")]
    assert [answer.text for answer in answers] == ["render 1\n"] * 4
    assert origin.renders["/"] == 1


def test_browsers_ask_again_and_see_no_tags(origin: Origin, front: Client) -> None:
    origin.pages["/"] = UNTIL_PURGED
    for answer in (front.get("/"), front.get("/")):
        assert answer.headers["cache-control"] == REVALIDATED
        assert answer.headers.keys().isdisjoint({"surrogate-key", "xkey", "x-varnish", "via"})


def test_a_variant_of_a_picture_is_kept_by_all_as_long_as_it_can_be(
    origin: Origin, front: Client
) -> None:
    path = "/_img/0123456789abcdef-640.webp"
    headers = {"Cache-Control": LASTING, "Content-Type": "image/webp"}
    origin.pages[path] = OriginPage(None, headers=headers)
    for answer in (front.get(path), front.get(path)):
        assert (answer.status, answer.headers["cache-control"]) == (200, LASTING)
    assert origin.renders[path] == 1


def test_an_expired_page_is_served_at_once_and_made_anew_behind(
    origin: Origin, front: Client
) -> None:
    origin.pages["/"] = SHORT
    assert front.get("/").text == "render 1\n"
    time.sleep(EXPIRED_SECONDS)
    origin.pages["/"] = replace(SHORT, seconds=0.8)
    stale = front.get("/")
    assert (stale.text, stale.seconds < 0.5) == ("render 1\n", True)
    origin.pages["/"] = replace(UNTIL_PURGED)
    assert front.will_say("/", "render 2\n")


def test_a_page_that_is_too_old_is_waited_for(origin: Origin, front: Client) -> None:
    origin.pages["/"] = OriginPage(Caching(1, 1))
    front.get("/")
    time.sleep(EXPIRED_SECONDS + 1)
    assert front.get("/").text == "render 2\n"


@pytest.mark.parametrize("status", [500, 502, 503])
def test_an_error_does_not_take_the_place_of_an_expired_page(
    origin: Origin, front: Client, status: int
) -> None:
    origin.pages["/"] = SHORT
    front.get("/")
    time.sleep(EXPIRED_SECONDS)
    origin.pages["/"] = OriginPage(None, status)
    for _ in range(4):
        answer = front.get("/")
        assert (answer.status, answer.text) == (200, "render 1\n")
        time.sleep(0.1)
    assert origin.renders["/"] > 1
    origin.pages["/"] = replace(UNTIL_PURGED, says="mended")
    assert front.will_say("/", f"mended {origin.renders['/'] + 1}\n")


def test_expired_pages_are_served_while_the_server_is_down(front: Client, origin: Origin) -> None:
    origin.pages["/"] = SHORT
    front.get("/")
    origin.stop()
    time.sleep(EXPIRED_SECONDS)
    assert [front.get("/").text for _ in range(3)] == ["render 1\n"] * 3
    with running_origin(port=origin.port) as again:
        again.pages["/"] = replace(UNTIL_PURGED, says="back")
        assert front.will_say("/", "back 1\n", 15)


def test_a_page_without_a_server_is_an_error_that_is_not_stored(
    front: Client, origin: Origin
) -> None:
    origin.stop()
    answer = front.get("/")
    assert answer.status in {502, 503, 504}
    assert "Guru" not in answer.text
    with running_origin(port=origin.port) as again:
        again.pages["/"] = UNTIL_PURGED
        assert front.will_say("/", "render 1\n", 15)


def test_many_first_visitors_get_one_render(
    origin: Origin, front: Client, request: pytest.FixtureRequest
) -> None:
    """nginx lets visitors through that have waited for a tenth of a second: on a slow machine,
    some. There the server's own single flight renders once."""
    is_nginx = request.node.callspec.params["front"] == "nginx"
    origin.pages["/"] = replace(UNTIL_PURGED, seconds=0.02 if is_nginx else 0.5)
    front.at_once("/", 30)
    assert 1 <= origin.renders["/"] <= (10 if is_nginx else 1)


def test_many_visitors_of_an_expired_page_cause_one_render(origin: Origin, front: Client) -> None:
    origin.pages["/"] = replace(SHORT, seconds=0.5)
    front.get("/")
    time.sleep(EXPIRED_SECONDS)
    assert {answer.text for answer in front.at_once("/", 30)} == {"render 1\n"}
    assert origin.renders["/"] == 2


def test_an_error_is_not_stored(origin: Origin, front: Client) -> None:
    origin.pages["/"] = OriginPage(None, 500)
    assert [front.get("/").status for _ in range(3)] == [500, 500, 500]
    assert origin.renders["/"] == 3
    origin.pages["/"] = UNTIL_PURGED
    assert [front.get("/").text for _ in range(2)] == ["render 4\n"] * 2


def test_a_missing_page_is_stored_for_its_short_time(origin: Origin, front: Client) -> None:
    origin.pages["/"] = OriginPage(Caching(1, 0, ("page:1",)), 404)
    assert [front.get("/").status for _ in range(3)] == [404, 404, 404]
    assert origin.renders["/"] == 1
    origin.pages["/"] = UNTIL_PURGED
    time.sleep(EXPIRED_SECONDS)
    assert front.get("/").status == 200


def test_a_page_that_was_removed_is_gone(origin: Origin, front: Client) -> None:
    origin.pages["/"] = SHORT
    front.get("/")
    time.sleep(EXPIRED_SECONDS)
    origin.pages["/"] = OriginPage(Caching(60, 0, ("page:1",)), 404, says="gone")
    front.get("/")
    assert front.will_say("/", "gone 2\n")


@pytest.mark.parametrize("page", [OriginPage(NEVER_STORED), OriginPage(None)])
def test_answers_without_a_time_for_shared_caches_are_asked_for_each_time(
    origin: Origin, front: Client, page: OriginPage
) -> None:
    """Those of rules and of files: the query and the cookies arrive, too."""
    origin.pages["/"] = page
    for number in range(1, 4):
        assert front.get(f"/?n={number}", Cookie=f"n={number}").text == f"render {number}\n"
    assert [path for _, path, _ in origin.asked] == ["/?n=1", "/?n=2", "/?n=3"]
    assert [headers["cookie"] for _, _, headers in origin.asked] == ["n=1", "n=2", "n=3"]


def test_they_are_asked_for_at_the_same_time(origin: Origin, front: Client) -> None:
    """Nobody waits in a row."""
    origin.pages["/"] = OriginPage(None, seconds=0.3)
    front.get("/")
    started = time.monotonic()
    assert len({answer.text for answer in front.at_once("/", 10)}) == 10
    assert time.monotonic() - started < 1.5


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "a=b; nf_jwt=e.y.j"},
        {"Cookie": "a=b; ssg_draft=1.ff"},
        {"Authorization": "Bearer e.y.j"},
    ],
)
def test_visitors_with_a_role_get_and_leave_nothing_in_the_cache(
    origin: Origin, front: Client, headers: dict[str, str]
) -> None:
    origin.pages["/"] = UNTIL_PURGED
    assert front.get("/", **headers).text == "render 1\n"
    assert front.get("/").text == "render 2\n"
    assert front.get("/", **headers).text == "render 3\n"
    assert front.get("/").text == "render 2\n"
    name, value = next(iter(headers.items()))
    assert origin.asked[0][2][name.lower()] == value


def test_other_cookies_do_not_matter(origin: Origin, front: Client) -> None:
    origin.pages["/"] = UNTIL_PURGED
    cookies = ("_ga=1", "session=2", "my_nf_jwt=3")
    assert {front.get("/", Cookie=cookie).text for cookie in cookies} == {"render 1\n"}


def test_paths_are_not_decoded(origin: Origin, front: Client) -> None:
    for path in ("/a/b", "/a%2Fb", "/a%2fb", "/A/b"):
        origin.pages[path] = replace(UNTIL_PURGED, says=path)
    for _ in range(2):
        assert [front.get(path).text for path in origin.pages] == [
            f"{path} 1\n" for path in origin.pages
        ]


def test_each_host_has_its_own_answers(origin: Origin, front: Client) -> None:
    """A redirect rule may name a host."""
    origin.pages["/"] = UNTIL_PURGED
    assert front.get("/", Host="a.example").text == "render 1\n"
    assert front.get("/", Host="b.example").text == "render 2\n"
    assert origin.asked[1][2]["host"] == "b.example"


def test_other_methods_reach_the_server(origin: Origin, front: Client) -> None:
    origin.pages["/_ssg/purge"] = replace(UNTIL_PURGED, status=202)
    assert [front.get("/_ssg/purge", "POST").status for _ in range(2)] == [202, 202]
    assert [method for method, _, _ in origin.asked] == ["POST", "POST"]


def test_head_and_get_share_what_is_stored(origin: Origin, front: Client) -> None:
    origin.pages["/"] = UNTIL_PURGED
    head = front.get("/", "HEAD")
    assert (head.status, head.text, head.headers["content-length"]) == (200, "", "9")
    assert front.get("/").text == "render 1\n"
    assert front.get("/", "HEAD").headers["content-length"] == "9"
    assert origin.renders["/"] == 1


def test_parts_and_conditions_are_answered_from_what_is_stored(
    origin: Origin, front: Client
) -> None:
    origin.pages["/"] = replace(UNTIL_PURGED, headers={"ETag": '"1"', "Accept-Ranges": "bytes"})
    front.get("/")
    part = front.get("/", Range="bytes=0-5")
    assert (part.status, part.text) == (206, "render")
    unchanged = front.get("/", If_None_Match='"1"')
    assert (unchanged.status, unchanged.text) == (304, "")
    assert unchanged.headers["etag"] == '"1"'
    assert unchanged.headers["cache-control"] == REVALIDATED
    assert origin.renders["/"] == 1


def test_compressed_and_plain_answers_are_told_apart(origin: Origin, front: Client) -> None:
    """The server compresses; a client that cannot read it gets plain text."""
    text = "render " * 400
    origin.pages["/"] = replace(
        UNTIL_PURGED,
        body=text.encode(),
        encoded=gzip.compress(text.encode()),
        headers={"Vary": "Accept-Encoding"},
    )
    for _ in range(2):
        packed, plain = front.get("/", Accept_Encoding="gzip"), front.get("/")
        assert packed.headers["content-encoding"] == "gzip"
        assert gzip.decompress(packed.text.encode("latin-1")).decode() == text
        assert (plain.headers.get("content-encoding"), plain.text) == (None, text)
        assert "Accept-Encoding" in packed.headers["vary"]
    assert origin.renders["/"] <= 2


def test_a_request_without_a_host_is_answered(origin: Origin, front: Client) -> None:
    origin.pages["/"] = UNTIL_PURGED
    port = int(front.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.recv(100).partition(b" ")[2].startswith((b"200", b"400"))
