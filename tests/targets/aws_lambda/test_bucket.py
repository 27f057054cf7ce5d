"""Which files the bucket may answer for, and how they are uploaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.targets.aws_lambda.bucket import MAX_SUFFIXES, BucketFile, bucket_files
from ssg.targets.aws_lambda.upload import asset_folders, upload_script
from tests.lambda_emulator import Bucket

REVALIDATED = "public, max-age=0, must-revalidate"


def names(files: list[str], rules: str = "", headers: str = "") -> list[str]:
    """The names of those that go into the bucket."""
    return [file.name for file in decided(files, rules, headers)]


def decided(files: list[str], rules: str = "", headers: str = "") -> list[BucketFile]:
    parsed = parse_redirects(rules, "_redirects"), parse_headers(headers, "_headers")
    assert not parsed[0].problems and not parsed[1].problems
    return bucket_files(files, parsed[0].rules, parsed[1].rules)


def test_files_with_the_suffix_of_pages_or_odd_names_are_not_for_the_bucket() -> None:
    pages = ["index.html", "a.htm", "feed.xml", "robots.txt", "a.md", "_redirects", "CNAME"]
    odd = ["a+b.png", "a b.png", "ä.png", "a%20.png", "a:b.png", ".well-known/x"]
    assert names([*pages, *odd, "b.png", "x/y-1.2.CSS"]) == ["b.png", "x/y-1.2.CSS"]


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("/img/* /elsewhere/:splat 301", ["img/a.png", "b.png"]),
        ("/img/* /elsewhere/:splat 301!", ["b.png"]),
        ("/img/* /img/:splat 200 Role=admin", ["b.png"]),
        ("/b.png /img/a.png 200", ["b.png"]),
        ("/pictures/* /img/:splat 200", ["b.png"]),
        ("/x /b.png?v=1 200", ["img/a.png"]),
        ("/* /img/a.png 200! Country=at", []),
        ("/api/* https://example.org/:splat 200", ["img/a.png", "b.png"]),
    ],
)
def test_a_file_that_a_rule_decides_about_stays_in_the_function(rule: str, kept: list[str]) -> None:
    assert sorted(names(["b.png", "img/a.png"], rule + "\n")) == sorted(kept)


@pytest.mark.parametrize(
    ("header", "fits"),
    [
        ("X-Frame-Options: DENY", True),
        ("X-Frame-Options: ALLOW-FROM x", False),
        ("Content-Security-Policy: default-src 'self'", True),
        ("Referrer-Policy: no-referrer", True),
        ("Referrer-Policy: whatever", False),
        ("X-Own: 1", True),
        ("Access-Control-Allow-Origin: *", False),
        ("Strict-Transport-Security: max-age=1", False),
        ("Cache-Control: max-age=60", True),
    ],
)
def test_a_file_is_for_the_bucket_only_if_its_headers_can_be_said(header: str, fits: bool) -> None:
    assert names(["a.png"], "", f"/*\n  {header}\n") == (["a.png"] if fits else [])


def test_files_with_other_headers_than_most_of_their_suffix_stay_in_the_function() -> None:
    headers = "/b/*\n  X-B: 1\n"
    assert names(["a/1.png", "a/2.png", "b/1.png", "b/1.css"], "", headers) == [
        "a/1.png",
        "a/2.png",
        "b/1.css",
    ]


def test_the_number_of_suffixes_is_bounded() -> None:
    files = [f"a.x{number}" for number in range(MAX_SUFFIXES + 5)] + ["b.zz", "c.zz"]
    found = names(files)
    assert len(found) == MAX_SUFFIXES + 1 and {"b.zz", "c.zz"} <= set(found)


def test_the_script_uploads_each_file_with_its_headers(tmp_path: Path) -> None:
    headers = "/l/*\n  Cache-Control: public, max-age=31536000, immutable\n/q.css\n" + (
        '  Cache-Control: max-age=1, x="it\'s $HOME"\n'
    )
    files = decided(["a.css", "l/b.css", "l/c.png", "q.css", "d.JS"], "", headers)
    folders = asset_folders(files)
    for folder, some in folders.items():
        for file in some:
            place = tmp_path / "assets" / folder / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(file.name)
    own = tmp_path / "public/_ssg/tags"
    own.mkdir(parents=True)
    (own / "0.bin").write_bytes(b"")
    (own.parent / "tags.json").write_text("{}")
    (tmp_path / "upload.sh").write_text(upload_script(folders, has_own=True))
    bucket = Bucket(tmp_path / "bucket")
    bucket.upload(tmp_path)
    found = {
        key: (one["content-type"], one["cache-control"]) for key, one in bucket.objects.items()
    }
    lasting = "public, max-age=31536000, immutable"
    assert found == {
        "a.css": ("text/css; charset=UTF-8", REVALIDATED),
        "l/b.css": ("text/css; charset=UTF-8", lasting),
        "l/c.png": ("image/png", lasting),
        "q.css": ("text/css; charset=UTF-8", 'max-age=1, x="it\'s $HOME"'),
        "d.JS": ("application/javascript; charset=UTF-8", REVALIDATED),
        "_ssg/tags/0.bin": ("application/octet-stream", lasting),
        "_ssg/tags.json": ("application/json; charset=UTF-8", REVALIDATED),
    }
    answer = bucket.object("l/b.css")
    assert answer is not None and answer.body == b"l/b.css"
