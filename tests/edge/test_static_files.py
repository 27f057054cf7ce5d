"""Static files: which one answers, and that nothing else ever does."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.edge.static_files import StaticFiles
from ssg.model.file_types import content_type
from ssg.model.media_types import page_content_type
from ssg.model.urls import decode_path
from tests.examples import examples


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A publish folder with secrets beside it, and links that lead out."""
    root = tmp_path_factory.mktemp("site")
    public = root / "public"
    for name in ("index.html", "about/index.html", "faq.html", "app.css", "a b/index.html"):
        file = public / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    (public / "_redirects").write_text("/a /b\n")
    (root / "secret.txt").write_text("secret")
    (root / "public-private").mkdir()
    (root / "public-private" / "secret.txt").write_text("secret")
    (public / "leak.txt").symlink_to(root / "secret.txt")
    (public / "out").symlink_to(root)
    (public / "sibling").symlink_to(root / "public-private")
    (public / "loop").symlink_to(public / "loop")
    (public / "inside.html").symlink_to(public / "faq.html")
    os.mkfifo(public / "pipe")
    return public


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "index.html"),
        ("/index.html", "index.html"),
        ("/about/", "about/index.html"),
        ("/about", "about/index.html"),
        ("/about/index.html", "about/index.html"),
        ("/faq", "faq.html"),
        ("/faq/", "faq.html"),
        ("/faq.html", "faq.html"),
        ("/app.css", "app.css"),
        ("/a%20b/", "a b/index.html"),
        ("/inside.html", "inside.html"),
    ],
)
def test_a_file_is_found(site: Path, path: str, name: str) -> None:
    assert StaticFiles.under(site).find(decode_path(path) or "") == name


HOSTILE = [
    "/../secret.txt",
    "/about/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%252e%252e/secret.txt",
    "/..\\secret.txt",
    "/..%5csecret.txt",
    "/out/secret.txt",
    "/out/public/faq.html/../../secret.txt",
    "/leak.txt",
    "/sibling/secret.txt",
    "/../public-private/secret.txt",
    "//secret.txt",
    "//faq.html",
    "//about",
    "/about//",
    "///etc/hostname",
    "//etc/hostname",
    "/%2fetc/hostname",
    "/./faq.html",
    "/about//index.html",
    "/_redirects",
    "/loop",
    "/pipe",
    "/about.",
    "/index.html/",
    "/index.html/x",
    "/" + "a" * 300,
    "/" + "a/" * 3000,
    "/" + "%61" * 5000,
    "/CON",
    "/\ud800",
    "/~",
    "/*",
    "/faq.html%00",
    "/%00",
    "/%ff",
    "/%",
    "/%zz",
    "",
]


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: ascii(path)[:40])
def test_nothing_is_found(site: Path, path: str) -> None:
    decoded = decode_path(path) if path.isascii() else path
    assert decoded is None or decoded == "" or StaticFiles.under(site).find(decoded) is None


@pytest.mark.parametrize(
    "name",
    ["", "/faq.html", "about//index.html", "./faq.html", "../secret.txt", "a\\b", "faq.html\0"],
)
def test_a_name_that_is_not_plain_locates_nothing(site: Path, name: str) -> None:
    assert StaticFiles.under(site).locate(name) is None


@settings(max_examples=examples(100), deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["..", ".", "/", "//", "\\", "out", "public", "secret.txt", "about", "leak.txt", "\x00"]
        )
        | st.text(max_size=3),
        max_size=8,
    )
)
def test_whatever_is_found_lies_inside(site: Path, parts: list[str]) -> None:
    files = StaticFiles.under(site)
    name = files.find("/" + "/".join(parts))
    if name is not None:
        located = files.locate(name)
        assert located is not None
        assert Path(files.root) in located.path.resolve().parents


def test_a_publish_folder_behind_a_link_is_served(site: Path, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(site)
    assert StaticFiles.under(tmp_path / "current").find("/faq") == "faq.html"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("index.html", "text/html; charset=UTF-8"),
        ("a/B.HTML", "text/html; charset=UTF-8"),
        ("x.css", "text/css; charset=UTF-8"),
        ("x.png", "image/png"),
        ("x.webp", "image/webp"),
        ("x.woff2", "font/woff2"),
        ("feed.xml", "application/xml; charset=UTF-8"),
        ("no-suffix", "application/octet-stream"),
        ("x.unknown", "application/octet-stream"),
        ("archive.tar.gz", "application/octet-stream"),
    ],
)
def test_content_types(name: str, expected: str) -> None:
    assert content_type(name) == expected


@pytest.mark.parametrize("suffix", ["html", "xml", "json", "txt", "css"])
def test_a_deferred_page_and_the_same_file_have_one_content_type(suffix: str) -> None:
    assert content_type(f"page.{suffix}") == page_content_type(f"/page.{suffix}")


def test_a_file_that_was_found_is_looked_at_again(tmp_path: Path) -> None:
    public, secret = tmp_path / "public", tmp_path / "secret.txt"
    public.mkdir()
    file = public / "a.txt"
    file.write_text("one")
    secret.write_text("two")
    files = StaticFiles.under(public)
    first = files.locate("a.txt")
    assert files.locate("a.txt") is first, "an unchanged file is not resolved again"
    file.write_text("three")
    changed = files.locate("a.txt")
    assert changed is not None
    assert changed.stat.st_size == 5
    file.unlink()
    assert files.locate("a.txt") is None
    file.symlink_to(secret)
    assert files.locate("a.txt") is None, "the link leads out"
