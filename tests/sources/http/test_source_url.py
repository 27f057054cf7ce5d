"""No value leads a request to another host or path than the site has written."""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.live.data_request import DataRequest
from ssg.model.live.route import RouteData
from ssg.model.live.route_pattern import RoutePattern, is_value
from ssg.runtime.live.load_data import request_of
from ssg.sources.data_client import SourceError
from ssg.sources.http.source_url import SourceUrl
from tests.examples import examples
from tests.json_api import json_api
from tests.sources.conftest import ShellMaker
from tests.sources.hostile_values import PIECES, hostile_values

HOSTILE = examples(5000)
ON_THE_WIRE = examples(1000)
CASES = Path(__file__).parents[2] / "cases" / "sources" / "targets.json"
TARGETS = json.loads(CASES.read_text("utf-8"))
"""Paths of requests, with what is sent: for all shells."""
PREFIX = "/api/v1"
URL = SourceUrl.parse(TARGETS["url"])
POST = RouteData("post", "posts", path="/posts/{user}/{slug}")
LIST = RouteData("more", "posts", path="/posts?user={user}&limit=5")
PATTERN = RoutePattern("/{user}/{slug}/")


# -- the url of the site ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example", SourceUrl("https", "a.example", 443, "")),
        ("https://a.example/", SourceUrl("https", "a.example", 443, "")),
        ("HTTP://A.example:80/v1/", SourceUrl("http", "a.example", 80, "/v1")),
        ("http://127.0.0.1:3000/a%20b", SourceUrl("http", "127.0.0.1", 3000, "/a%20b")),
        ("http://[::1]:3000", SourceUrl("http", "::1", 3000, "")),
    ],
)
def test_a_url_has_parts(text: str, expected: SourceUrl) -> None:
    assert SourceUrl.parse(text) == expected


def test_a_host_is_named_with_its_port() -> None:
    urls = ["https://a.example", "http://a.example:443", "http://[::1]:3000", "http://[::1]"]
    assert [SourceUrl.parse(url).authority for url in urls] == [
        "a.example", "a.example:443", "[::1]:3000", "[::1]",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "", "api.example.org", "//a.example", "ftp://a.example", "file:///etc/passwd", "https://",
        "https:///path", "https://a.example:0", "https://a.example:99999", "https://a.example:x",
        "https://user@a.example", "https://user:word@a.example", "https://@a.example",
        "https://a.example?key=1", "https://a.example#x", "https://a.example/?", "https://[a.example",
        "https://a.example/ b", "https://a.example\r\nX: y", "https://ä.example",
        "https://a.example/v1/..", "https://a.example/%2e%2e/x", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_not_such_a_url_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"^its url ") as caught:
        SourceUrl.parse(text)
    assert "example" not in str(caught.value)


# -- paths of requests ------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "target"), TARGETS["sent"].items())
def test_a_path_is_added(path: str, target: str) -> None:
    assert URL.target(path) == target.encode()


def test_a_host_alone_has_a_path() -> None:
    bare = SourceUrl.parse("https://a.example")
    assert [bare.target(path) for path in ("", "?a", "/a")] == [b"/", b"/?a", b"/a"]


@pytest.mark.parametrize("path", TARGETS["nothing"])
def test_there_is_nothing_elsewhere(path: str) -> None:
    assert URL.target(path) is None


@pytest.mark.parametrize("path", [*TARGETS["refused"], "/" + "a" * 40_000], ids=ascii)
def test_what_is_no_path_is_a_mistake_of_the_site(path: str) -> None:
    with pytest.raises(SourceError, match=r"^its path "):
        URL.target(path)


def _stays(target: bytes) -> None:
    """Whatever a server understands, the path is below that of the source. It is valid HTTP."""
    text = target.decode("ascii")
    h11.Request(method="GET", target=target, headers=[("Host", "a")])
    for parsed in (urlsplit(f"https://api.example.org{text}"), urlsplit(text)):
        assert parsed.netloc in {"api.example.org", ""}
        assert parsed.fragment == ""
        path = parsed.path
        for _ in range(8):
            assert path.startswith(PREFIX)
            plain = re.sub(r";[^/]*", "", path.replace("\\", "/"))
            assert posixpath.normpath(plain).startswith(f"{PREFIX}/posts")
            assert not {"\r", "\n", "\x00"} & {*path}
            path = unquote(path, errors="replace")


def test_hostile_values_stay_where_the_site_sends_them() -> None:
    """As visitors can ask: values that a route admits, encoded by the runtime."""
    admitted = nothing = 0
    for value in hostile_values(HOSTILE):
        found = PATTERN.match(f"/{value}/x/")
        assert (found is None) == (not is_value(value))
        if found is None:
            continue
        admitted += 1
        listed = URL.target(request_of(LIST, found, is_draft=False).path)
        assert listed is not None
        _stays(listed)
        query = urlsplit(listed.decode()).query
        assert parse_qs(query, keep_blank_values=True) == {"user": [value], "limit": ["5"]}
        target = URL.target(request_of(POST, found, is_draft=False).path)
        if target is None:
            nothing += 1
            continue
        _stays(target)
        *_, user, slug = target.decode().split("/")
        assert (unquote(user), slug) == (value, "x")
    assert admitted > HOSTILE / 8
    assert 0 < nothing < admitted / 2


def test_values_that_are_not_encoded_stay_there_too() -> None:
    """As a loader with a mistake could ask."""
    refused = 0
    for value in hostile_values(HOSTILE):
        try:
            target = URL.target(f"/posts/{value}")
        except SourceError:
            target = None
        if target is None:
            refused += 1
        else:
            _stays(target)
    assert HOSTILE / 10 < refused < HOSTILE


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=8).map("".join))
def test_any_path_stays_there_or_is_refused(path: str) -> None:
    try:
        target = URL.target(f"/posts{path}" if path.startswith(("/", "?")) else f"/posts/{path}")
    except SourceError:
        return
    if target is not None:
        _stays(target)


def test_hostile_values_on_the_wire(shell_of: ShellMaker) -> None:
    """Two APIs: one is asked below its path only, the other never. The answers are no failures."""
    with json_api(posts=1) as api, json_api() as evil:
        shell = shell_of(url=f"{api.url}{PREFIX}")
        host = evil.url.removeprefix("http://")
        values = [value.replace("evil.example", host) for value in hostile_values(ON_THE_WIRE, 15)]
        found = [one for value in values if (one := PATTERN.match(f"/{value}/x/"))]
        requests = {request_of(data, one, is_draft=False) for one in found for data in (POST, LIST)}
        raw = [DataRequest("posts", f"/posts/{value}") for value in values]
        answers = {}
        for part in (*_parts(sorted(requests, key=str)), *_parts(raw)):
            answers |= shell.bring(part)
        assert {(answers[one].status, answers[one].problem) for one in requests} == {(404, "")}
        assert {seen.headers["host"] for seen in api.seen} == {api.url.removeprefix("http://")}
        assert len(api.seen) > ON_THE_WIRE / 2
        for target in api.targets:
            _stays(target.encode())
        assert evil.seen == []


def _parts(requests: list[DataRequest], size: int = 50) -> list[list[DataRequest]]:
    return [requests[first : first + size] for first in range(0, len(requests), size)]
