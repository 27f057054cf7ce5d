"""Asking a site for its deferred pages: what, how fast, and what its cache says."""

from __future__ import annotations

import itertools
import threading
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from ssg.build.inspect.warm import (
    CONNECTIONS,
    WarmedPage,
    listed_paths,
    outcome_of,
    page_requester,
    warm,
)
from ssg.model.errors import TargetError


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ((), "-"),
        (("ssg; hit",), "hit"),
        (("ssg; hit; ttl=-3; detail=stale",), "stale"),
        (("ssg; fwd=uri-miss; stored",), "uri-miss"),
        (('"Netlify Durable"; fwd=miss, "Netlify Edge"; fwd=stale',), "stale"),
        (('"Netlify Durable"; hit; ttl=9, "Netlify Edge"; fwd=miss',), "hit"),
        (('"a, b; hit"; fwd=miss',), "miss"),
        (("one; fwd=miss", "two; hit"), "hit"),
    ],
)
def test_what_a_cache_says(fields: tuple[str, ...], expected: str) -> None:
    assert outcome_of(fields) == expected


def good(path: str) -> WarmedPage:
    return WarmedPage(path, 200, "hit", 0.0)


def test_no_faster_than_asked_and_every_path_once() -> None:
    asked: list[float] = []

    def ask(path: str) -> WarmedPage:
        asked.append(time.monotonic())
        return good(path)

    paths = [f"/{number}/" for number in range(12)]
    found = list(warm(paths, 50, ask))
    assert sorted(each.path for each in found) == sorted(paths)
    assert min(b - a for a, b in itertools.pairwise(asked)) > 0.012
    assert asked[-1] - asked[0] > 0.2


def test_a_slow_site_is_asked_by_a_few_at_a_time() -> None:
    lock, under_way, most = threading.Lock(), 0, 0

    def ask(path: str) -> WarmedPage:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.02)
        with lock:
            under_way -= 1
        return good(path)

    assert len(list(warm([str(n) for n in range(30)], 1000, ask))) == 30
    assert most == CONNECTIONS


def test_a_site_that_cannot_be_reached_is_asked_once() -> None:
    asked: list[str] = []

    def ask(path: str) -> WarmedPage:
        asked.append(path)
        return WarmedPage(path, None, "refused", 0.0)

    with pytest.raises(TargetError, match="refused"):
        list(warm(["/a/", "/b/"], 1000, ask))
    assert asked == ["/a/"]


def test_nothing_to_ask_for_is_no_error() -> None:
    assert list(warm([], 1, good)) == []


@pytest.mark.parametrize(
    "url", ["", "example.org", "ftp://a/", "http://", "http://me:pass@a/", "http://a/?x=1"]
)
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(TargetError, match="is not the address of a site"):
        page_requester(url)


@pytest.mark.parametrize(
    ("render_seconds", "patience"), [(10.0, 20.0), (60.0, 70.0), (None, 310.0)]
)
def test_a_render_may_take_as_long_as_its_host_allows(
    monkeypatch: pytest.MonkeyPatch, render_seconds: float | None, patience: float
) -> None:
    asked: list[float] = []

    class Refused(HTTPConnection):
        def __init__(self, host: str, timeout: float) -> None:
            asked.append(timeout)
            super().__init__(host, timeout=timeout)

        def connect(self) -> None:
            raise ConnectionRefusedError("refused")

    monkeypatch.setattr("http.client.HTTPConnection", Refused)
    assert page_requester("http://example.org/", render_seconds)("/a/").outcome == "refused"
    assert asked == [patience]


def test_paths_are_decoded_once_and_comments_left_out(tmp_path: Path) -> None:
    file = tmp_path / "paths"
    file.write_text("\ufeff# mine\n\n  /%C3%A9/ \n/é/\n/a%2520b/\n")
    assert listed_paths(file) == ["/é/", "/é/", "/a%20b/"]
