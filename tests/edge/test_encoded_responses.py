"""Encodings of pages and files over a real server: bytes, headers, conditions, ranges."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ssg.edge import file_cache
from ssg.edge.file_cache import LARGEST_BYTES
from ssg.edge.http.encodings import ALL_ENCODINGS
from ssg.edge.static_files import StaticFile
from ssg.runtime.caching import Caching
from ssg.runtime.http import Response
from tests.edge.http.decoding import DECODERS
from tests.preview.running import HTML, Got, Preview, always, previewing, until

TEXT = "".join(f"<p>Line {number} of a page.</p>\n" for number in range(200)).encode()
ENCODINGS = ("", *ALL_ENCODINGS)
PATHS = ("/page/", "/file.html", "/no/such/file.css")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    folder = tmp_path_factory.mktemp("encoded")
    with previewing(folder, exact=True, encodings=ALL_ENCODINGS) as preview:
        public = preview.publish_dir
        (public / "file.html").write_bytes(TEXT)
        (public / "small.css").write_bytes(b"a {}")
        (public / "empty.css").write_bytes(b"")
        (public / "picture.png").write_bytes(os.urandom(2000))
        (public / "large.txt").write_bytes(b"a" * (LARGEST_BYTES + 1))
        preview.builder.answer_with = lambda request: Response(
            404 if request.path.startswith("/no/") else 200,
            TEXT + request.path.encode(),
            {**HTML, "Vary": "Cookie"},
            caching=Caching(),
        )
        yield preview


def accepting(preview: Preview, path: str, encoding: str, **more: str) -> Got:
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return preview.get(path, {"Accept-Encoding": encoding or "identity", **named})


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_each_encoding_has_the_same_content(served: Preview, path: str, encoding: str) -> None:
    plain = served.get(path)
    until(lambda: _encoding(served, path, encoding) == encoding)
    for _ in range(2):
        got = accepting(served, path, encoding)
        assert got.status == plain.status
        assert got.headers.get("content-encoding", "") == encoding
        assert DECODERS[encoding](got.body) == plain.body
        assert int(got.headers["content-length"]) == len(got.body)
        assert len(got.body) < len(plain.body) / 4 or not encoding
        assert "Accept-Encoding" in got.headers["vary"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_page_that_is_rendered_now_is_encoded_too(served: Preview, encoding: str) -> None:
    path, accepted = f"/new-{encoding}/", f"{encoding}, gzip;q=0.5" if encoding else ""
    got = accepting(served, path, accepted)
    assert "uri-miss" in got.headers["cache-status"]
    first = "gzip" if encoding == "br" else encoding  # the visitor does not wait for Brotli
    assert got.headers.get("content-encoding", "") == first
    until(lambda: _encoding(served, path, accepted) == encoding)


def _arrives(served: Preview, path: str, encoding: str) -> bool:
    until(lambda: _encoding(served, path, encoding) == encoding)
    return True


def _encoding(served: Preview, path: str, accepted: str) -> str:
    return accepting(served, path, accepted).headers.get("content-encoding", "")


def test_a_header_of_the_site_is_kept_beside(served: Preview) -> None:
    assert accepting(served, "/page/", "gzip").headers["vary"] == "Cookie, Accept-Encoding"


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_head_has_the_headers_of_get(served: Preview, path: str, encoding: str) -> None:
    until(lambda: _encoding(served, path, encoding) == encoding)
    get = accepting(served, path, encoding)
    head = served.get(path, {"Accept-Encoding": encoding or "identity"}, "HEAD")
    assert head.body == b""
    changing = {"age", "cache-status", "date", "server-timing"}
    assert {k: v for k, v in head.headers.items() if k not in changing} == {
        k: v for k, v in get.headers.items() if k not in changing
    }


@pytest.mark.parametrize("path", PATHS[:2])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_304_is_for_the_form_that_would_be_sent(
    served: Preview, path: str, encoding: str
) -> None:
    for name in ENCODINGS:
        assert _arrives(served, path, name)
    etags = {name: accepting(served, path, name).headers["etag"] for name in ENCODINGS}
    assert len(set(etags.values())) == len(ENCODINGS)
    for other, etag in etags.items():
        got = accepting(served, path, encoding, If_None_Match=etag)
        assert got.status == (304 if other == encoding else 200)
        assert "Accept-Encoding" in got.headers["vary"]
        assert got.headers["etag"] == etags[encoding]
        if got.status == 304:
            assert got.body == b""
            assert "content-encoding" not in got.headers
    every = ", ".join(etags.values())
    assert accepting(served, path, encoding, If_None_Match=every).status == 304
    assert accepting(served, path, encoding, If_Match=etags[encoding]).status == 200
    assert accepting(served, path, encoding, If_Match='"other"').status == 412


def test_ranges_are_of_the_content_as_it_is(served: Preview) -> None:
    part = accepting(served, "/file.html", "gzip", Range="bytes=10-19")
    assert (part.status, part.body) == (206, TEXT[10:20])
    assert "content-encoding" not in part.headers
    assert part.headers["vary"] == "Accept-Encoding"
    encoded = accepting(served, "/file.html", "gzip")
    assert "accept-ranges" not in encoded.headers
    wrong = accepting(
        served, "/file.html", "gzip", Range="bytes=0-9", If_Range=encoded.headers["etag"]
    )
    assert (wrong.status, wrong.body) == (200, TEXT)
    right = accepting(
        served, "/file.html", "gzip", Range="bytes=0-9", If_Range=part.headers["etag"]
    )
    assert (right.status, right.body) == (206, TEXT[:10])
    beyond = accepting(served, "/file.html", "gzip", Range="bytes=999999-")
    assert (beyond.status, beyond.headers["content-range"]) == (416, f"bytes */{len(TEXT)}")


@pytest.mark.parametrize("path", ["/small.css", "/empty.css", "/picture.png", "/large.txt"])
def test_what_is_not_worth_it_is_sent_as_it_is(served: Preview, path: str) -> None:
    got = accepting(served, path, "gzip")
    assert got.status == 200
    assert got.body == (served.publish_dir / path[1:]).read_bytes()
    assert not {"content-encoding", "vary"} & set(got.headers)
    assert got.headers["accept-ranges"] == "bytes"


def test_a_file_that_changes_is_sent_as_it_is_now(served: Preview) -> None:
    file = served.publish_dir / "changing.txt"
    for number in range(5):
        content = TEXT + b"x" * number
        file.write_bytes(content)
        for encoding in ENCODINGS:
            got = accepting(served, "/changing.txt", encoding)
            assert DECODERS[encoding](got.body) == content
    file.unlink()
    assert accepting(served, "/changing.txt", "gzip").headers["cache-status"] != "ssg; fwd=bypass"


def test_content_that_the_site_has_encoded_is_left_alone(tmp_path: Path) -> None:
    with previewing(tmp_path, exact=True, encodings=ALL_ENCODINGS) as served:
        headers = {**HTML, "Content-Encoding": "x-own"}
        served.builder.answer_with = always(Response(200, TEXT, headers, caching=Caching()))
        got = accepting(served, "/own/", "gzip")
    assert (got.headers["content-encoding"], got.body) == ("x-own", TEXT)


def test_many_first_requests_read_a_file_once(
    served: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    (served.publish_dir / "once.txt").write_bytes(TEXT)
    read, started, may_go = file_cache._read, [], threading.Event()

    def slowly(file: StaticFile, encoding: str) -> bytes | None:
        started.append(encoding)
        assert may_go.wait(10)
        return read(file, encoding)

    monkeypatch.setattr(file_cache, "_read", slowly)
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(accepting, served, "/once.txt", "gzip") for _ in range(20)]
        threading.Timer(0.3, may_go.set).start()
        assert {DECODERS["gzip"](each.result().body) for each in waiting} == {TEXT}
    assert started == ["gzip"]


def test_without_encodings_nothing_is_encoded(exact: Preview) -> None:
    exact.builder.answer_with = always(Response(200, TEXT, HTML, caching=Caching()))
    (exact.publish_dir / "file.html").write_bytes(TEXT)
    for path in ("/page/", "/file.html"):
        got = accepting(exact, path, "gzip")
        assert got.body == TEXT
        assert not {"content-encoding", "vary"} & set(got.headers)
