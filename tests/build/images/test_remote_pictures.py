"""Remote pictures of a build: fetched, kept, asked again, and used offline."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import BARE, NOW, Built
from tests.picture_host import PictureHost, picture_host


def _png(width: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, 10), "#204060").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def running() -> Iterator[PictureHost]:
    with picture_host() as host:
        yield host


@pytest.fixture
def host(running: PictureHost) -> PictureHost:
    running.files.clear()
    running.files["/a.png"] = _png(20)
    running.seen.clear()
    return running


@pytest.fixture
def files(host: PictureHost) -> dict[str, str]:
    remote = f'[images]\n[[images.remote]]\nmatch = "{host.url}/**"\nrefresh = "1h"\n'
    text = f"---\ntitle: A\n---\nText\n\n![A boat]({host.url}/a.png)\n"
    return {**BARE, "ssg.toml": BARE["ssg.toml"] + remote, "content/a.md": text}


LATER = NOW + dt.timedelta(hours=2)


def test_a_picture_is_a_picture_of_the_site(
    site: Callable[..., Built], host: PictureHost, files: dict[str, str]
) -> None:
    built = site(files)
    picture = built.site.picture(f"{host.url}/a.png")
    assert picture
    assert (picture.width, picture.height, picture.format) == (20, 10, "png")
    assert (built.root / picture.source).read_bytes() == host.files["/a.png"]
    assert picture.source.startswith(".ssg/images/remote/")


def test_a_broken_picture_is_named_by_its_url(
    site: Callable[..., Built], host: PictureHost, files: dict[str, str]
) -> None:
    host.files["/a.png"] = b"<html>"
    lenient = files["ssg.toml"].replace("[images]", '[images]\nbroken = "warn"', 1)
    (warning,) = site({**files, "ssg.toml": lenient}).report.warnings
    assert str(warning).startswith(f"the picture {host.url}/a.png is ")
    assert "link to its host" in str(warning)


def test_a_server_has_its_original_for_variants_on_request(
    site: Callable[..., Built], host: PictureHost, files: dict[str, str]
) -> None:
    host.files["/a.png"] = _png(900)
    built = site({**files, "content/a.md": "---\ntitle: A\n---\n"}, target="server")
    assert not [name for name in built.files if "-original" in name]  # nobody shows it
    built = site(files, target="server")
    (original,) = (name for name in built.files if "-original" in name)
    assert (built.report.output / original).read_bytes() == host.files["/a.png"]


def test_it_is_asked_again_when_its_copy_is_old(
    site: Callable[..., Built], host: PictureHost, files: dict[str, str]
) -> None:
    first = site(files)
    site(files, now=NOW + dt.timedelta(minutes=30))
    assert len(host.seen) == 1
    same = site(files, now=LATER)
    assert [bool(etag) for _, etag in host.seen] == [False, True]
    assert same.report.build_id == first.report.build_id
    host.files["/a.png"] = _png(30)
    other = site(files, now=LATER + dt.timedelta(hours=2))
    picture = other.site.picture(f"{host.url}/a.png")
    assert picture and picture.width == 30
    assert other.report.build_id != first.report.build_id
    assert len(_copies(other.root)) == 2
    for copy in _copies(other.root):
        os.utime(copy, (0, 0))
    site(files, now=LATER + dt.timedelta(hours=4))
    assert [one.name for one in _copies(other.root)] == [picture.sha256]


def _copies(root: Path) -> list[Path]:
    return [one for one in (root / ".ssg/images/remote").iterdir() if not one.suffix]


def test_a_build_goes_on_offline(
    site: Callable[..., Built], host: PictureHost, files: dict[str, str]
) -> None:
    site(files)
    host.files["/a.png"] = 503
    built = site(files, now=LATER)
    assert [str(one) for one in built.report.warnings] == [
        f"content/a.md:6: {host.url}/a.png cannot be checked for changes: "
        "the host answers 503. The build uses the copy of 2026-01-31"
    ]
    assert built.site.picture(f"{host.url}/a.png")


def test_a_picture_that_is_gone_is_an_error_at_its_line(
    site: Callable[..., Built],
    problems: Callable[..., list[str]],
    host: PictureHost,
    files: dict[str, str],
) -> None:
    site(files)
    del host.files["/a.png"]
    expected = f"content/a.md:6: {host.url}/a.png cannot be fetched: the host answers 404."
    (told,) = problems(files, now=LATER)
    assert told.startswith(expected)
    config = files["ssg.toml"].replace("[images]", '[images]\nbroken = "warn"')
    built = site({**files, "ssg.toml": config}, now=LATER)
    (warning,) = map(str, built.report.warnings)
    assert warning == f"{expected} Pages link to its host"
    assert f'<img src="{host.url}/a.png" alt="A boat"' in built.read("a/index.html")


def test_a_damaged_copy_is_fetched_again(
    site: Callable[..., Built], host: PictureHost, files: dict[str, str]
) -> None:
    built = site(files)
    (copy,) = _copies(built.root)
    copy.write_bytes(b"damaged")
    site(files)
    assert len(host.seen) == 2
    assert copy.read_bytes() == host.files["/a.png"]


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("https://photos.example.org/' ~ page.slug ~ '.png", "Add it to urls of [[images.remote]]"),
        ("https://other.example/a.png", '[[images.remote]] match = "https://other.example/**"'),
    ],
)
def test_a_template_is_told_how_a_build_learns_of_a_picture(
    problems: Callable[..., list[str]], url: str, hint: str
) -> None:
    remote = '[images]\n[[images.remote]]\nmatch = "https://photos.example.org/**"\n'
    (told,) = problems(
        {
            **BARE,
            "ssg.toml": BARE["ssg.toml"] + remote,
            "templates/page.html": f"{{{{ image('{url}') }}}}",
            "content/a.md": "A",
        }
    )
    assert 'image: there is no picture "https://' in told
    assert hint in told
