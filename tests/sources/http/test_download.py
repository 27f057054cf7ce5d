"""Downloads: within limits, only from listed places, and only if something changed."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from ssg.sources.data_client import SourceError
from ssg.sources.http.download import Download, Downloader, DownloadLimits, url_problem
from tests.picture_host import PictureHost, picture_host

LIMITS = DownloadLimits(seconds=5, max_bytes=1000)


@pytest.fixture(scope="module")
def running() -> Iterator[PictureHost]:
    with picture_host() as host:
        yield host


@pytest.fixture
def host(running: PictureHost) -> PictureHost:
    running.files.clear()
    running.seen.clear()
    return running


@pytest.fixture
def downloader(host: PictureHost) -> Iterator[Downloader]:
    made = Downloader(lambda url: url.startswith(host.url + "/"))
    yield made
    made.close()


def test_a_file_is_asked_for_again_by_its_etag(host: PictureHost, downloader: Downloader) -> None:
    host.files["/a.png"] = b"bytes"
    first = downloader.get(f"{host.url}/a.png", LIMITS)
    assert first.body == b"bytes"
    again = downloader.get(f"{host.url}/a.png", LIMITS, first.validators)
    assert again == Download(None, first.validators)
    host.files["/a.png"] = b"other"
    assert downloader.get(f"{host.url}/a.png", LIMITS, first.validators).body == b"other"


def test_redirects_stay_within_what_is_listed(host: PictureHost, downloader: Downloader) -> None:
    host.files |= {"/a": "/b", "/b": f"{host.url}/c#x", "/c": b"bytes", "/loop": "/loop"}
    host.files["/away"] = "http://127.0.0.1:1/secret"
    assert downloader.get(f"{host.url}/a", LIMITS).body == b"bytes"
    with pytest.raises(SourceError, match=r"which images\.remote does not match"):
        downloader.get(f"{host.url}/away", LIMITS)
    with pytest.raises(SourceError, match="redirects more than 5 times"):
        downloader.get(f"{host.url}/loop", LIMITS)


def test_limits(host: PictureHost, downloader: Downloader) -> None:
    host.files |= {"/large": b"x" * 1001, "/broken": 500}
    with pytest.raises(SourceError, match="longer than 1,000 bytes"):
        downloader.get(f"{host.url}/large", LIMITS)
    with pytest.raises(SourceError, match="no answer within 1 s"):
        downloader.get(f"{host.url}/slow", DownloadLimits(1, 1000))
    for path, status in (("/broken", 500), ("/nothing", 404)):
        with pytest.raises(SourceError, match=f"the host answers {status}") as caught:
            downloader.get(host.url + path, LIMITS)
        assert caught.value.status == status


def test_a_name_of_a_private_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, downloader: Downloader
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(SourceError, match=r"10\.0\.0\.1 is an address of a private network"):
        downloader.get("https://photos.example.org/a.png", LIMITS)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://photos.example.org/a.png?w=1", ""),
        ("http://127.0.0.1:8000/a.png", ""),
        ("http://photos.example.org/a.png", "begins with http://"),
        ("ftp://photos.example.org/a.png", "is not an address"),
        ("https://me@photos.example.org/a.png", "is not an address"),
        ("https://photos.example.org/a b", "is not an address"),
        ("https://photos.example.org/\\a", "is not an address"),
        ("https://photos.example.org/a/../b", "contains . or .."),
        ("https://[photos/a", "is not a URL"),
    ],
)
def test_urls(url: str, problem: str) -> None:
    assert url_problem(url).startswith(problem)
    assert bool(url_problem(url)) == bool(problem)
